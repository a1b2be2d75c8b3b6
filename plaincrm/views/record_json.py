"""A record as JSON: the shape that docs/commands.md fixes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from plaincrm.core import query
from plaincrm.core.query.resolve import facts_of
from plaincrm.core.records.facts import Context, Fact, KindFacts, Needs
from plaincrm.core.records.line_records import LineRecord
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.core.values.raw import Raw, RawItem
from plaincrm.core.values.types import read
from plaincrm.views.json_text import Json, plain

if TYPE_CHECKING:
    from plaincrm.core.timeline.log import Entry
    from plaincrm.core.timeline.tasks import Task


def record(found: Record, context: Context, names: Iterable[str] = ()) -> Json:
    """`{"kind", "id", "path", "fields", "computed"}`; `names` are computed fields asked for by
    name.
    """
    return {
        "kind": found.kind.name,
        "id": found.id,
        "path": found.path,
        "fields": fields(found, context.settings.currency),
        "computed": computed(found, context, names),
    }


def whole(found: Record, context: Context, names: Iterable[str] = ()) -> Json:
    """The record with its body, tasks, log, and links both ways."""
    found.read_whole()
    links = [
        {"kind": source.kind.name, "id": source.id, "field": field.name, "direction": "in"}
        for source, field in context.store.links_to(found)
    ]
    out = [
        {"kind": target.kind.name, "id": target.id, "field": field.name, "direction": "out"}
        for field in found.kind.refs
        for target in context.store.follow(found, field.name)
    ]
    return record(found, context, names) | {
        "body": found.body,
        "tasks": [task(each) for each in found.tasks],
        "log": [entry(each) for each in found.log],
        "links": out + links,
    }


def fields(found: Record, currency: str) -> Mapping[str, Json]:
    """The schema's fields of the kind, null or [] where the file has none, then every other key of
    the file.
    """
    there = found.fields
    known = {
        name: (
            field_json(found, field, currency)
            if name in there or field.default or field.cases or field.sum_of
            else nothing(field)
        )
        for name, field in found.kind.fields.items()
    }
    return known | {name: raw for name, raw in there.items() if name not in known}


def nothing(field: Field) -> Json:
    """What a field is that the file does not have."""
    return [] if field.many and not _single(field) else None


def field_json(found: Record, field: Field, currency: str) -> Json:
    scalars = found.items(field.name)
    if field.many:
        return many(field, scalars, found.fields.get(field.name))
    return typed_json(field, scalars[0].text, currency) if scalars else None


def many(field: Field, scalars: list[RawItem], raw: Raw | None) -> Json:
    if field.value_type.labelled:
        return [{"label": item.label or None, "value": item.text} for item in scalars]
    if isinstance(raw, dict):
        return raw
    texts = [item.text for item in scalars]
    if not _single(field) or len(texts) > 1:
        return texts
    return texts[0] if texts else None


def _single(field: Field) -> bool:
    """Whether one value of a field that may have many stands without a list."""
    return field.value_type.links or field.name in ("domain",)


def typed_json(field: Field, text: str, currency: str) -> Json:
    kind = field.value_type
    if not kind.json_typed:
        return text
    try:
        return kind.json(read(field.type, text, currency))
    except ValueError:
        return text


def computed(found: Record, context: Context, names: Iterable[str] = ()) -> Mapping[str, Json]:
    """The facts of the record's own file and day, and what is asked for by name: other facts, and
    paths.
    """
    asked = list(names)
    facts = facts_of(found.kind, context)
    shown = [name for name in facts if name in asked or not needs_others(facts, name)]
    own = {name: plain(context.value(facts[name], found)) for name in shown}
    return own | {name: reached(found, name, context) for name in paths(found.kind, facts, asked)}


def paths(kind: Kind, facts: Mapping[str, Fact], asked: Iterable[str]) -> list[str]:
    """Those of the names that lead to other records, such as `company.country`."""
    return [name for name in asked if name not in facts and name not in kind.fields and "." in name]


def needs_others(facts: Mapping[str, Fact], name: str) -> bool:
    """Whether a fact rests on other records; nothing is imported to tell."""
    if isinstance(facts, KindFacts):
        return facts.needs_others(name)
    return facts[name].needs is Needs.STORE


def reached(found: Record, name: str, context: Context) -> Json:
    """What a path such as `company.country` or `deals.count` leads to; a list where it is
    several.
    """
    values = [plain(value) for value in query.value_of(found, name, context)]
    if len(values) > 1:
        return values
    return values[0] if values else None


def entry(found: Entry) -> Json:
    """`date` and `time` as they stand in the file; `at` by the clock of the book's zone."""
    date, time, zone = found.written or (found.date, found.time, found.zone)
    return {
        "date": date.isoformat(),
        "time": time.isoformat("minutes") + zone if time else None,
        "at": found.at.isoformat(timespec="minutes") if found.time else found.date.isoformat(),
        "type": found.type,
        "direction": found.direction or None,
        "with": list(found.people),
        "text": found.text,
        "line": found.line,
    }


def task(found: Task) -> Json:
    return {
        "text": found.text,
        "done": found.done,
        "due": plain(found.due),
        "rec": found.rec or None,
        "snoozed": plain(found.snoozed),
        "priority": found.pri or None,
        "waiting": found.waiting or None,
        "doneOn": plain(found.done_on),
        "line": found.line,
    }


def entry_row(row: Record, context: Context, names: Iterable[str] = ()) -> Json:
    """A log entry as a row of a list: the record that it stands in, and what it says."""
    assert isinstance(row, LineRecord)
    found = cast("Entry", row.item)
    return _owner(row) | {
        "at": row.text("at").replace(" ", "T"),
        "type": found.type,
        "direction": found.direction or None,
        "with": list(found.people),
        "text": found.text,
        "amount": plain(row.value("amount", context.settings.currency)),
        "messageId": found.message_id or None,
        "computed": computed(row, context, names),
    }


def task_row(row: Record, context: Context, names: Iterable[str] = ()) -> Json:
    """A task as a row of a list, with the handle that `done` and `snooze` take; null for one that
    is ticked.
    """
    from plaincrm.crm.task_handles import handle_of

    assert isinstance(row, LineRecord)
    said = {name: value for name, value in task(cast("Task", row.item)).items() if name != "line"}
    return (
        {"handle": handle_of(row, context) or None}
        | _owner(row)
        | said
        | {
            "invoice": row.text("invoice") or None,
            "amount": plain(row.value("amount", context.settings.currency)),
            "computed": computed(row, context, names),
        }
    )


def _owner(row: LineRecord) -> Json:
    owner = row.owner
    return {
        "record": owner.ref,
        "kind": owner.kind.name,
        "id": owner.id,
        "title": owner.title,
        "path": owner.path,
        "line": row.item.line,
    }

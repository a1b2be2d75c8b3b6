"""The 360° view of a record: its fields, what it links to and what links to it, what is open, its
history.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from plaincrm.core.records import line_records
from plaincrm.core.records.facts import Context
from plaincrm.core.records.line_records import LineRecord
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import chronological
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import RawItem
from plaincrm.crm.customer_story import customers
from plaincrm.crm.reminders.index import all_handles, task_key

OPEN = ("is:open", "is:parked")
WON = ("is:won",)


@value
class Link:
    """`target` is None where the link dangles; `label` is the role, if the field is a map."""

    field: str
    label: str
    id: str
    target: Record | None


@value
class OpenTask:
    task: Task
    handle: str


@value
class RecordCard:
    """`fields` in the schema's order, then the file's own keys; `facts` are those that have a
    value.

    `deals` and `tickets` are the open ones, of a company its people's too, of a ticket those of
    the customer; `won` are the deals that were won, `people` a company's contacts. `log` runs from
    the newest back.
    """

    record: Record
    fields: tuple[tuple[str, tuple[RawItem, ...]], ...]
    facts: dict[str, Any]
    links: tuple[Link, ...]
    backlinks: tuple[tuple[Record, str], ...]
    deals: tuple[Record, ...]
    tickets: tuple[Record, ...]
    tasks: tuple[OpenTask, ...]
    done: tuple[Task, ...]
    log: tuple[Entry, ...]
    people: tuple[Record, ...] = ()
    won: tuple[Record, ...] = ()


def card(record: Record, context: Context) -> RecordCard:
    """Everything about one record."""
    record.read_whole()
    around = _around(record, context)
    return RecordCard(
        record,
        tuple(_fields(record)),
        _facts(record, context),
        tuple(_links(record, context)),
        tuple((source, field.name) for source, field in context.store.links_to(record)),
        _linked("deal", around, context, OPEN),
        tuple(each for each in _linked("ticket", around, context, OPEN) if each is not record),
        tuple(_tasks(record, context)),
        tuple(task for task in record.tasks if task.done),
        tuple(reversed(chronological(record))),
        tuple(_people(record, context)),
        _linked("deal", around, context, WON),
    )


def timeline(record: Record, context: Context) -> list[LineRecord]:
    """The log entries of a record and of what is around it: its deals and tickets, of a company its
    people's too, of a ticket its customer's; the newest first.
    """
    around = {each.ref: each for each in _around(record, context)}
    for kind in ("deal", "ticket"):
        around |= {each.ref: each for each in _linking(kind, list(around.values()), context)}
    lines = [row for each in around.values() for row in line_records.rows(each, "log")]
    return sorted(lines, key=lambda row: row.entry.at, reverse=True)


def _fields(record: Record) -> Iterable[tuple[str, tuple[RawItem, ...]]]:
    for name in (
        *record.kind.order,
        *(key for key in record.fields if key not in record.kind.fields),
    ):
        found = tuple(record.items(name))
        if found and not name.startswith("_"):
            yield name, found


def _facts(record: Record, context: Context) -> dict[str, Any]:
    values = {
        name: context.fact(record, name)
        for name in context.facts.of(record.kind.name)
        if name[0] != "_"
    }
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


def _links(record: Record, context: Context) -> Iterable[Link]:
    for field in record.kind.refs:
        for item in record.items(field.name):
            yield Link(field.name, item.label, item.text, context.store.get(field.to, item.text))


def _around(record: Record, context: Context) -> list[Record]:
    """The records whose deals and tickets belong on the card: itself, a company's people, a
    ticket's customer.
    """
    asking = customers(record, context) if record.kind.name == "ticket" else []
    return [record, *_people(record, context), *asking]


def _people(record: Record, context: Context) -> list[Record]:
    if record.kind.name != "company":
        return []
    return context.store.linked_from(record, "contact", "company")


def _linked(
    kind: str, around: Iterable[Record], context: Context, facts: Sequence[str]
) -> tuple[Record, ...]:
    """The records of a kind that link to one of those around, each once, with one of the facts."""
    found = _linking(kind, around, context)
    return tuple(each for each in found if any(context.fact(each, fact) for fact in facts))


def _linking(kind: str, around: Iterable[Record], context: Context) -> list[Record]:
    """The records of a kind that link to one of those around, each once."""
    found: dict[str, Record] = {}
    for target in around:
        for field in context.store.schema.kinds[kind].refs:
            for source in context.store.linked_from(target, kind, field.name):
                found.setdefault(source.ref, source)
    return list(found.values())


def _tasks(record: Record, context: Context) -> Iterable[OpenTask]:
    tasks = [task for task in record.tasks if not task.done]
    handles = all_handles(context) if tasks else {}
    days = sorted(tasks, key=lambda task: (task.due is None, task.due or date.max))
    return (OpenTask(task, handles[task_key(record, task)]) for task in days)

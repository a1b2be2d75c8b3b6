"""The 360° view of a record: its fields, what it links to and what links to it, what is open, its
history.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import chronological
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import Item
from plaincrm.crm.reminders.index import all_handles, task_key


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
class Card:
    """`fields` in the schema's order, then the file's own keys; `facts` are those that have a
    value.

    `deals` and `tickets` are the open ones, of a company its people's too; `log` runs from the
    newest back.
    """

    record: Record
    fields: tuple[tuple[str, tuple[Item, ...]], ...]
    facts: dict[str, Any]
    links: tuple[Link, ...]
    backlinks: tuple[tuple[Record, str], ...]
    deals: tuple[Record, ...]
    tickets: tuple[Record, ...]
    tasks: tuple[OpenTask, ...]
    done: tuple[Task, ...]
    log: tuple[Entry, ...]


def card(record: Record, context: Context) -> Card:
    """Everything about one record."""
    around = _around(record, context)
    return Card(
        record,
        tuple(_fields(record)),
        _facts(record, context),
        tuple(_links(record, context)),
        tuple((source, field.name) for source, field in context.store.links_to(record)),
        _open("deal", around, context),
        _open("ticket", around, context),
        tuple(_tasks(record, context)),
        tuple(task for task in record.tasks if task.done),
        tuple(reversed(chronological(record))),
    )


def _fields(record: Record) -> Iterable[tuple[str, tuple[Item, ...]]]:
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
    """The records whose open deals and tickets belong on the card: itself, and a company's
    people.
    """
    people = (
        context.store.linked_from(record, "contact", "company")
        if record.kind.name == "company"
        else []
    )
    return [record, *people]


def _open(kind: str, around: Iterable[Record], context: Context) -> tuple[Record, ...]:
    linked = (
        source
        for target in around
        for field in context.store.schema.kinds[kind].refs
        for source in context.store.linked_from(target, kind, field.name)
    )
    unique = {source.ref: source for source in linked}
    return tuple(
        r for r in unique.values() if context.fact(r, "is:open") or context.fact(r, "is:parked")
    )


def _tasks(record: Record, context: Context) -> Iterable[OpenTask]:
    tasks = [task for task in record.tasks if not task.done]
    handles = all_handles(context) if tasks else {}
    days = sorted(tasks, key=lambda task: (task.due is None, task.due or date.max))
    return (OpenTask(task, handles[task_key(record, task)]) for task in days)

"""Log entries and tasks as rows: records of two pseudo kinds, so that one query
language and one table serve all.

A row is a `Record` whose fields are text as in a file; it also knows its owner and the line that it
shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.store import Store
from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.core.values.raw import Raw

if TYPE_CHECKING:
    from plaincrm.core.timeline.log import Entry
    from plaincrm.core.timeline.tasks import Task

_OWNER = (
    Field("record", doc="The record it stands in, as kind/id"),
    Field("kind", doc="That record's kind"),
)
LOG = Kind(
    "log",
    "log",
    "",
    "text",
    {
        field.name: field
        for field in (
            Field("at", "datetime", "When it was"),
            Field(
                "type",
                doc="call, email, meeting, message, note, reply, stage, … or a type of your own",
            ),
            Field("direction", doc="in or out"),
            Field("with", "ref", "Who took part besides", many=True, to="contact"),
            Field("text", doc="What was said"),
            Field(
                "amount", "money", "The sum of an order: what its text begins with, or its items"
            ),
            Field("items", doc="The items of an order: 2 x logo-package 600 EUR", many=True),
            Field("id", doc="The e-mail's message id"),
            *_OWNER,
        )
    },
    "Entries of the log of all records",
)
TASK = Kind(
    "task",
    "tasks",
    "",
    "text",
    {
        field.name: field
        for field in (
            Field("text", doc="What to do"),
            Field("due", "date", "The day it is due", future=True),
            Field("done", "bool", "Whether it is ticked"),
            Field("done_on", "date", "The day it was ticked"),
            Field("rec", doc="How it recurs: 2w, +2w, +1m@31"),
            Field("snoozed", "date", "Hidden until that day (`t:` in the file)", future=True),
            Field("pri", doc="Its priority"),
            Field("from", doc="Whom it waits for"),
            Field("invoice", doc="The number of the invoice that it is"),
            Field("amount", "money", "The sum of the invoice"),
            *_OWNER,
        )
    },
    "Tasks of all records",
)
KINDS = {"log": LOG, "tasks": TASK}


class LineRecord(Record):
    """A log entry or a task of `owner`."""

    __slots__ = ("item", "owner")

    def __init__(
        self, kind: Kind, owner: Record, item: Entry | Task, fields: dict[str, Raw]
    ) -> None:
        id = f"{owner.ref}:{item.line}"
        shown: dict[str, Raw] = {name: raw for name, raw in fields.items() if raw}
        super().__init__(kind, id, owner.path, shown, lambda: "")
        self.owner = owner
        self.item = item

    @property
    def entry(self) -> Entry:
        """The log entry that it is."""
        from plaincrm.core.timeline.log import Entry

        assert isinstance(self.item, Entry)
        return self.item


def find(word: str) -> Kind | None:
    """The pseudo kind of that name: `log`, `task` or `tasks`."""
    return KINDS.get(word.casefold()) or (TASK if word.casefold() == TASK.name else None)


def rows(record: Record, what: str) -> list[LineRecord]:
    """The lines of one record: `what` is `log` or `tasks`."""
    if what == "log":
        return [_entry(record, entry) for entry in record.log]
    return [_task(record, task) for task in record.tasks]


def every(store: Store, what: str) -> Iterator[LineRecord]:
    """The lines of all records of the book."""
    for record in store.all():
        yield from rows(record, what)


def _owner(record: Record) -> dict[str, Raw]:
    return {"record": record.ref, "kind": record.kind.name}


def _entry(owner: Record, entry: Entry) -> LineRecord:
    from plaincrm.core.values import sold_item

    sold = entry.type == "order"
    fields: dict[str, Raw] = {
        "at": _moment(entry),
        "type": entry.type,
        "direction": entry.direction,
        "with": list(entry.people),
        "text": entry.text,
        "amount": str(sold_item.order_amount(entry.text) or "").strip() if sold else "",
        "items": [str(item) for item in sold_item.in_order(entry.text)] if sold else [],
        "id": entry.message_id,
    }
    return LineRecord(LOG, owner, entry, fields | _owner(owner))


def _moment(entry: Entry) -> str:
    if entry.time is None:
        return entry.date.isoformat()
    clock = entry.time.isoformat("seconds" if entry.time.second else "minutes")
    return f"{entry.date.isoformat()} {clock}"


def _task(owner: Record, task: Task) -> LineRecord:
    invoice = task.invoice
    fields: dict[str, Raw] = {
        "text": task.text,
        "due": _day(task.due),
        "done": "yes" if task.done else "no",
        "done_on": _day(task.done_on),
        "rec": task.rec,
        "snoozed": _day(task.snoozed),
        "pri": task.pri,
        "from": task.waiting,
        "invoice": invoice.number if invoice else "",
        "amount": invoice.money if invoice else "",
    }
    return LineRecord(TASK, owner, task, fields | _owner(owner))


def _day(value: Any) -> str:
    return str(value or "")


def _of(record: Record) -> Task:
    assert isinstance(record, LineRecord)  # the facts below are of kind `task`
    return cast("Task", record.item)


def _open(record: Record, _: Context) -> bool:
    return not _of(record).done


def _done(record: Record, _: Context) -> bool:
    return _of(record).done


def _overdue(record: Record, context: Context) -> bool:
    task = _of(record)
    return not task.done and task.due is not None and task.due < context.today


def _snoozed(record: Record, context: Context) -> bool:
    task = _of(record)
    return not task.done and task.snoozed is not None and task.snoozed > context.today


FACTS = (
    Fact("task", "is:open", "bool", Needs.FILE, "Not ticked", _open),
    Fact("task", "is:done", "bool", Needs.FILE, "Ticked", _done),
    Fact("task", "is:overdue", "bool", Needs.DAY, "Not ticked, and due before today", _overdue),
    Fact(
        "task",
        "is:snoozed",
        "bool",
        Needs.DAY,
        "Not ticked, and hidden until a later day",
        _snoozed,
    ),
)

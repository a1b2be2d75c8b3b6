"""Tickets: what is known of one beyond its fields, and what opening, answering and solving one
writes.

Status new, open, pending (waits for the customer), hold (waits for somebody else), solved, closed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import changes, chronological
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.raw import Raw
from plaincrm.errors import Refused, did_you_mean

if TYPE_CHECKING:
    from plaincrm.core.records.edits import Edit
    from plaincrm.core.timeline.log import Entry

OPEN = ("new", "open", "pending", "hold")
DONE = ("solved", "closed")
STATUSES = (*OPEN, *DONE)


def status_of(ticket: Record) -> str:
    return ticket.text("status").casefold()


def is_open(ticket: Record, _: Context) -> bool:
    return status_of(ticket) not in DONE


def opened_at(ticket: Record, context: Context) -> date | datetime | None:
    """`opened`, else its earliest log entry, else `created`."""
    return (
        _moment(ticket, "opened")
        or min((_at(entry) for entry in ticket.log), default=None, key=_key)
        or context.fact(ticket, "began")
    )


def first_reply(ticket: Record, context: Context) -> date | datetime | None:
    """The first `reply out`; none yet, and one dated before the opening, is None."""
    replies = (_at(entry) for entry in ticket.log if _is_reply(entry))
    return _not_before(min(replies, default=None, key=_key), opened_at(ticket, context))


def solved_at(ticket: Record, context: Context) -> date | datetime | None:
    """The last time it was solved, of a ticket that is solved or closed."""
    if is_open(ticket, context):
        return None
    opened = opened_at(ticket, context)
    logged = max(map(_at, filter(_is_solution, ticket.log)), default=None, key=_key)
    return _not_before(_moment(ticket, "solved"), opened) or _not_before(logged, opened)


def reopens(ticket: Record, context: Context) -> int:
    """How often it was solved, less one; never below none."""
    return max(
        sum(new.casefold() == "solved" for _, _, new in changes(ticket, context, "status")) - 1, 0
    )


def unanswered_since(ticket: Record, context: Context) -> date | None:
    """The day of the customer's oldest message that waits for an answer; a new ticket waits from
    its opening.

    One on `pending` or `hold` waits for an answer only if the customer wrote again.
    """
    if not is_open(ticket, context):
        return None
    waiting: date | None = None
    for entry in chronological(ticket):
        if entry.direction == "in":
            waiting = waiting or entry.date
        elif _is_reply(entry):
            waiting = None
    if (
        waiting
        or any(_is_reply(entry) for entry in ticket.log)
        or status_of(ticket) not in ("new", "open")
    ):
        return waiting
    opened = opened_at(ticket, context)
    return opened.date() if isinstance(opened, datetime) else opened


def unanswered(ticket: Record, context: Context) -> bool:
    """Open, and the customer spoke last; or new or open, and nobody has replied yet."""
    if context.fact(ticket, "unanswered_since"):
        return True
    return status_of(ticket) in ("new", "open") and not any(
        _is_reply(entry) for entry in ticket.log
    )


def due_at(ticket: Record) -> date | datetime | None:
    return _moment(ticket, "due")


def overdue(ticket: Record, context: Context) -> bool:
    due = due_at(ticket)
    if due is None or not is_open(ticket, context):
        return False
    return _passed(due, context.now) if isinstance(due, datetime) else due < context.today


def due_today(ticket: Record, context: Context) -> bool:
    due = due_at(ticket)
    day = due.date() if isinstance(due, datetime) else due
    return day is not None and is_open(ticket, context) and day <= context.today


def idle(ticket: Record, context: Context) -> Duration | None:
    days = [
        day for day in (context.fact(ticket, "last_entry"), context.fact(ticket, "began")) if day
    ]
    return Duration(max((context.today - max(days)).days, 0), "d") if days else None


def _passed(moment: datetime, now: datetime) -> bool:
    return moment < now.replace(tzinfo=None)


def _is_reply(entry: Entry) -> bool:
    return entry.type == "reply" and entry.direction == "out"


def _is_solution(entry: Entry) -> bool:
    change = entry.change if entry.type == "status" else None
    return change is not None and change[1].casefold() == "solved"


def _moment(ticket: Record, name: str) -> date | datetime | None:
    value = ticket.value(name)
    return value if isinstance(value, date) else None


def _at(entry: Entry) -> date | datetime:
    return entry.date if entry.time is None else entry.at


def _key(moment: date | datetime) -> datetime:
    """By the book's clock, midnight of a day alone."""
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, datetime.min.time())


def _not_before(
    moment: date | datetime | None, start: date | datetime | None
) -> date | datetime | None:
    """`moment`, unless it lies before `start`: of a day alone only the day counts."""
    if moment is None or start is None:
        return moment
    whole = isinstance(moment, datetime) and isinstance(start, datetime)
    late_enough = (
        _key(moment) >= _key(start) if whole else _key(moment).date() >= _key(start).date()
    )
    return moment if late_enough else None


def opening(context: Context, **fields: Raw) -> dict[str, Raw]:
    """The front matter of a new ticket: `status: new`, opened now, and `fields` (subject, contact
    …).
    """
    return {"status": "new", "opened": stamp(context.now), **fields}


def stamp(now: datetime) -> str:
    """A moment as a file holds it, to the minute; midnight sharp is the day alone."""
    return f"{now:%Y-%m-%d}" if now.time() == datetime.min.time() else f"{now:%Y-%m-%d %H:%M}"


def reply(ticket: Record, text: str, context: Context, direction: str = "out") -> list[Edit]:
    """An answer puts the ticket on pending; a message of the customer (`in`) opens it again."""
    from plaincrm.core.records.edits import logged

    entry = logged(context.now, "reply", text, direction)
    return [entry, *set_status(ticket, "pending" if direction == "out" else "open", context)]


def mailed(ticket: Record, entry: Entry, context: Context) -> list[Edit]:
    """A mail of its thread, written at the moment of the entry: a `reply in` opens the ticket
    again, a `reply out` lets it wait for the customer. A mail older than what the log tells
    changes no status.
    """
    from plaincrm.core.records.edits import AddEntry

    edits: list[Edit] = [AddEntry(entry)]
    later = (each for each in ticket.log if each.type in ("reply", "status"))
    if entry.type != "reply" or any(each.at > entry.at for each in later):
        return edits
    status = "open" if entry.direction == "in" else "pending"
    solved_with_it = entry.direction == "out" and not is_open(ticket, context)
    still_new = entry.direction == "in" and status_of(ticket) == "new"
    if solved_with_it or still_new:
        return edits
    return [*edits, *set_status(ticket, status, context, entry.at)]


def note(_: Record, text: str, context: Context) -> list[Edit]:
    """A note for oneself: no answer, and no change of status."""
    from plaincrm.core.records.edits import logged

    return [logged(context.now, "note", text)]


def solve(ticket: Record, context: Context, text: str = "") -> list[Edit]:
    """Solved, with a last answer if there is a text."""
    from plaincrm.core.records.edits import logged

    answer: list[Edit] = [logged(context.now, "reply", text, "out")] if text else []
    return answer + set_status(ticket, "solved", context)


def reopen(ticket: Record, context: Context, text: str = "") -> list[Edit]:
    """Open again. Raises Refused for a ticket that is open."""
    from plaincrm.core.records.edits import logged

    if is_open(ticket, context):
        raise Refused(
            f"{ticket.ref} is {status_of(ticket)} already", f"plaincrm ticket reply {ticket.id}"
        )
    remark: list[Edit] = [logged(context.now, "note", text)] if text else []
    return remark + set_status(ticket, "open", context)


def set_status(
    ticket: Record, status: str, context: Context, at: datetime | None = None
) -> list[Edit]:
    """The edits of a change of status, its log entry and `solved:` with it; none if there is no
    change. It changes now, or at the moment `at`.
    """
    from plaincrm.core.records.edits import DeleteField, SetField, logged

    new, old = status.casefold(), status_of(ticket)
    if new not in STATUSES:
        raise Refused(
            f'there is no status "{status}"',
            did_you_mean(new, STATUSES) or f"one of {', '.join(STATUSES)}",
        )
    if new == old:
        return []
    moment = at or context.now
    edits: list[Edit] = [SetField("status", new), logged(moment, "status", f"{old} -> {new}")]
    if new == "solved":
        edits.append(SetField("solved", stamp(moment)))
    elif new in OPEN and "solved" in ticket.fields:
        edits.append(DeleteField("solved"))
    return edits


def last_message(ticket: Record) -> str:
    """The text of the customer's last message, without the id of its mail."""
    found = [entry for entry in ticket.log if entry.direction == "in"]
    if not found:
        return ""
    entry = max(found, key=lambda each: each.at)
    return entry.text.removesuffix(entry.message_id).strip()


def solving(ticket: Record, context: Context) -> list[Edit]:
    """What a new ticket gets that begins as solved: the moment."""
    from plaincrm.core.records.edits import SetField

    return [SetField("solved", stamp(context.now))] if status_of(ticket) == "solved" else []


def _has_status(status: str) -> Callable[[Record, Context], Any]:
    return lambda ticket, _: status_of(ticket) == status


FACTS = (
    Fact("ticket", "is:open", "bool", Needs.FILE, "New, open, pending or on hold", is_open),
    *(
        Fact(
            "ticket",
            f"is:{status}",
            "bool",
            Needs.FILE,
            f"Its status is {status}",
            _has_status(status),
        )
        for status in ("new", "pending", "hold", "solved", "closed")
    ),
    Fact(
        "ticket", "opened_at", "datetime", Needs.FILE, "`opened`, else the first entry", opened_at
    ),
    Fact("ticket", "first_reply", "datetime", Needs.FILE, "The first `reply out`", first_reply),
    Fact("ticket", "solved_at", "datetime", Needs.FILE, "When it was last solved", solved_at),
    Fact("ticket", "reopens", "number", Needs.FILE, "How often it was solved, less one", reopens),
    Fact(
        "ticket",
        "unanswered_since",
        "date",
        Needs.FILE,
        "Since when the customer waits",
        unanswered_since,
    ),
    Fact(
        "ticket",
        "is:unanswered",
        "bool",
        Needs.FILE,
        "The customer spoke last, or nobody has replied yet",
        unanswered,
    ),
    Fact("ticket", "is:overdue", "bool", Needs.MOMENT, "Open, and its `due` has passed", overdue),
    Fact("ticket", "is:due", "bool", Needs.DAY, "Open, and due today or before", due_today),
    Fact(
        "ticket",
        "idle",
        "duration",
        Needs.DAY,
        "Days since its last log entry, else since it began",
        idle,
    ),
)

"""The queue of tickets: what is due first, and how much time is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import changed, value
from plaincrm.support.sla import now_of, promise_of
from plaincrm.support.ticket_history import moment
from plaincrm.support.tickets import OPEN, due_at, status_of

if TYPE_CHECKING:
    from plaincrm.crm.book import Book, Selection

_PRIORITIES = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
_NEVER = 1 << 62
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@value
class Deadline:
    """The next deadline of a ticket and the calendar time until it, in seconds; negative once it
    has passed. Both are None where nothing is due.
    """

    due: int | None
    left: int | None
    paused: bool = False

    @property
    def text(self) -> str:
        """`2h 10m`, `-3d 4h`; `paused` where the clocks stand still."""
        if self.left is None:
            return "paused" if self.paused else ""
        sign, seconds = ("-", -self.left) if self.left < 0 else ("", self.left)
        if seconds >= _DAY:
            return f"{sign}{seconds // _DAY}d {seconds % _DAY // _HOUR}h"
        if seconds >= _HOUR:
            return f"{sign}{seconds // _HOUR}h {seconds % _HOUR // _MINUTE}m"
        return f"{sign}{seconds // _MINUTE}m"


def deadline(ticket: Record, context: Context) -> Deadline:
    """What is due first: the promise of the service levels, or the ticket's own `due`."""
    promise = promise_of(ticket, context)
    dues = [promise.due]
    own = due_at(ticket)
    if own is not None and status_of(ticket) in OPEN:
        dues.append(moment(_end_of(own), context.settings.zone))
    first = min((due for due in dues if due is not None), default=None)
    if first is None:
        return Deadline(None, None, promise.paused and status_of(ticket) in OPEN)
    return Deadline(first, first - now_of(context))


def _end_of(due: date) -> datetime:
    """A day alone is due at its end."""
    return due if isinstance(due, datetime) else datetime.combine(due, time.max)


def by_time_left(tickets: Sequence[Record], context: Context) -> list[Record]:
    """The least time first; without a deadline by priority, then the oldest."""

    def key(ticket: Record) -> tuple[int, int, str]:
        due = deadline(ticket, context).due
        rank = _PRIORITIES.get(ticket.text("priority").casefold(), len(_PRIORITIES))
        return due or _NEVER, rank, ticket.text("opened")

    return sorted(tickets, key=key)


def queue(book: Book, words: Sequence[str], sort: str = "", limit: int | None = None) -> Selection:
    """The tickets that a query selects: in its own order, else those that are due first on top.
    Raises QueryError.
    """
    wanted = [*words, *([f"sort:{sort}"] if sort else [])]
    found = book.select("ticket", wanted)
    records = found.records
    if not found.query.sort and found.query.limit is None:
        records = by_time_left(records, book.context)
    return changed(found, shown=records[:limit])

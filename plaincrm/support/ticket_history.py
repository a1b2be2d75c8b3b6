"""What happened to a ticket, on one time line: messages of both sides and changes of its status.

All figures of support rest on it. Moments are seconds since 1970 (UTC). An entry without a time
counts from the beginning of its day, or from what stands before it on that day. A reply or a
solution that is dated before the opening can't be: it is left out, and `check` tells of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any

from plaincrm.core.records.facts import Context
from plaincrm.core.records.kept_row import KeptRow
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import chronological
from plaincrm.core.value_class import value
from plaincrm.core.values.hours import TimeSpan, moment_of

if TYPE_CHECKING:
    from plaincrm.core.timeline.log import Entry

DONE_STATUSES = frozenset({"solved", "closed"})


@value
class TicketEvent:
    """`kind`: `in` (the customer wrote), `out` (an answer) or `status`, then with the new one."""

    at: int
    kind: str
    status: str = ""


@value
class StatusSpan:
    """How long a ticket had a status; `end` is None for the one that it has now."""

    status: str
    start: int
    end: int | None


@value
class TicketHistory:
    """`born`: its status when it was opened. `misplaced`: the lines of the file with what is dated
    before the opening. `untimed`: it is solved, and nobody can say when.
    """

    opened: int | None
    events: tuple[TicketEvent, ...]
    born: str
    misplaced: tuple[int, ...] = ()
    untimed: bool = False

    @property
    def last(self) -> int | None:
        """The moment of the latest event, else of the opening."""
        return self.events[-1].at if self.events else self.opened

    def until(self, moment: int) -> TicketHistory:
        """The history as it stood at `moment`."""
        known = tuple(event for event in self.events if event.at <= moment)
        return TicketHistory(self.opened, known, self.born, self.misplaced, self.untimed)

    def statuses(self) -> list[StatusSpan]:
        """Every status that it had, in order."""
        if self.opened is None:
            return []
        found: list[StatusSpan] = []
        status, start = self.born, self.opened
        for event in self.events:
            if event.kind == "status" and event.status != status:
                found.append(StatusSpan(status, start, event.at))
                status, start = event.status, event.at
        return [*found, StatusSpan(status, start, None)]

    def breaks(self, statuses: Collection[str]) -> list[TimeSpan]:
        """The spans, ended by now, in which it had one of these statuses."""
        found: list[TimeSpan] = []
        for span in self.statuses():
            if span.status not in statuses or span.end is None or span.start >= span.end:
                continue
            if found and found[-1].end == span.start:
                found[-1] = TimeSpan(found[-1].start, span.end)
            else:
                found.append(TimeSpan(span.start, span.end))
        return found

    def since(self, statuses: Collection[str]) -> int | None:
        """Since when it has been in these statuses, None if it is not in one now."""
        found = None
        for span in reversed(self.statuses()):
            if span.status not in statuses:
                break
            found = span.start
        return found

    def first_reply(self) -> int | None:
        return next((event.at for event in self.events if event.kind == "out"), None)

    def replies(self) -> int:
        """How many answers it had."""
        return sum(event.kind == "out" for event in self.events)

    def times_solved(self) -> int:
        """How often it went from open to solved or closed."""
        spans = self.statuses()
        done = [span.status in DONE_STATUSES for span in spans]
        return sum(now and not before for before, now in zip([False, *done], done, strict=False))


def history(ticket: Record, zone: tzinfo) -> TicketHistory:
    """The history of a ticket; times without a zone are in `zone`, the book's."""
    entries = chronological(ticket)
    opened = _opened(ticket, entries, zone)
    events: list[TicketEvent] = []
    misplaced: list[int] = []
    born = ""
    for entry, event in _events(entries, zone):
        if opened is not None and event.at < opened:
            if entry.time is None and entry.date == _day(opened, zone):
                event = TicketEvent(opened, event.kind, event.status)
            elif event.kind == "in" and entry.date == _day(opened, zone):
                continue  # the customer wrote, and you opened the ticket later that day
            else:
                misplaced.append(entry.line)
                continue
        if event.kind == "status" and not born and entry.change:
            born = entry.change[0].casefold()
        events.append(event)
    events.sort(key=lambda event: event.at)
    status = ticket.text("status").casefold()
    said = next((e.status for e in reversed(events) if e.kind == "status"), "")
    if not said and status in DONE_STATUSES:
        born = born or "new"
    early = _solved_early(ticket, opened, zone)
    if early:
        misplaced.append(ticket.places.key("solved")[0])
    if said != status and (said or status in DONE_STATUSES):
        events.append(_unlogged(ticket, status, events, opened, zone))
        early = early and status in DONE_STATUSES
    else:
        early = False
    return TicketHistory(opened, tuple(events), born or status, tuple(misplaced), early)


def _solved_early(ticket: Record, opened: int | None, zone: tzinfo) -> bool:
    """Whether `solved` lies before the opening; a day alone has all its hours."""
    solved = ticket.value("solved")
    if not isinstance(solved, date) or opened is None:
        return False
    if isinstance(solved, datetime):
        return moment(solved, zone) < opened
    return solved < _day(opened, zone)


class KeptHistory(KeptRow):
    """A `TicketHistory`; an event as its moment, kind and status."""

    opened: int | None
    events: tuple[tuple[int, str, str], ...]
    born: str
    misplaced: tuple[int, ...]
    untimed: bool


def kept_history(ticket: Record, context: Context) -> tuple[Any, ...]:
    """The history in the form that the cache keeps; the zone of the book is in it."""
    found = history(ticket, context.settings.zone)
    events = tuple((event.at, event.kind, event.status) for event in found.events)
    return KeptHistory(found.opened, events, found.born, found.misplaced, found.untimed).packed()


def history_of(ticket: Record, context: Context) -> TicketHistory:
    """The history of a ticket, from the cache if it has it."""
    kept = KeptHistory.read(context.fact(ticket, "_history"))
    events = tuple(TicketEvent(*event) for event in kept.events)
    return TicketHistory(kept.opened, events, kept.born, kept.misplaced, kept.untimed)


def _opened(ticket: Record, entries: Iterable[Entry], zone: tzinfo) -> int | None:
    """`opened`, else its earliest log entry, else `created`."""
    for name in ("opened", "created"):
        found = ticket.value(name)
        if isinstance(found, date):
            return moment(found, zone)
        if name == "opened" and (first := min(_moments(entries, zone), default=None)) is not None:
            return first
    return None


def _moments(entries: Iterable[Entry], zone: tzinfo) -> Iterator[int]:
    return (moment_of_entry(entry, zone) for entry in entries)


def _events(entries: Iterable[Entry], zone: tzinfo) -> Iterator[tuple[Entry, TicketEvent]]:
    """The entries that tell something, each with its event."""
    before = (date.min, 0)
    for entry in entries:
        at = moment_of_entry(entry, zone)
        if entry.time is None and before[0] == entry.date:
            at = max(at, before[1])
        before = entry.date, at
        if entry.type == "status" and entry.change:
            yield entry, TicketEvent(at, "status", entry.change[1].casefold())
        elif entry.direction == "in":
            yield entry, TicketEvent(at, "in")
        elif entry.type == "reply" and entry.direction == "out":
            yield entry, TicketEvent(at, "out")


def _unlogged(
    ticket: Record,
    status: str,
    events: list[TicketEvent],
    opened: int | None,
    zone: tzinfo,
) -> TicketEvent:
    """The change to the status of the file, where the log does not tell of it."""
    last = events[-1].at if events else opened or 0
    solved = ticket.value("solved")
    at = moment(solved, zone) if isinstance(solved, date) and status in DONE_STATUSES else last
    return TicketEvent(max(at, last), "status", status)


def moment(when: date, zone: tzinfo) -> int:
    """The moment of a datetime, or of the beginning of a day, in the book's zone."""
    if not isinstance(when, datetime):
        when = datetime.combine(when, time.min)
    return moment_of(when if when.tzinfo else when.replace(tzinfo=zone))


def moment_of_entry(entry: Entry, zone: tzinfo) -> int:
    """The moment of an entry, of one without a time the beginning of its day."""
    return moment(entry.at, zone)


def _day(at: int, zone: tzinfo) -> date:
    return datetime.fromtimestamp(at, zone).date()

"""Service levels: what was promised for a ticket, and whether it was kept.

Three clocks run in business hours. *First reply* runs from the opening to the first `reply out`.
*Next reply* runs, after the first reply, from the oldest message that waits for an answer; further
messages don't start it again. *Resolution* runs from the opening to the last time it was solved.
Time in a pausing status, and time solved, is cut out of the calendar. A ticket that is solved
without an answer ends its reply clocks.

All is computed from the log; nothing is stored. What rests on the file and the settings alone is
kept by the cache, so that the moment only decides between active and breached.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.hours import working_time
from plaincrm.core.schema.settings import Settings
from plaincrm.core.value_class import value
from plaincrm.core.values.hours import TimeSpan, WorkingTime, moment_of
from plaincrm.support.sla_settings import (
    CLOCKS,
    NO_TARGET,
    SLA,
    ServiceLevels,
    ServiceTarget,
)
from plaincrm.support.ticket_history import DONE_STATUSES, TicketHistory, history_of

STATES = ("met", "breached", "active", "paused", "none")


@value
class ServiceClock:
    """One clock of a ticket, whatever the moment.

    `phase` is `running`, `paused`, `ended`, or `none` where it never ran. `target` in working
    seconds, None where nothing is promised. `due`: when the target is reached, pauses that have
    ended cut out. `worked`: working seconds up to the answer or solution, None where there is none.
    `late`: whether a promise was broken already, whoever looks when.
    """

    phase: str
    target: int | None = None
    start: int | None = None
    due: int | None = None
    end: int | None = None
    worked: int | None = None
    late: bool = False

    @property
    def kept(self) -> tuple[Any, ...]:
        """Its fields in order, as the cache keeps them."""
        return (
            self.phase,
            self.target,
            self.start,
            self.due,
            self.end,
            self.worked,
            self.late,
        )

    @property
    def is_met(self) -> bool:
        """Whether it ended in time."""
        promised = self.target is not None and self.due is not None
        return self.phase == "ended" and promised and not self.late

    def state(self, now: int) -> str:
        """One of `STATES` at a moment."""
        if self.late:
            return "breached"
        if self.target is None or self.due is None or self.phase == "none":
            return "none"
        if self.phase == "running":
            return "breached" if now > self.due else "active"
        return "paused" if self.phase == "paused" else "met"


@value
class Service:
    """The three clocks of a ticket, and the target that they are measured by."""

    target: str
    first_reply: ServiceClock
    next_reply: ServiceClock
    resolution: ServiceClock

    def packed(self) -> tuple[Any, ...]:
        """The target and the clocks, as the cache keeps them."""
        return (self.target, *(self.clock(name).kept for name in CLOCKS))

    @classmethod
    def read(cls, row: Iterable[Any]) -> Service:
        """The service that `packed` gave."""
        target, *clocks = row
        return cls(target, *(ServiceClock(*clock) for clock in clocks))

    def clock(self, name: str) -> ServiceClock:
        """The clock of that name, one of `CLOCKS`."""
        found: ServiceClock = getattr(self, name)
        return found

    @property
    def due(self) -> int | None:
        """The next deadline of the clocks that run."""
        return self.promise.due

    @property
    def promise(self) -> Promise:
        """What is left of the promises, in short."""
        clocks = (self.first_reply, self.next_reply, self.resolution)
        running = (each.due for each in clocks if each.phase == "running" and each.due)
        return Promise(
            any(each.late for each in clocks),
            any(each.is_met for each in clocks),
            min(running, default=None),
            any(each.phase == "paused" for each in clocks),
        )

    def is_breached(self, now: int) -> bool:
        return any(self.clock(name).state(now) == "breached" for name in CLOCKS)


class Promise(NamedTuple):
    """All clocks in short, as lists and reports need them. `broken` and `met`: whether one was
    late, or ended in time, whoever looks when. `due`: the next deadline of the clocks that run.
    `paused`: whether one stands still.
    """

    broken: bool
    met: bool
    due: int | None
    paused: bool

    def is_broken(self, now: int) -> bool:
        return self.broken or (self.due is not None and now > self.due)

    def is_decided(self, now: int) -> bool:
        """Whether anything promised was kept or broken by now."""
        return self.met or self.is_broken(now)


class ServiceMeter:
    """Measures one ticket by one target."""

    def __init__(
        self,
        found: TicketHistory,
        target: ServiceTarget,
        time: WorkingTime,
        pauses: Collection[str],
    ) -> None:
        self.history = found
        self.target = target
        self.time = time
        stopping = frozenset(pauses) | DONE_STATUSES
        self.breaks: list[TimeSpan] = found.breaks(stopping)
        self.paused = found.since(stopping)
        self.done = found.since(DONE_STATUSES)

    def service(self) -> Service:
        """All three clocks."""
        return Service(
            self.target.name, self._first_reply(), self._next_reply(), self._resolution()
        )

    def _first_reply(self) -> ServiceClock:
        reply = self.history.first_reply()
        ends = self.done if reply is None else reply
        return self._clock("first_reply", self.history.opened, ends, reply is not None)

    def _resolution(self) -> ServiceClock:
        return self._clock("resolution", self.history.opened, self.done, not self.history.untimed)

    def _next_reply(self) -> ServiceClock:
        """The clock of the message that waits, else of the longest exchange; late if any was."""
        waiting, over = exchanges(self.history)
        ended = [self._clock("next_reply", *exchange) for exchange in over]
        if waiting is not None and self.done is None:
            shown = self._clock("next_reply", waiting, None, False)
        elif ended:
            shown = max(ended, key=lambda clock: clock.worked or 0)
        else:
            return ServiceClock("none", self._target("next_reply"))
        worked = max((clock.worked for clock in ended if clock.worked is not None), default=None)
        late = shown.late or any(clock.late for clock in ended)
        return ServiceClock(
            shown.phase, shown.target, shown.start, shown.due, shown.end, worked, late
        )

    def _clock(self, name: str, start: int | None, end: int | None, answered: bool) -> ServiceClock:
        """`answered`: whether the end is an answer or a solution, and not only the end of the
        clock.
        """
        if start is None:
            return ServiceClock("none")
        target = self._target(name)
        due = None if target is None else self.time.add(start, target, self.breaks)
        worked = None
        if end is not None and answered:
            worked = self.time.between(start, end, self.breaks)
        stop = self.paused if end is None else end
        late = due is not None and stop is not None and stop > due
        phase = "running" if self.paused is None else "paused"
        if end is not None:
            phase = "ended"
        return ServiceClock(phase, target, start, due, end, worked, late)

    def _target(self, name: str) -> int | None:
        length = self.target.of(name)
        return None if length is None else self.time.schedule.seconds(length)


def exchanges(found: TicketHistory) -> tuple[int | None, list[tuple[int, int, bool]]]:
    """After the first reply: since when a message waits, and the exchanges that have ended, as
    start, end, and whether by an answer.
    """
    waiting: int | None = None
    begun = False
    ended: list[tuple[int, int, bool]] = []
    for event in found.events:
        if event.kind == "in":
            waiting = event.at if waiting is None and begun else waiting
        elif event.kind == "out" or event.status in DONE_STATUSES:
            if waiting is not None:
                ended.append((waiting, event.at, event.kind == "out"))
            waiting = None
            begun = begun or event.kind == "out"
    return waiting, ended


def measured(found: TicketHistory, target: ServiceTarget, settings: Settings) -> ServiceMeter:
    """The measure of a history by a target of the settings."""
    levels = settings.section(SLA)
    return ServiceMeter(found, target, working_time(settings, target.hours), levels.pauses)


def kept_services(ticket: Record, context: Context) -> tuple[Any, ...]:
    """Of a ticket's file and the settings: its last moment, and its clocks by each target that may
    be its own. Which one it is may rest on other records.
    """
    settings = context.settings
    found = history_of(ticket, context)
    services = [measured(found, t, settings).service() for t in _candidates(ticket, settings)]
    return found.last, tuple(each.packed() for each in services)


def _candidates(ticket: Record, settings: Settings) -> Iterable[ServiceTarget]:
    levels = settings.section(SLA)
    return (*levels.by_query, of_priority(ticket, levels))


def of_priority(ticket: Record, levels: ServiceLevels) -> ServiceTarget:
    """The target of the ticket's priority."""
    return levels.by_priority.get(ticket.text("priority").casefold(), NO_TARGET)


def now_of(context: Context) -> int:
    """The moment of looking."""
    return _moment(context.now, context.settings.zone)


@lru_cache(maxsize=4)  # every ticket of a list asks for the same
def _moment(now: datetime, zone: tzinfo) -> int:
    return moment_of(now if now.tzinfo else now.replace(tzinfo=zone))


def local_time(moment: int, context: Context) -> datetime:
    """A moment as the clock of the book shows it."""
    return datetime.fromtimestamp(moment, context.settings.zone)


def target_of(ticket: Record, context: Context) -> ServiceTarget:
    """The target of a ticket: that of the first query that fits, else that of its priority."""
    levels = context.settings.section(SLA)
    if levels.by_query:
        for test, target in context.shared("sla rules", _rules):
            if test(ticket):
                found: ServiceTarget = target
                return found
    return of_priority(ticket, levels)


def _rules(context: Context) -> list[tuple[Any, ServiceTarget]]:
    """The queries of the settings as tests; one that can't be read fits nothing, and `check` tells
    of it.
    """
    from plaincrm.core import query
    from plaincrm.errors import QueryError

    found = []
    for target in context.settings.section(SLA).by_query:
        try:
            compiled = query.compile([target.name], context.store.schema.kinds["ticket"], context)
        except QueryError:
            continue
        found.append((compiled.matches, target))
    return found


def service_of(ticket: Record, context: Context) -> Service:
    """The clocks of a ticket, as its file tells at this moment: what is dated later is not there
    yet. A dozen facts rest on them, so they are read once.
    """
    known: dict[tuple[str, datetime], Service] = context.shared("services", lambda _: {})
    key = ticket.ref, context.now
    if key not in known:
        known[key] = _service(ticket, context)
    return known[key]


def _service(ticket: Record, context: Context) -> Service:
    last, kept = context.fact(ticket, "_sla")
    target = target_of(ticket, context)
    now = now_of(context)
    if last is not None and last > now:
        settings = context.settings
        past = history_of(ticket, context).until(now)
        return measured(past, target, settings).service()
    return next(each for each in map(Service.read, kept) if each.target == target.name)


def promise_of(ticket: Record, context: Context) -> Promise:
    """As `service_of(…).promise`, from the short form that the cache keeps."""
    last, kept = context.fact(ticket, "_promises")
    if last is not None and last > now_of(context):
        return service_of(ticket, context).promise
    return Promise(*kept[_place(ticket, context)])


def all_promises(context: Context) -> list[Promise]:
    """The promises for every ticket, in the order of the store; none where the book makes none."""
    levels = context.settings.section(SLA)
    if levels.by_query:
        return [promise_of(ticket, context) for ticket in context.store.records("ticket")]
    if not levels.by_priority:
        return [Promise(False, False, None, False)] * len(context.store.collection("ticket"))
    now, tickets = now_of(context), context.store.collection("ticket")
    return [
        Promise(*kept[-1])
        if last is None or last <= now
        else service_of(tickets[place], context).promise
        for place, (last, kept) in enumerate(context.column("ticket", "_promises"))
    ]


def _place(ticket: Record, context: Context) -> int:
    """Which of the kept promises is that of the ticket's target; that of its priority is the
    last.
    """
    by_query = context.settings.section(SLA).by_query
    target = target_of(ticket, context) if by_query else None
    return by_query.index(target) if target in by_query else -1


def kept_promises(ticket: Record, context: Context) -> tuple[Any, ...]:
    """In the form that the cache keeps: the last moment of the ticket, and the promise of each
    target that may be its own.
    """
    last, services = context.fact(ticket, "_sla")
    return last, tuple(tuple(Service.read(row).promise) for row in services)

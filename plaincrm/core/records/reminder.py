"""`Reminder`: one thing that a record asks for; `ReminderRule`: one reason, and all it takes.

A room of the program declares its rules beside its facts. `crm/reminders/rules.py` is the table of
all of them, in the order of urgency.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING, Literal

from plaincrm.core.records.facts import Context, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.text.counted import counted
from plaincrm.core.value_class import changed, value
from plaincrm.core.values.duration import Duration

if TYPE_CHECKING:
    from plaincrm.core.records.edits import Edit
    from plaincrm.core.schema.kinds import Kind

Level = Literal["overdue", "today", "soon"]
LEVELS: tuple[Level, ...] = ("overdue", "today", "soon")
AT_ONCE, NEVER = date.min, date.max
"""The first day on which a reminder shows: on any day, or not by itself."""


@value
class Reminder:
    """One reason about one record, as the day `today` sees it.

    `due` is None where it is due whenever one looks. It shows from the day `shows` to the day
    `until`, for ever where that is None. `since` is what days are counted from. `urgent` ones show
    while the user is away too. A `task` is found again by its text and `ordinal` among equals.

    `remedy` is the command that deals with it; empty where `done HANDLE` does. `also` are the other
    reminders that share its line. What waits beside the records, such as the outbox, has a `place`
    instead of a record. `code` gives its handle, which rests on all other reminders of the book and
    is worked out when somebody asks.
    """

    rule: ReminderRule
    record: Record | None
    today: date
    due: date | None = None
    shows: date = AT_ONCE
    detail: str = ""
    remedy: str = ""
    urgent: bool = False
    since: date | None = None
    until: date | None = None
    task: str = ""
    ordinal: int = 0
    code: Callable[[], str] | None = None
    also: tuple[Reminder, ...] = ()
    place: str = ""

    @property
    def reason(self) -> str:
        return self.rule.reason

    @property
    def handle(self) -> str:
        return self.code() if self.code is not None else ""

    @property
    def day(self) -> date:
        """The day it is due."""
        return self.due or self.today

    @property
    def days(self) -> int:
        """Days until it is due, negative when past."""
        return (self.day - self.today).days

    @property
    def level(self) -> Level:
        if self.day < self.today:
            return "overdue"
        return "today" if self.day == self.today else "soon"

    @property
    def shown(self) -> bool:
        return self.shows <= self.today and self.live

    @property
    def live(self) -> bool:
        """Whether it has not lapsed."""
        return self.until is None or self.today <= self.until

    @property
    def title(self) -> str:
        return self.record.title if self.record else self.place

    @property
    def ref(self) -> str:
        return self.record.ref if self.record else ""

    @property
    def text(self) -> str:
        """What is said of it, and of those that share its line."""
        return self.text_on(self.today)

    def text_on(self, day: date) -> str:
        """What will be said of it on a day: days are counted up to that one."""
        own = self.detail
        if self.rule.words is not None:
            own = self.rule.words(self if day == self.today else changed(self, today=day))
        if not self.also:
            return own
        return "; ".join((own, *(each.text_on(day) for each in self.also)))

    @property
    def own_command(self) -> str:
        """The command that deals with it; empty where `done HANDLE` does."""
        early = bool(self.task) and self.level != "overdue"
        too_early = self.rule.remedy_when_late and early
        return "" if too_early else self.remedy

    @property
    def command(self) -> str:
        """The exact command that deals with it."""
        return self.own_command or f"plaincrm done {self.handle}"


Find = Callable[["ReminderRule", Record, Context], Iterable[Reminder]]
Candidates = Callable[["Kind", Context, "date | None"], Iterable[Record]]


@value
class ReminderRule:
    """One reason for reminders: all that the program knows of it is this row.

    `find` gives the reminders of one record; `kinds` are those that it asks, none for all. A rule
    that needs only the record's file and the settings is kept by the cache. Any other has
    `candidates(kind, context, day)`: the records to ask, with a day at least those that it may show
    on by then.

    `lead`: how long before it is due it shows. `follow_up`: it asks for the next step, so that all
    such reminders of a record are one line. `dated`: its day belongs into the agenda and the
    calendar. `together`: of many, `today` shows one line, which says this of them.
    `remedy_when_late`: until it is late, `done HANDLE` deals with it. `words(reminder)` is its text
    on a day, `detail` where there is none.

    `done` and `snooze` are the edits that these commands make; without `done` only the reminder's
    own command deals with it, without `snooze` the record notes the day under `snoozed`.
    """

    reason: str
    find: Find | None = None
    kinds: tuple[str, ...] = ()
    needs: Needs = Needs.SETTINGS
    candidates: Candidates | None = None
    lead: Duration | None = None
    follow_up: bool = False
    dated: bool = True
    together: str = ""
    remedy_when_late: bool = False
    words: Callable[[Reminder], str] | None = None
    done: Callable[[Reminder, Context], list[Edit]] | None = None
    snooze: Callable[[Reminder, date, Context], list[Edit]] | None = None

    @property
    def kept(self) -> bool:
        """Whether the cache keeps its reminders, which rest on no day and no other record."""
        return self.needs in (Needs.FILE, Needs.SETTINGS)

    def asks(self, kind: str) -> bool:
        """Whether it looks at the records of a kind."""
        return self.find is not None and (not self.kinds or kind in self.kinds)

    def of(self, record: Record, context: Context) -> Iterable[Reminder]:
        """The reminders of a record, due or not."""
        asked = self.find if self.asks(record.kind.name) else None
        return asked(self, record, context) if asked else ()

    def remind(
        self,
        record: Record,
        context: Context,
        due: date | None = None,
        detail: str = "",
        remedy: str = "",
        *,
        shows: date = AT_ONCE,
        lead: Duration | None = None,
        urgent: bool = False,
        since: date | None = None,
        until: date | None = None,
        task: tuple[str, int] = ("", 0),
    ) -> Reminder:
        """A reminder of this rule. It shows `lead` (else the rule's) before it is due, not before
        `shows`, and not while it is snoozed.
        """
        lead = lead or self.lead
        if due:
            shows = max(shows, lead.clamped(due, -1) if lead else due)
        if record.raw("snoozed"):
            shows = max(shows, snoozed(record).get(self.reason, AT_ONCE))
        return Reminder(
            self,
            record,
            context.today,
            due,
            shows,
            detail,
            remedy,
            urgent,
            since,
            until,
            *task,
        )


def snoozed(record: Record) -> dict[str, date]:
    """Reason to the day until which it is snoozed; what can't be read is no snooze."""
    found = {}
    for item in record.items("snoozed"):
        try:
            found[item.label] = date.fromisoformat(item.text)
        except ValueError:
            continue
    return found


def hide(reminder: Reminder, until: date, context: Context) -> list[Edit]:
    """The edits that note the day under `snoozed`; days that have passed go on the way."""
    from plaincrm.core.records.edits import SetField

    assert reminder.record is not None
    ahead = {
        reason: day
        for reason, day in snoozed(reminder.record).items()
        if day > context.today and reason != reminder.reason
    }
    days = {**ahead, reminder.reason: until}
    return [SetField("snoozed", {reason: day.isoformat() for reason, day in days.items()})]


def shell_ref(record: Record) -> str:
    """The record as a word that any shell passes through."""
    return shlex.quote(record.ref)


def counted_days(first: date, last: date) -> str:
    """`1 day`, `3 days`: from one day to a later one."""
    count = max((last - first).days, 0)
    return counted(count, "day")

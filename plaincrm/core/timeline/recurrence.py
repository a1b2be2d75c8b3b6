"""When a recurring task falls due again.

    rec:2w       two weeks after the day it was done
    rec:+2w      two weeks after the day it was due, so that a late tick shifts nothing
    rec:+1m@31   the same, on day 31 of the month, or its last: 31 Jan, 28 Feb, 31 Mar; a tick
                 writes the @31 to a task that is due on a day which some months lack

A step from the due date that does not reach past the day it was done is repeated: one tick of a
weekly task that lay for a month leaves one task, in the future, not four to tick away. Done early,
it moves one step.
"""

from __future__ import annotations

from datetime import date

from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value
from plaincrm.core.values.duration import DaysOff, Duration, add_months
from plaincrm.core.values.duration import parse as parse_duration

_TEXT = pattern(r"(?P<strict>\+?)(?P<every>[^@]+)(?:@(?P<anchor>[0-9]{1,2}))?")


_SHORTEST_MONTH = 29  # the first day of the month that some months lack


@value
class Recurrence:
    """`from_due` is the `+` form; `anchor` is a day of the month, 0 for none."""

    every: Duration
    from_due: bool = False
    anchor: int = 0

    def __str__(self) -> str:
        return (
            f"{'+' if self.from_due else ''}{self.every}{f'@{self.anchor}' if self.anchor else ''}"
        )

    def next(self, due: date | None, done_on: date, off: DaysOff = ()) -> date:
        """The due date after this one. Raises ValueError past year 9999."""
        if not self.from_due or due is None:
            return self._step(done_on, self.anchor, off)
        # Steps of months that were cut short by a February go back to the day they came from.
        anchor = self.anchor or (due.day if self.every.unit in ("m", "y") else 0)
        day = self._step(due, anchor, off)
        while day <= done_on:
            day = self._step(day, anchor, off)
        return day

    def _step(self, day: date, anchor: int, off: DaysOff) -> date:
        moved = self.every.after(day, off=off)
        return add_months(moved, 0, anchor) if anchor else moved


def parse(text: str) -> Recurrence:
    """Reads `2w`, `+2w`, `+1m@31`. Raises ValueError with a sentence."""
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'"{text}" is not a recurrence: write one such as 2w, +1m or +1m@31')
    every = parse_duration(match["every"])
    anchor = int(match["anchor"] or 0)
    if every.unit in ("min", "h") or not every.amount:
        raise ValueError(f'"{text}" is not a recurrence: it repeats after one day or more')
    if match["anchor"] and (every.unit not in ("m", "y") or not 1 <= anchor <= 31):
        raise ValueError(
            f'"{text}" is not a recurrence: @ names a day from 1 to 31 after months or years'
        )
    return Recurrence(every, bool(match["strict"]), anchor)


def anchored(rec: str, due: date | None) -> str:
    """`rec` with the day of the month that it is to come back to: `+1m` of a task due on the 31st
    becomes `+1m@31`, which a February does not make forget. Any other text stays. Raises ValueError
    when it can't be read.
    """
    found = parse(rec)
    if due is None or not found.from_due or found.anchor:
        return rec
    monthly = found.every.unit == "m" and due.day >= _SHORTEST_MONTH
    yearly = found.every.unit == "y" and (due.month, due.day) == (2, 29)
    return f"{rec}@{due.day}" if monthly or yearly else rec


def next_due(rec: str, due: date | None, done_on: date, off: DaysOff = ()) -> date:
    """The next due date of a task with `rec:REC`. Raises ValueError when `rec` can't be read."""
    return parse(rec).next(due, done_on, off)

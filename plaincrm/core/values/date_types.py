"""The types whose values have a day: date, datetime, action; and the day of each year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from plaincrm.core.values.dated import Action, MonthDay, parse_monthday
from plaincrm.core.values.value_type import (
    DATE_RANK,
    NUMBER_RANK,
    SCALAR,
    Cell,
    CellReader,
    Json,
    Question,
    Span,
    Type,
)
from plaincrm.core.values.wall_clock import wall_clock

if TYPE_CHECKING:
    from plaincrm.core.values.periods import Period

_DAY = r"\d{4}-\d{2}-\d{2}"


def day_of(value: Any, zone: tzinfo) -> date | None:
    """The day of a date, a datetime or an action; of a moment the day in `zone`."""
    if isinstance(value, datetime):
        return wall_clock(value, zone).date()
    if isinstance(value, Action):
        return value.due
    return value if isinstance(value, date) else None


def moment_of(value: Any, zone: tzinfo) -> datetime | None:
    """A date, datetime or action as a moment in `zone`, without it; a day begins at midnight."""
    if isinstance(value, datetime):
        return wall_clock(value, zone)
    found = day_of(value, zone)
    return datetime(found.year, found.month, found.day) if found else None


class _Dated(Type):
    """What has a day. A word of a query may be a period, such as `2026-10`: all its days fit."""

    textual = False
    ordered = True
    rank = DATE_RANK
    dated = True

    def place(self, value: Any, zone: tzinfo) -> datetime | None:
        return moment_of(value, zone)

    def span(self, text: str, question: Question) -> Span:
        period = _period(text, question, question.future)
        zone = question.zone
        return Span(period.first, period.last, lambda value, _: day_of(value, zone), _echo(period))


class DateType(_Dated):
    name = "date"
    spoken = "a date"
    values = date
    day_in_cell = True
    json_typed = True

    def read(self, text: str, currency: str = "") -> date:
        if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass  # below it is said what is wrong
        stored = _stored(text)
        if not isinstance(stored, datetime):
            return stored
        if text[10:11] == "T":  # as note programs write a day; it counts as it stands, in no zone
            return stored.date()
        raise ValueError(f'"{text}" has a time; a date is wanted, as 2026-12-01')

    def json(self, value: date) -> Json:
        return value.isoformat()

    def json_schema(self, values: Iterable[str] = ()) -> dict[str, Any]:
        return {"type": list(SCALAR), "pattern": rf"^{_DAY}$"}

    def from_cell(self, text: str, cells: CellReader) -> str:
        return cells.date(text)


class DatetimeType(_Dated):
    """A day, with or without a time; a time without a zone is in the book's."""

    name = "datetime"
    spoken = "a datetime"
    values = datetime
    timed = True
    day_in_cell = True
    json_typed = True

    def read(self, text: str, currency: str = "") -> date | datetime:
        return _stored(text)

    def span(self, text: str, question: Question) -> Span:
        from plaincrm.core.values.date_words import DateError

        try:
            found = _moment(text, question)
        except DateError:
            if (days := self._days(text, question)) is None:
                raise
            return days
        if not isinstance(found, datetime):
            return super().span(text, question)
        zone = question.zone
        at = wall_clock(found, zone)
        return Span(at, at, lambda value, _: moment_of(value, zone), f"{at:%a %Y-%m-%d %H:%M}")

    def _days(self, text: str, question: Question) -> Span | None:
        from plaincrm.core.values.date_words import DateError

        try:
            return super().span(text, question)
        except DateError:
            return None

    def tidy(self, text: str, region: str = "") -> tuple[str, str]:
        return _tidy(text)

    def cell(self, value: date | datetime) -> str:
        return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)

    def plain(self, value: date | datetime) -> str:
        return value.isoformat(" ") if isinstance(value, datetime) else str(value)

    def json(self, value: date | datetime) -> Json:
        return value.isoformat()

    def json_schema(self, values: Iterable[str] = ()) -> dict[str, Any]:
        time = r"([ T]\d{1,2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?"
        return {"type": list(SCALAR), "pattern": rf"^{_DAY}{time}$"}

    def sql(self, value: Any) -> tuple[Cell, ...]:
        return (None,) if value is None else (self.plain(value),)

    def from_cell(self, text: str, cells: CellReader) -> str:
        return cells.datetime(text)


class ActionType(_Dated):
    """What to do next and when: `2026-12-01 Send the contract`."""

    name = "action"
    spoken = "an action"
    values = Action
    worded = True

    def read(self, text: str, currency: str = "") -> Action:
        day, _, rest = text.strip().partition(" ")
        return Action(_DATE.read(day), rest.strip())

    def json_schema(self, values: Iterable[str] = ()) -> dict[str, Any]:
        return {"type": list(SCALAR), "pattern": rf"^{_DAY}( .*)?$"}


class MonthDayType(Type):
    """A day of each year, such as a birthday: `12-10`, or `1985-12-10` with its first year."""

    name = "monthday"
    spoken = "a monthday"
    values = MonthDay
    textual = False
    ordered = True
    cyclic = True
    yearly = True
    day_in_cell = True
    rank = NUMBER_RANK

    def read(self, text: str, currency: str = "") -> MonthDay:
        return parse_monthday(text)

    def place(self, value: Any, zone: tzinfo) -> tuple[int, int] | None:
        return (value.month, value.day) if isinstance(value, (MonthDay, date)) else None

    def span(self, text: str, question: Question) -> Span:
        """A literal `02-29` means that day; a word such as `today` also those kept on that day
        this year.
        """
        from plaincrm.core.values.date_words import DateError

        zone = question.zone
        try:
            exact = self.place(parse_monthday(text.strip()), zone)
        except DateError:
            return self._period(text, question)
        return Span(exact, exact, lambda value, _: self.place(value, zone))

    def _period(self, text: str, question: Question) -> Span:
        zone = question.zone
        period = _period(text, question, future=False)
        year = period.first.year

        def kept(value: Any, _: Any) -> tuple[int, int] | None:
            return self.place(value.on(year) if isinstance(value, MonthDay) else value, zone)

        first, last = self.place(period.first, zone), self.place(period.last, zone)
        return Span(first, last, kept, _echo(period))

    def tidy(self, text: str, region: str = "") -> tuple[str, str]:
        return _tidy(text)

    def json_schema(self, values: Iterable[str] = ()) -> dict[str, Any]:
        return {"type": list(SCALAR), "pattern": r"^(\d{4}-|--)?\d{2}-\d{2}$"}

    def from_cell(self, text: str, cells: CellReader) -> str:
        return cells.monthday(text)


_DATE = DateType()


def _stored(text: str) -> date | datetime:
    from plaincrm.core.values import dates

    return dates.parse_stored(text)


def _period(text: str, question: Question, future: bool) -> Period:
    from plaincrm.core.values import dates
    from plaincrm.core.values.date_words import Leaning

    leaning = Leaning.DAY_AHEAD if future else Leaning.NEAREST
    return dates.parse_period(text, question.now.date(), leaning, question.off)


def _moment(text: str, question: Question) -> date | datetime:
    from plaincrm.core.values import dates
    from plaincrm.core.values.date_words import Leaning

    leaning = Leaning.DAY_AHEAD if question.future else Leaning.NEAREST
    return dates.parse_moment(text, question.now, leaning, question.off)


def _echo(period: Period) -> str:
    """What a word was understood as; empty for a day that is written out."""
    if period.first != period.last:
        return f"{period.first}..{period.last}"
    written_out = period.word.strip() == period.first.isoformat()
    return "" if written_out else f"{period.first:%a} {period.first}"


def _tidy(text: str) -> tuple[str, str]:
    wanted = re.sub(r"(?<=\d)T(?=\d)", " ", text).removeprefix("--").strip()
    return wanted, f'"{text}" is written {wanted}'

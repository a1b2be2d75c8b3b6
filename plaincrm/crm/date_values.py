"""Dates that are to be stored: words in, ISO out, and an echo of what was understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from plaincrm.core.schema.days_off import days_off
from plaincrm.core.schema.kinds import Field
from plaincrm.core.values import dates
from plaincrm.core.values.date_order import date_order
from plaincrm.core.values.dates import DateError, Leaning
from plaincrm.core.values.duration import DaysOff
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData


@dataclass
class DateValues:
    """Reads date words as seen from `now`; `echo` gains a line for each that was not ISO already.

    Every method raises Refused (exit 5) for words that are no date, or an impossible one.
    """

    now: datetime
    echo: list[str] = field(default_factory=list)
    off: DaysOff = ()
    order: str = ""

    @classmethod
    def of(cls, book: BookData, echo: list[str] | None = None) -> DateValues:
        """Words as the book's owner means them: business days are those of its hours, and
        `12/11` is written in the order of its country.
        """
        settings = book.settings
        order = date_order(settings.country, settings.language)
        return cls(book.now, [] if echo is None else echo, days_off(settings), order)

    def field(self, declared: Field, text: str) -> str:
        """The value of a date, datetime or action field, as a file stores it."""
        leaning = Leaning.FUTURE if declared.future else Leaning.NEAREST
        if declared.value_type.worded:
            return self.action(declared.name, text, leaning)
        moment = self.moment(declared.name, text, leaning)
        if not declared.value_type.timed and isinstance(moment, datetime):
            raise Refused(
                f"{declared.name} is a day; it takes no time", f"{declared.name}={moment:%Y-%m-%d}"
            )
        return stored(moment)

    def day(self, name: str, text: str, leaning: Leaning = Leaning.FUTURE) -> date:
        """One day."""
        try:
            found = dates.parse_date(text, self.now.date(), leaning, self.off, self.order)
        except DateError as error:
            raise Refused(f"{name}: {error}", error.hint) from None
        self._understood(name, text, found)
        return found

    def moment(self, name: str, text: str, leaning: Leaning) -> date | datetime:
        """A day, or a day with a time; aware only if the words name a zone."""
        try:
            now = self.now.replace(tzinfo=None)
            found = dates.parse_moment(text, now, leaning, self.off, self.order)
        except DateError as error:
            raise Refused(f"{name}: {error}", error.hint) from None
        self._understood(name, text, found)
        return found

    def action(self, name: str, text: str, leaning: Leaning = Leaning.FUTURE) -> str:
        """`fri Send the contract` as `2026-11-27 Send the contract`: the most words that make a
        date.
        """
        words = text.split()
        refused: DateError | None = None
        for count in range(min(3, len(words)), 0, -1):
            said = " ".join(words[:count])
            try:
                day = dates.parse_date(said, self.now.date(), leaning, self.off, self.order)
            except DateError as error:
                refused = error
                continue
            self._understood(name, said, day)
            return f"{day.isoformat()} {' '.join(words[count:])}".strip()
        reason = refused or DateError("a date is missing")
        raise Refused(
            f"{name}: {reason}", reason.hint or "write it as 2026-12-01 Send the contract"
        )

    def _understood(self, name: str, text: str, found: date) -> None:
        if stored(found) != text:
            self.echo.append(f"{name}: {text} is {dates.describe(found, self.now.date())}")


def stored(moment: date) -> str:
    """A day or moment as files hold it."""
    if isinstance(moment, datetime):
        return moment.isoformat(" ", "seconds" if moment.second else "minutes")
    return moment.isoformat()

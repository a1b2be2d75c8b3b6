"""Where a page comes from: whose book, as of when, of how many records, in which money."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from plaincrm.core.text.counted import counted
from plaincrm.core.value_class import value
from plaincrm.views.html.number_marks import in_language

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


@value
class PageSource:
    """What heading and footer of a page say of the book.

    `owner`: whose book. `unreadable`: how many files could not be read whole, and `first` of them.
    """

    owner: str
    as_of: date
    currency: str = ""
    language: str = "en"
    unreadable: int = 0
    first: str = ""

    def number(self, text: str) -> str:
        """A figure with the marks of the book's language; its currency stands in the heading."""
        bare = text.removesuffix(f" {self.currency}") if self.currency else text
        return in_language(bare, self.language)

    def subtitle(self, *parts: str) -> str:
        """The line beside the title: `parts`, as of when, which money."""
        money = f"amounts in {self.currency}" if self.currency else ""
        return " · ".join(filter(None, (*parts, f"as of {long_day(self.as_of)}", money)))

    def footer(self, made_of: str) -> str:
        """Of how many records the page was made, and what could not be read."""
        if not self.unreadable:
            return f"Made by plaincrm of {made_of}. Every file could be read."
        files = counted(self.unreadable, "file")
        rest = f"{files} could not be read whole, such as {self.first}"
        return f"Made by plaincrm of {made_of}. {rest}: plaincrm check lists them."


def source_of(book: Book) -> PageSource:
    """What a page says of a book, once all that it shows was read."""
    settings = book.settings
    unreadable, first = book.unreadable()
    return PageSource(
        settings.me.name or book.root.name,
        book.context.today,
        settings.currency,
        settings.language or "en",
        unreadable,
        first,
    )


# Our pages speak English whatever the locale of the machine.
_DAYS: Sequence[str] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS: Sequence[str] = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def long_day(day: date) -> str:
    """`Sat 21 November 2026`."""
    return f"{_DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """`Sat 21 Nov`."""
    return f"{_DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1][:3]}"

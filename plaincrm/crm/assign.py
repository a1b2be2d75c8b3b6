"""What `field=value` on the command line means for a record: edits, with links resolved and dates spelled out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plaincrm.core import dates
from plaincrm.core.edits import AddItem, DeleteField, Edit, RemoveItem, SetField
from plaincrm.core.record import Record, items
from plaincrm.core.schema import Field, Kind
from plaincrm.crm.references import Sureness, one
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

Assignment = tuple[str, str, str]


@dataclass
class Assigner:
    """Turns assignments into edits. `echo` gathers what was understood: date words, resolved links.

    `make(kind, name)` creates a record for `company=+"Fjord AS"` and gives its id.
    """

    book: Book
    make: Callable[[Kind, str], str]
    echo: list[str] = field(default_factory=list)

    def edits(self, kind: Kind, assignments: Iterable[Assignment], present: Record | None = None) -> list[Edit]:
        """The edits that `assignments` ask for. Raises Refused, NotFound, Ambiguous."""
        return [self._edit(kind, each, present) for each in assignments]

    def _edit(self, kind: Kind, assignment: Assignment, present: Record | None) -> Edit:
        name, operator, text = assignment
        if operator == "=" and not text:
            return DeleteField(name)
        declared = kind.fields.get(name)
        value = self.value(declared, text, name)
        if operator == "+=":
            self._listable(kind, declared, name)
            return AddItem(name, value)
        if operator == "-=":
            return RemoveItem(name, self._standing(present, name, value))
        many = declared is not None and declared.many
        if many and "," in text and declared is not None and declared.type in ("text", "email", "ref"):
            return SetField(name, [self.value(declared, each.strip(), name) for each in text.split(",") if each.strip()])
        if many and name == "tags":
            return SetField(name, [value])
        return SetField(name, value)

    def value(self, declared: Field | None, text: str, name: str = "") -> str:
        """`text` in the form in which a file stores it: ISO dates, ids for links."""
        if declared is None:
            return text
        if declared.type == "ref":
            return self._link(declared, text)
        if declared.type in ("date", "datetime", "action"):
            return self._dated(declared, text)
        if declared.type == "enum":
            return self._spelled(declared, text)
        return text

    def _spelled(self, declared: Field, text: str) -> str:
        every = (*declared.values, *(value for case in declared.cases.values() for value in case))
        return next((value for value in every if value.casefold() == text.casefold()), text)

    def _link(self, declared: Field, text: str) -> str:
        if not declared.to:
            return text
        if text.startswith("+"):
            made = self.make(self.book.schema.kinds[declared.to], text[1:].strip())
            self.echo.append(f"{declared.name}: made {declared.to}/{made}")
            return made
        target = one(self.book, text, [declared.to], Sureness.PREFIX)
        if target.id != text:
            self.echo.append(f"{declared.name}: {text} is {target.ref}")
        return target.id

    def _dated(self, declared: Field, text: str) -> str:
        leaning = dates.Leaning.FUTURE if declared.future else dates.Leaning.NEAREST
        now = self.book.now.replace(tzinfo=None)
        try:
            if declared.type == "action":
                return self._action(text, leaning)
            moment = dates.parse_moment(text, now, leaning)
        except dates.DateError as error:
            raise Refused(f"{declared.name}: {error}", error.hint) from None
        stored = moment.isoformat(" ", "minutes") if hasattr(moment, "hour") else moment.isoformat()
        if declared.type == "date" and len(stored) > 10:
            raise Refused(f"{declared.name} is a day; it takes no time")
        self._understood(declared.name, text, stored)
        return stored

    def _action(self, text: str, leaning: dates.Leaning) -> str:
        day, rest = split_date(text, self.book.now.date(), leaning)
        self._understood("next", text.removesuffix(rest).strip(), day)
        return f"{day} {rest}".strip()

    def _understood(self, name: str, text: str, stored: str) -> None:
        if stored != text:
            shown = dates.describe(dates.parse_date(stored[:10], self.book.now.date()), self.book.now.date())
            self.echo.append(f"{name}: {text} is {shown}{stored[10:]}")

    def _listable(self, kind: Kind, declared: Field | None, name: str) -> None:
        if declared is not None and not declared.many:
            raise Refused(f"{kind.name}.{name} holds one value", f"{name}=value replaces it")

    def _standing(self, present: Record | None, name: str, value: str) -> str:
        found = [item.text for item in items(present.fields.get(name))] if present else []
        return next((text for text in found if text.casefold() == value.casefold()), value)


def split_date(text: str, today: object, leaning: dates.Leaning) -> tuple[str, str]:
    """The date words that `text` begins with, as an ISO date, and the rest: `next fri Send it`. Raises DateError."""
    words = text.split()
    error: dates.DateError | None = None
    for count in range(min(3, len(words)), 0, -1):
        try:
            day = dates.parse_date(" ".join(words[:count]), today, leaning)  # type: ignore[arg-type]
        except dates.DateError as refused:
            error = refused
            continue
        return day.isoformat(), " ".join(words[count:])
    raise error or dates.DateError(f'"{text}" begins with no date', "write it as 2026-12-01 Send the contract")

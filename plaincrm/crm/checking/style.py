"""The one form in which a value is written, where many are understood.

A form is (the text wanted, what is wrong with the one that stands there); the text is empty where
only a person can know it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Field
from plaincrm.core.values import phones
from plaincrm.core.values.raw import items

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

Form: TypeAlias = tuple[str, str]
_SMALL = re.compile(
    "von|van|vom|zur?|de[rn]?|del|della|d[aiou]|dos|la|le|te[rn]|af|av", re.IGNORECASE
)


class Style:
    """The forms of a book: its country and language, and how most of its records name countries,
    decide.
    """

    def __init__(self, book: BookData) -> None:
        self._book = book

    @cached_property
    def _codes(self) -> bool:
        """Whether countries are two-letter codes here, rather than names."""
        raws = (record.raw("country") for record in self._book.store.all())
        texts = [item.text for raw in raws for item in items(raw)]
        return sum(1 if len(text) == 2 else -1 for text in texts) >= 0

    def form(self, record: Record, field: Field, text: str) -> Form:
        """The form of one scalar of a field; (`text`, "") if it has it."""
        return next(
            (form for form in self._forms(record, field, text) if form[0] != text), (text, "")
        )

    def _forms(self, record: Record, field: Field, text: str) -> Iterator[Form]:
        kind = field.value_type
        if kind.choice:
            yield _enum(record, field, text)
        elif not kind.free:
            yield kind.tidy(text, self._region(record) if kind.regional else "")
        elif "\n" not in text:
            yield from self._text(record, field, text)

    def _text(self, record: Record, field: Field, text: str) -> Iterator[Form]:
        plain = " ".join(text.split())
        if field.name == "country":
            yield self._country(plain)
        elif field.name == "language":
            yield plain.lower(), f'"{text}" has capitals'
        elif field.name == "domain":
            yield _domain(plain), f'"{text}" is written as a bare domain'
        elif record.kind.name == "contact" and field.name == record.kind.title:
            yield _name(plain)
        yield plain, "it has blanks at an end, or two in a row"

    def _region(self, record: Record) -> str:
        """The two-letter country whose phone numbers a record has."""
        country = record.text("country")
        if not country:
            return self._book.settings.country
        code = country.upper() if len(country) == 2 else phones.region_named(country)
        return code if phones.is_region(code) else self._book.settings.country

    def _country(self, text: str) -> Form:
        upper = text.upper()
        if self._codes:
            code = upper if phones.is_region(upper) or len(text) == 2 else phones.region_named(text)
            return code, f'"{text}" is not a two-letter code, such as NO'
        name = phones.region_name(upper, self._book.settings.language) if len(text) == 2 else text
        return name, f'"{text}" is a code, and this book writes names'


def _enum(record: Record, field: Field, text: str) -> Form:
    allowed = field.cases.get(record.text(field.by), ()) if field.by else field.values
    wanted = next((value for value in allowed if value.casefold() == text.casefold()), text)
    return wanted, f'"{text}" is written {wanted}'


def _domain(text: str) -> str:
    return re.sub(r"^[a-z]+://", "", text.lower()).removeprefix("www.").rstrip("/")


def _name(text: str) -> Form:
    """A person's name of two words or more, all in capitals or without any."""
    if (
        len(text.split()) < 2
        or text not in (text.upper(), text.lower())
        or text.upper() == text.lower()
    ):
        return text, "it has blanks at an end, or two in a row"
    first, *others = text.split()
    words = [word.lower() if _SMALL.fullmatch(word) else _capital(word) for word in others]
    return " ".join([_capital(first), *words]), "a name has capitals at the beginnings of its words"


def _capital(word: str) -> str:
    """`Anne-Marie`, `O'Brien`, `McDonald`."""
    parts = re.split(r"([-'’.])", word.lower())
    joined = "".join(part[:1].upper() + part[1:] for part in parts)
    return re.sub(r"^Mc(\w)", lambda found: f"Mc{found[1].upper()}", joined)

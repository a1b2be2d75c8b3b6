"""The one form in which a value is written, where many are understood.

A form is (the text wanted, what is wrong with the one that stands there); the text is empty where
only a person can know it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from plaincrm.core.records.record import Record, items
from plaincrm.core.schema.kinds import Field
from plaincrm.core.values import phones

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

Form: TypeAlias = tuple[str, str]
_SMALL = re.compile(
    "von|van|vom|zur?|de[rn]?|del|della|d[aiou]|dos|la|le|te[rn]|af|av", re.IGNORECASE
)
_HOST = re.compile(r"[^\s/@:]+\.[^\W\d]{2,}(?::\d+)?", re.IGNORECASE)


class Style:
    """The forms of a book: its country and language, and how most of its records name countries,
    decide.
    """

    def __init__(self, book: Book) -> None:
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
        if field.type == "enum":
            yield _enum(record, field, text)
        elif field.type == "email":
            yield _email(text)
        elif field.type == "phone":
            yield self._phone(record, text)
        elif field.type == "url":
            yield _url(text)
        elif field.type in ("datetime", "monthday"):
            yield _date(text)
        elif field.type == "text" and "\n" not in text:
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

    def _phone(self, record: Record, text: str) -> Form:
        country = record.text("country")
        code = country.upper() if len(country) == 2 else phones.region_named(country)
        region = code if phones.is_region(code) else self._book.settings.country
        wanted = phones.international(text, region)
        if wanted:
            return wanted, f'"{text}" is not in the international form'
        if text.strip().startswith("+"):
            return text, ""  # a number of a plan that the library does not know
        where = f"and is no number of {region}" if region else "and plaincrm.yaml names no country"
        return "", f'"{text}" has no country code, {where}'

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


def _email(text: str) -> Form:
    local, at, domain = text.rpartition("@")
    return f"{local}{at}{domain.lower()}", "the domain has capitals"


def _url(text: str) -> Form:
    """`https://fjord.example/en`: with its scheme, the host in small letters, no lone slash at the
    end.
    """
    bare = _HOST.fullmatch(text.partition("/")[0])
    try:
        parts = urlsplit(f"https://{text}" if bare else text)
    except ValueError:
        return text, ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.netloc):
        return text, ""
    path = "" if parts.path == "/" and not parts.query and not parts.fragment else parts.path
    wanted = parts._replace(netloc=parts.netloc.lower(), path=path).geturl()
    return wanted, f'"{text}" has no https://' if bare else f'"{text}" is written {wanted}'


def _domain(text: str) -> str:
    return re.sub(r"^[a-z]+://", "", text.lower()).removeprefix("www.").rstrip("/")


def _date(text: str) -> Form:
    wanted = re.sub(r"(?<=\d)T(?=\d)", " ", text).removeprefix("--").strip()
    return wanted, f'"{text}" is written {wanted}'


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

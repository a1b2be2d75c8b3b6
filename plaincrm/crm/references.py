"""What a user means by a REF: the records that a word fits, and how surely.

In this order: id, `kind/id`, alias, path, e-mail, phone in any format, exact name, unique prefix of
an id, fuzzy name. The first step that finds anything ends the search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import value
from plaincrm.crm.similarity import digits
from plaincrm.errors import Ambiguous, NotFound

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

FUZZY_SCORE = 80  # of 100; below it two names have little in common


class Sureness(IntEnum):
    """How a record was found; a write never acts on FUZZY unasked, `rm` and `email` not on PREFIX
    either.
    """

    EXACT = 0
    PREFIX = 1
    FUZZY = 2


@value
class Match:
    record: Record
    sureness: Sureness


def matches(book: BookData, word: str, kinds: Sequence[str]) -> list[Match]:
    """The records of `kinds` that `word` may mean; empty if none."""
    kind, slash, rest = word.partition("/")
    named = book.schema.find(kind) if slash else None
    if named and named.name in kinds and not word.endswith(".md"):
        return matches(book, rest, [named.name]) if rest else []
    steps: list[tuple[Sureness, Callable[[BookData, str, Sequence[str]], Iterable[Record]]]] = [
        (Sureness.EXACT, _by_id),
        (Sureness.EXACT, _by_path),
        (Sureness.EXACT, _by_email),
        (Sureness.EXACT, _by_phone),
        (Sureness.EXACT, _by_name),
        (Sureness.PREFIX, _by_prefix),
        (Sureness.FUZZY, _by_fuzzy_name),
    ]
    for sureness, step in steps:
        found = {record.path: record for record in step(book, word, kinds)}
        if found:
            return [Match(record, sureness) for record in found.values()]
    return []


def one(
    book: BookData, word: str, kinds: Sequence[str], surely: Sureness = Sureness.FUZZY
) -> Record:
    """The record that `word` means. Raises NotFound; Ambiguous where several fit, or where the only
    fit is less sure than `surely` asks for."""
    return match(book, word, kinds, surely).record


def match(
    book: BookData, word: str, kinds: Sequence[str], surely: Sureness = Sureness.FUZZY
) -> Match:
    """Like `one`, and how surely it was found."""
    found = matches(book, word, kinds)
    if not found:
        raise NotFound(f'nothing here is called "{word}"', "plaincrm find WORDS searches all text")
    if len(found) > 1 or found[0].sureness > surely:
        names = [f"{match.record.ref}  {match.record.title}" for match in found]
        fits = (
            "may mean one of these"
            if len(found) > 1
            else "is not its whole name; say which you mean"
        )
        raise Ambiguous(f'"{word}" {fits}:', names, "name it by kind/id")
    return found[0]


def _records(book: BookData, kinds: Sequence[str]) -> Iterable[Record]:
    for kind in kinds:
        yield from book.store.records(kind)


def _by_id(book: BookData, word: str, kinds: Sequence[str]) -> Iterable[Record]:
    return [record for kind in kinds if (record := book.store.get(kind, word))]


def _by_path(book: BookData, word: str, kinds: Sequence[str]) -> Iterable[Record]:
    if not word.endswith(".md"):
        return []
    path = word.removeprefix("./").removeprefix(f"{book.root}/")
    return [record for record in _records(book, kinds) if record.path == path]


def _by_email(book: BookData, word: str, kinds: Sequence[str]) -> Iterable[Record]:
    if "@" not in word:
        return []
    wanted = word.strip("<> ").casefold()
    return [
        r for r in _records(book, kinds) if wanted in {i.text.casefold() for i in r.items("email")}
    ]


def _by_phone(book: BookData, word: str, kinds: Sequence[str]) -> Iterable[Record]:
    if len(digits(word)) < 6 or re.search(r"[^\d\s()+./-]", word):
        return []
    records = [record for record in _records(book, kinds) if "phone" in record.fields]
    same = [r for r in records if digits(word) in {digits(i.text) for i in r.items("phone")}]
    return same or _by_number(book, word, records)


def _by_number(book: BookData, word: str, records: Iterable[Record]) -> Iterable[Record]:
    """The same number with and without its country code, in the record's country, else the
    book's.
    """
    from plaincrm.core.values.phones import e164

    home = book.settings.country
    last = digits(word)[-4:]

    def same(record: Record, text: str) -> bool:
        region = record.text("country").upper()
        region = region if len(region) == 2 else home
        number = e164(text, region)
        return (
            bool(number)
            and digits(text).endswith(last)
            and number in (e164(word, region), e164(word, home))
        )

    return [
        record
        for record in records
        if any(same(record, item.text) for item in record.items("phone"))
    ]


def _by_name(book: BookData, word: str, kinds: Sequence[str]) -> Iterable[Record]:
    return [record for record in _records(book, kinds) if fold(record.title) == fold(word)]


def _by_prefix(book: BookData, word: str, kinds: Sequence[str]) -> Iterable[Record]:
    return [
        record
        for record in _records(book, kinds)
        if len(word) > 1 and fold(record.id).startswith(fold(word))
    ]


def _by_fuzzy_name(book: BookData, word: str, kinds: Sequence[str]) -> Iterable[Record]:
    from plaincrm.crm.similarity import closest

    return closest(word, list(_records(book, kinds)), FUZZY_SCORE)

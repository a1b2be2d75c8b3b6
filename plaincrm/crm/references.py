"""What a user means by a REF: the records that a word fits, and how surely.

In this order: id, `kind/id`, alias, path, e-mail, phone in any format, exact name, beginning of an
id or first name of a person, fuzzy name. The first step that finds anything ends the search.

Whether a hit is enough is decided here, for every command alike. Who reads takes whatever alone
fits. Who writes asks (`BookData.choose`) about all but a whole name, where there is somebody to
ask; else the beginning of an id that nothing else begins with is enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.crm.reference_match import Match, Sureness, ambiguous
from plaincrm.crm.similarity import digits
from plaincrm.errors import NotFound

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

_TITLES = {"dr", "prof", "herr", "frau", "mr", "mrs", "ms", "mx", "sir", "dame", "dipl", "ing"}
FUZZY_SCORE = 80  # of 100; below it two names have little in common


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


Narrow = Callable[[Sequence[Match]], Sequence[Match]]


def one(
    book: BookData, word: str, kinds: Sequence[str], surely: Sureness = Sureness.FUZZY
) -> Record:
    """The record that `word` means. Raises NotFound; Ambiguous where several fit, or where the only
    fit is less sure than `surely` asks for, and nobody can be asked."""
    return match(book, word, kinds, surely).record


def match(
    book: BookData,
    word: str,
    kinds: Sequence[str],
    surely: Sureness = Sureness.FUZZY,
    narrow: Narrow | None = None,
) -> Match:
    """Like `one`, and how surely it was found. `narrow` leaves of several those that count."""
    found: Sequence[Match] = matches(book, word, kinds)
    if not found:
        raise NotFound(f'nothing here is called "{word}"', "plaincrm find WORDS searches all text")
    if len(found) > 1 and narrow is not None:
        found = narrow(found) or found
    if book.choose is not None:
        return book.choose(word, found, surely)
    if len(found) > 1 or found[0].sureness > surely:
        raise ambiguous(word, found)
    return found[0]


def _records(book: BookData, kinds: Sequence[str]) -> Iterable[Record]:
    for kind in kinds:
        yield from book.store.records(kind)


def _by_id(book: BookData, word: str, kinds: Sequence[str]) -> Iterable[Record]:
    return [record for kind in kinds if (record := book.store.get(kind, word))]


def _by_path(book: BookData, word: str, kinds: Sequence[str]) -> Iterable[Record]:
    if not word.endswith(".md"):
        return []
    from plaincrm.book.standing import from_root

    path = from_root(book.root, word)
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
    """Those whose id begins so, and the people with that first name: `anna` is `schmidt-anna`
    too.
    """
    begun = fold(word)
    if len(begun) < 2:
        return []
    return [
        record
        for record in _records(book, kinds)
        if fold(record.id).startswith(begun)
        or (record.kind.name == "contact" and _first_name(record.title) == begun)
    ]


def _first_name(name: str) -> str:
    """`anna` of `Anna Schmidt`, `Schmidt, Anna` and `Dr. Anna Schmidt`."""
    last, comma, first = name.partition(",")
    words = [fold(word) for word in (first if comma else last).split()]
    return next((word for word in words if word.rstrip(".") not in _TITLES), "")


def _by_fuzzy_name(book: BookData, word: str, kinds: Sequence[str]) -> Iterable[Record]:
    from plaincrm.crm.similarity import closest

    return closest(word, list(_records(book, kinds)), FUZZY_SCORE)

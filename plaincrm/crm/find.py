"""Full text over all records, best first: which record has the words, and in which line.

There is no index of words: every file is read and looked through, by all cores, which takes as long
as it takes to see whether an index would still hold. Of equal hits the one that was stirred last
stands first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from plaincrm.book import workers
from plaincrm.core.records.collection import Collection
from plaincrm.core.records.facts import Context
from plaincrm.core.records.fulltext import Found, SearchWords, bare
from plaincrm.core.records.record import Record
from plaincrm.core.values.raw import Raw, items

PART = 512  # records to a part; a process takes several
LEAST = 2  # parts that are worth a process of their own
Span = tuple[int, int]
Hits = list[tuple[int, Found]]


class Hit(NamedTuple):
    """`where` is the field in which the line `text` stands, or `body`; `line` its number in the
    file (body only).
    """

    record: Record
    score: int
    where: str
    text: str
    line: int | None = None


def search(
    context: Context, words: Sequence[str], kinds: Iterable[str] = (), *, body: bool = True
) -> list[Hit]:
    """The records that have all the words, best first. `body`: look beneath the front matter
    too.
    """
    wanted = SearchWords(words)
    if not wanted:
        return []
    stocks = {
        kind: context.store.collection(kind)
        for kind in tuple(kinds) or tuple(context.store.schema.kinds)
    }
    found: list[tuple[tuple[int, int, str], Hit]] = []
    days: dict[str, tuple[list[str | None], list[str | None]]] = {}
    for kind, hits in (_in_files if body else _in_fields)(stocks, wanted):
        if hits and kind not in days:
            days[kind] = context.column(kind, "last_entry"), context.column(kind, "began")
        for place, hit in hits:
            entries, began = days[kind]
            record = stocks[kind][place]
            key = (-hit[0], -_ordinal(entries[place] or began[place] or ""), record.ref)
            found.append((key, Hit(record, *hit)))
    found.sort(key=lambda each: each[0])
    return [hit for _, hit in found]


def _in_files(stocks: Mapping[str, Collection], wanted: SearchWords) -> list[tuple[str, Hits]]:
    """Kind and, of records of it that have the words, their places and what was found."""
    parts = [
        (kind, start)
        for kind, collection in stocks.items()
        for start in range(0, len(collection), PART)
    ]

    def part(which: tuple[str, int]) -> tuple[str, Hits]:
        kind, start = which
        collection = stocks[kind]
        places = range(start, min(start + PART, len(collection)))
        return kind, [
            (place, found) for place in places if (found := wanted.in_file(collection[place]))
        ]

    return workers.mapped(part, parts, LEAST)


def _in_fields(stocks: Mapping[str, Collection], wanted: SearchWords) -> list[tuple[str, Hits]]:
    """Like `_in_files`, from the columns that the cache keeps."""
    return [
        (
            kind,
            [
                (place, hit)
                for place in _with_all(collection, wanted)
                if (hit := wanted.in_fields(collection[place]))
            ],
        )
        for kind, collection in stocks.items()
    ]


def _with_all(collection: Collection, wanted: SearchWords) -> Iterator[int]:
    """The places of the records whose id and fields, all in one, may have the words."""
    columns = [
        collection.column(name) for name in sorted(collection.names()) if not name.startswith("_")
    ]
    for place, (id, *raws) in enumerate(zip(collection.ids(), *columns, strict=True)):
        texts = [raw if isinstance(raw, str) else _flat(raw) for raw in raws if raw]
        if wanted.may_be_in(bare("\n".join([id, *texts]))):
            yield place


def _flat(raw: Raw) -> str:
    return "\n".join(f"{item.label}\n{item.text}" for item in items(raw))


@lru_cache(maxsize=4096)
def _ordinal(day: str) -> int:
    return (date.fromisoformat(day) if day else date.min).toordinal()


def spans(text: str, words: Iterable[str]) -> list[Span]:
    """Where in `text` the words stand, in order and without overlaps: `(start, end)`."""
    folded, places = "", []
    for place, char in enumerate(text):
        each = bare(char)
        folded += each
        places += [place] * len(each)
    found = sorted(
        (places[match.start()], places[match.end() - 1] + 1)
        for word in map(bare, words)
        if word
        for match in re.finditer(re.escape(word), folded)
    )
    return list(_merged(found))


def _merged(found: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for start, end in found:
        if last and start <= last[1]:
            last = (last[0], max(last[1], end))
            continue
        if last:
            yield last
        last = (start, end)
    if last:
        yield last


def addresses(hits: Iterable[Hit]) -> Iterator[tuple[str, str, str]]:
    """(e-mail, name, label) of everybody found who has one, each address once: what a mail program
    asks for.
    """
    seen: set[str] = set()
    for hit in hits:
        for item in hit.record.items("email"):
            if item.text.casefold() not in seen:
                seen.add(item.text.casefold())
                yield item.text, hit.record.title, item.label or hit.record.kind.name

"""Full text over all records, best first: which record has the words, and in which line.

There is no index of words: the texts of all records lie folded in the cache
(`records.search_text`), and are looked through from end to end. Only records that are shown are
opened, for their line. Of equal hits the one that was stirred last stands first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from heapq import nsmallest
from typing import NamedTuple

from plaincrm.book import workers
from plaincrm.core.records.collection import Collection
from plaincrm.core.records.facts import Context
from plaincrm.core.records.fulltext import Found, SearchWords, bare
from plaincrm.core.records.record import Record
from plaincrm.core.records.search_text import Piece, search_text, unpacked, with_rows
from plaincrm.core.values.raw import Raw, items

LEAST = 32  # pieces of text that are worth a process of their own
FILES = 512  # and files
Span = tuple[int, int]
Place = tuple[str, int]  # a kind, and a place in its collection
Scores = dict[int, int]  # by row or place
Stocks = Mapping[str, Collection]


class FoundLine(NamedTuple):
    """`where` is the field in which the line `text` stands, or `body`; `line` its number in the
    file (body only).
    """

    record: Record
    score: int
    where: str
    text: str
    line: int | None = None


class Search(NamedTuple):
    """What a search found: how many records in all, and the first of them."""

    total: int
    hits: list[FoundLine]


def search(
    context: Context,
    words: Sequence[str],
    kinds: Iterable[str] = (),
    *,
    body: bool = True,
    most: int | None = None,
) -> Search:
    """The records that have all the words, best first. `body`: look beneath the front matter
    too. The line is looked for in the first `most` only.
    """
    wanted = SearchWords(words)
    if not wanted:
        return Search(0, [])
    stocks = {
        kind: context.store.collection(kind)
        for kind in tuple(kinds) or tuple(context.store.schema.kinds)
    }
    if body:
        scores = _in_texts(stocks, wanted)
        ranked = _ranked(context, stocks, scores, most)
        return Search(sum(map(len, scores.values())), _with_lines(stocks, wanted, ranked))
    found = _in_fields(stocks, wanted)
    scores = {kind: {place: hit[0] for place, hit in hits.items()} for kind, hits in found.items()}
    ranked = _ranked(context, stocks, scores, most)
    hits = [FoundLine(stocks[kind][place], *found[kind][place]) for kind, place in ranked]
    return Search(sum(map(len, scores.values())), hits)


def _ranked(
    context: Context, stocks: Stocks, scores: Mapping[str, Scores], most: int | None
) -> list[Place]:
    """The places of what was found, best first, at most so many."""
    keys: list[tuple[int, int, str, str, int]] = []
    for kind, hits in scores.items():
        if not hits:
            continue
        entries, began = context.column(kind, "last_entry"), context.column(kind, "began")
        ids = stocks[kind].ids()
        for place, score in hits.items():
            day = _ordinal(entries[place] or began[place] or "")
            keys.append((-score, -day, f"{kind}/{ids[place]}", kind, place))
    chosen = sorted(keys) if most is None else nsmallest(most, keys)
    return [(kind, place) for *_, kind, place in chosen]


def _in_texts(stocks: Stocks, wanted: SearchWords) -> dict[str, Scores]:
    """The score of each record that has the words, by kind and place: from the texts that the
    cache keeps, and of records that it does not have from their files.
    """
    pieces = {kind: collection.search_texts() for kind, collection in stocks.items()}
    parts = [(kind, row, piece) for kind in stocks for row, piece in with_rows(pieces[kind])]

    def part(which: tuple[str, int, Piece]) -> dict[int, int]:
        _, row, piece = which
        texts = enumerate(unpacked(piece), row)
        return {row: score for row, text in texts if (score := wanted.score(text))}

    found: dict[str, Scores] = {kind: {} for kind in stocks}
    for (kind, _, _), scores in zip(parts, workers.mapped(part, parts, LEAST), strict=True):
        found[kind] |= scores
    for kind, collection in stocks.items():
        found[kind] = _of_places(collection, found[kind], wanted, bool(pieces[kind]))
    return found


def _of_places(collection: Collection, rows: Scores, wanted: SearchWords, kept: bool) -> Scores:
    """The scores of rows as those of places, with the records that are in no row."""
    places = collection.places_of_rows() if kept else {}
    found = {places[row]: score for row, score in rows.items() if row in places}
    known = set(places.values())
    others = [place for place in range(len(collection)) if place not in known]
    if not others:
        return found

    def score(place: int) -> int:
        return wanted.score(search_text(collection[place]))

    scores = workers.mapped(score, others, FILES)
    return found | {place: score for place, score in zip(others, scores, strict=True) if score}


def _with_lines(stocks: Stocks, wanted: SearchWords, ranked: Sequence[Place]) -> list[FoundLine]:
    """The hits at these places, each with the line that has the words; of a file that has changed
    meanwhile there may be none.
    """

    def line(which: Place) -> Found | None:
        kind, place = which
        return wanted.in_file(stocks[kind][place])

    lines = zip(ranked, workers.mapped(line, ranked, FILES), strict=True)
    return [FoundLine(stocks[kind][place], *found) for (kind, place), found in lines if found]


def _in_fields(stocks: Stocks, wanted: SearchWords) -> dict[str, dict[int, Found]]:
    """By kind and place what was found in titles, ids and fields, from the columns that the cache
    keeps.
    """
    return {
        kind: {
            place: hit
            for place in _with_all(collection, wanted)
            if (hit := wanted.in_fields(collection[place]))
        }
        for kind, collection in stocks.items()
    }


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


def addresses(hits: Iterable[FoundLine]) -> Iterator[tuple[str, str, str]]:
    """(e-mail, name, label) of everybody found who has one, each address once: what a mail program
    asks for.
    """
    seen: set[str] = set()
    for hit in hits:
        for item in hit.record.items("email"):
            if item.text.casefold() not in seen:
                seen.add(item.text.casefold())
                yield item.text, hit.record.title, item.label or hit.record.kind.name

"""Full text over all records, best first: which record has the words, and in which line.

A word in the title counts most, then in a field, then in the body; a whole word more than a part of one; of
equal hits the one that was stirred last stands first. Case and accents don't matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from plaincrm.core.facts import World
from plaincrm.core.query.search import bare
from plaincrm.core.record import Record, items

TITLE, FIELD, ID, BODY = 30, 10, 8, 3
WHOLE = 2  # a whole word counts so many times a part of one
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """`where` is the field in which the line `text` stands, or `body`; `line` its number in the file (body only)."""

    record: Record
    score: int
    where: str
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    weight: int
    where: str
    text: str
    number: int | None = None


def search(world: World, words: Sequence[str], kinds: Iterable[str] = (), *, body: bool = True) -> list[Hit]:
    """The records that have all the words, best first. `body`: look beneath the front matter too."""
    wanted = [folded for word in words if (folded := " ".join(bare(word).split()))]
    chosen = tuple(kinds) or tuple(world.store.schema.kinds)
    records = (record for kind in chosen for record in world.store.records(kind))
    hits = [hit for record in records if wanted and (hit := _hit(record, wanted, body))]
    return sorted(hits, key=lambda hit: (-hit.score, -_stirred(hit.record, world), hit.record.ref))


def _hit(record: Record, wanted: Sequence[str], body: bool) -> Hit | None:
    whole = bare(f"{record.id}\n{record.load()}")
    if not all(word in whole or " " in word for word in wanted):
        return None
    best: dict[str, int] = {}
    top: tuple[int, _Line] | None = None
    for line in _lines(record, body):
        found = {word: points for word in wanted if (points := _points(line, word))}
        for word, points in found.items():
            best[word] = max(best.get(word, 0), points)
        total = sum(found.values()) + len(found)
        if found and (top is None or total > top[0]):
            top = (total, line)
    if top is None or len(best) < len(wanted):
        return None
    return Hit(record, sum(best.values()), top[1].where, top[1].text, top[1].number)


def _lines(record: Record, body: bool) -> Iterator[_Line]:
    title = record.kind.title
    yield _Line(TITLE, title, record.title)
    yield _Line(ID, "id", record.id)
    for name, raw in record.fields.items():
        if name != title and not name.startswith("_"):
            for item in items(raw):
                yield _Line(FIELD, name, f"{item.label}: {item.text}" if item.label else item.text)
    for number, text in enumerate(record.body.splitlines() if body else (), record.document.body_line):
        yield _Line(BODY, "body", text.strip(), number)


def _points(line: _Line, word: str) -> int:
    text = " ".join(bare(line.text).split())
    if word not in text:
        return 0
    return line.weight * (WHOLE if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) else 1)


def _stirred(record: Record, world: World) -> int:
    day = world.fact(record, "last_entry") or world.fact(record, "began") or date.min
    return int(day.toordinal())


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
    """(e-mail, name, label) of everybody found who has one, each address once: what a mail program asks for."""
    seen: set[str] = set()
    for hit in hits:
        for item in hit.record.items("email"):
            if item.text.casefold() not in seen:
                seen.add(item.text.casefold())
                yield item.text, hit.record.title, item.label or hit.record.kind.name

"""Lines typed on a phone: the log's own grammar, with whose log it is.

2026-11-20 ola call: wants Norwegian too
2026-11-20 14:30 Fjord AS meeting out with kari: signed
  and a second line of it
2026-11-21 website: the quote is due          no type: a note

DATE[ TIME[Z|±hh:mm]] REF[ TYPE[ in|out][ with ID,…]]: TEXT
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from plaincrm.core.timeline import log
from plaincrm.core.timeline.log import Entry, LogError
from plaincrm.interchange.csv.draft import Reject

_WHEN = (
    r"(?:[-*+][ \t]+)?(?P<when>\d{4}-\d{2}-\d{2}(?:["
    r" \tT]+\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?)"
)
_BEGINS = re.compile(_WHEN + r"[ \t]+\S[^:]*:")
_PLAIN = re.compile(_WHEN + r"[ \t]+(?P<ref>[^:]*[^:\s])[ \t]*:(?P<text>.*)", re.DOTALL)
_LONGEST = 20_000
_WRITE = "write it as 2026-11-20 ola call: what was said"


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry for the log of `ref`, at `line` of the file. `entry.people` are references too, as
    typed.
    """

    line: int
    ref: str
    entry: Entry


def begins(line: str) -> bool:
    """Whether an entry may begin here: a date, words, a colon."""
    return bool(_BEGINS.match(line))


def read(text: str, types: Collection[str] = ()) -> Iterator[LogLine | Reject]:
    """The entries of a text. `types` are the book's own beside the log's. Headings and blank lines
    are passed over; a line that can't be read is a Reject with the reason."""
    for number, head, rest in _items(text):
        try:
            yield _line(number, head, rest, frozenset(types))
        except LogError as error:
            yield Reject(number, f"{error}; {_WRITE}", ("\n".join([head, *rest]),))


def _items(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Each unindented line with its number and the indented lines below it."""
    head: tuple[int, str, list[str]] | None = None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), 1):
        if line[:1] in (" ", "\t") and line.strip() and head:
            head[2].append(line)
        elif line.strip():
            if head:
                yield head
            head = None if line.startswith("#") else (number, line.strip(), [])
    if head:
        yield head


def _line(number: int, head: str, rest: list[str], types: frozenset[str]) -> LogLine:
    if len(head) > _LONGEST:
        raise LogError("it is longer than any line that somebody typed")
    match = _full(types).fullmatch(head)
    if match:
        words = [
            match["type"],
            match["direction"] or "",
            f"with {match['people']}" if match["people"] else "",
        ]
        said = " ".join(filter(None, [match["when"], *words]))
        return LogLine(number, match["ref"], log.read(f"{said}:{match['text']}", rest, types))
    match = _PLAIN.fullmatch(head)
    if not match:
        raise LogError("it does not begin with a date, a record and a colon")
    if match["ref"].split()[0].casefold() in log.TYPES | types:
        raise LogError("it does not say whose log it is for")
    return LogLine(
        number, match["ref"], log.read(f"{match['when']} note:{match['text']}", rest, types)
    )


@lru_cache(maxsize=8)
def _full(types: frozenset[str]) -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, log.TYPES | types)))
    return re.compile(
        rf"{_WHEN}[ \t]+(?P<ref>[^:]*?[^:\s])[ \t]+(?P<type>{words})(?:["
        r" \t]+(?P<direction>in|out))?"
        r"(?:[ \t]+with[ \t]+(?P<people>[^:\n]*[^:\s]))?[ \t]*:(?P<text>.*)",
        re.DOTALL | re.IGNORECASE,
    )

"""Which line of a record has the words of a search, and how well it stands for them.

A word in the title counts most, then in a field, then in the body; a whole word more than a part of
one. Case and accents don't matter, nor how wide the space is between the words of a phrase.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from plaincrm.core.records.record import Record
from plaincrm.core.text.text_file import BOM, place
from plaincrm.core.values.raw import items
from plaincrm.core.yaml.fences import find_fences

TITLE, FIELD, ID, BODY = 30, 10, 8, 3
WHOLE = 2  # a whole word counts so many times a part of one
MARK = "\x01"  # between the head and the body of a search text
Found: TypeAlias = tuple[
    int, str, str, int | None
]  # score; field or `body`, text and (body only) number of the line


def bare(text: str) -> str:
    """The form in which texts are searched: compatibility letters and accents undone, case
    folded.
    """
    if text.isascii():
        return text.lower()
    return text.encode("ascii", _UNDONE).lower().decode("utf-8", "surrogatepass")


def _undo(error: UnicodeError) -> tuple[bytes, int]:
    """What stands for letters that are not ASCII. A run of them by itself gives what the whole text
    would.
    """
    assert isinstance(error, UnicodeEncodeError)
    return _undone(error.object[error.start : error.end]), error.end


@lru_cache(maxsize=4096)
def _undone(run: str) -> bytes:
    apart = unicodedata.normalize("NFKD", run)
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    return plain.casefold().encode("utf-8", "surrogatepass")


# A handler of errors, since an encoder finds what is not ASCII ten times faster than a regular
# expression.
_UNDONE = "plaincrm.bare"
codecs.register_error(_UNDONE, _undo)


class _Line(NamedTuple):
    weight: int
    where: str
    text: str
    folded: str
    number: int | None = None


class SearchWords:
    """The words to look for, all of which a record must have; one with spaces in it is a phrase."""

    def __init__(self, words: Iterable[str]) -> None:
        wanted = dict.fromkeys(folded for word in words if (folded := " ".join(bare(word).split())))
        self._whole = {word: re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") for word in wanted}
        self._tokens = {token.strip(":") for word in wanted for token in word.split()}
        self._phrases = any(" " in word for word in wanted)
        self._any = re.compile(
            "|".join(r"[^\S\n]+".join(map(re.escape, word.split())) for word in wanted)
        )

    def __bool__(self) -> bool:
        return bool(self._whole)

    def score(self, search_text: str) -> int:
        """How well the words stand for a record with this text (`records.search_text`); 0 where
        one of them is not in it.
        """
        for word in self._whole:
            if word not in search_text:
                return 0
        head, _, body = search_text.partition(MARK)
        title, id, *fields = head.split("\n", 2)
        places = [(TITLE, title), (FIELD, "".join(fields)), (ID, id), (BODY, body)]
        total = 0
        for word, whole in self._whole.items():
            points = [
                weight * (WHOLE if whole.search(text) else 1)
                for weight, text in places
                if word in text
            ]
            if not points:
                return 0
            total += max(points)
        return total

    def may_be_in(self, folded: str) -> bool:
        """Whether all the words may be in a text, which `bare` has folded; never a false no."""
        for token in self._tokens:  # noqa: SIM110 (it runs once a file, and a generator costs more than the search)
            if token not in folded:
                return False
        return True

    def in_file(self, record: Record) -> Found | None:
        """Where the words are in the record's whole file, of which as little is parsed as will
        do.
        """
        text = record.load()
        folded = bare(f"{record.id}\n{text}")
        # In escapes and doubled quotes a value stands in other letters than its own.
        escaped = "\\" in text or "''" in text
        if not escaped and not self.may_be_in(folded):
            return None
        fences = find_fences(text)
        start = fences.body if fences else len(BOM) * text.startswith(BOM)
        named = bare(f"{record.id}\n{text[:start]}")
        lines = list(self._below(text, start, folded[len(named) :]))
        if escaped or any(token in named for token in self._tokens):
            lines = [*_head(record), *lines]
        return self._best(lines)

    def _below(self, text: str, start: int, folded: str) -> Iterator[_Line]:
        """The lines of the body, which begins at `start` and folded is `folded`, that have one of
        the words.
        """
        body = text[start:]
        if "\r" in body:
            body, folded = (
                each.replace("\r\n", "\n").replace("\r", "\n") for each in (body, folded)
            )
        lines: list[str] = []
        end = -1
        for match in self._any.finditer(folded):
            if match.start() > end:
                lines = lines or body.split("\n")
                number = folded.count("\n", 0, match.start())
                begin, end = (
                    folded.rfind("\n", 0, match.start()) + 1,
                    folded.find("\n", match.start()),
                )
                end = end if end >= 0 else len(folded)
                yield _Line(
                    BODY,
                    "body",
                    lines[number].strip(),
                    folded[begin:end],
                    place(text, start)[0] + number,
                )

    def in_fields(self, record: Record) -> Found | None:
        """Where the words are in the title, id and fields; the file is not read."""
        return self._best(_head(record))

    def _best(self, lines: Iterable[_Line]) -> Found | None:
        best: dict[str, int] = {}
        top, most = None, 0
        for line in lines:
            points = self._points(line)
            for word, count in points.items():
                best[word] = max(best.get(word, 0), count)
            if (total := sum(points.values()) + len(points)) > most:
                top, most = line, total
        if top is None or len(best) < len(self._whole):
            return None
        return sum(best.values()), top.where, top.text, top.number

    def _points(self, line: _Line) -> dict[str, int]:
        text = " ".join(line.folded.split()) if self._phrases else line.folded
        return {
            word: line.weight * (WHOLE if whole.search(text) else 1)
            for word, whole in self._whole.items()
            if word in text
        }


def _head(record: Record) -> Iterator[_Line]:
    title = record.kind.title
    yield _Line(TITLE, title, record.title, bare(record.title))
    yield _Line(ID, "id", record.id, bare(record.id))
    for name, text in _values(record):
        yield _Line(FIELD, name, text, bare(text))


def head_texts(record: Record) -> Iterator[str]:
    """Title, id and each value, as they stand in the record."""
    yield record.title
    yield record.id
    for _, text in _values(record):
        yield text


def _values(record: Record) -> Iterator[tuple[str, str]]:
    """(field, text) of each value that is searched."""
    for name, raw in record.fields.items():
        if name != record.kind.title and not name.startswith("_"):
            for item in items(raw):
                yield name, f"{item.label}: {item.text}" if item.label else item.text

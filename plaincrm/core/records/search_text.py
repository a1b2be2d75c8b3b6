"""What a search looks through: the folded text of each record, kept in pieces of many records.

    title · id · a line for each value · MARK · the lines of the body

Each line is folded as `fulltext.bare` does it, with single spaces. So a word or a phrase is in a
record if it is in this text, and the place tells how much it counts. A piece is compressed, since
the texts of a book are as large as the book.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from plaincrm.core.records.fulltext import MARK, bare, head_texts
from plaincrm.core.records.record import Record
from plaincrm.core.text.text_file import BOM
from plaincrm.core.yaml.fences import find_fences

BETWEEN = "\x00"
PART = 256  # records to a piece: enough to compress well, few enough to be made anew
FAST = 1  # zlib's fastest level: a fifth of the time of its default, for a tenth more bytes
Piece: TypeAlias = tuple[int, bytes]
"""How many records, and their texts, compressed."""
Row: TypeAlias = tuple[int, int]
"""Which part, and the row in it."""


def search_text(record: Record) -> str:
    """The text of one record, of which the file is read."""
    text = record.load()
    fences = find_fences(text)
    start = fences.body if fences else len(BOM) * text.startswith(BOM)
    head = map(_line, head_texts(record))
    body = bare(text[start:].replace("\r\n", "\n").replace("\r", "\n"))
    lines = (line for each in body.split("\n") if (line := " ".join(each.split())))
    found = "\n".join(head) + MARK + "\n".join(lines)
    return found.replace(BETWEEN, " ")


def _line(text: str) -> str:
    return " ".join(bare(text).split()).replace(MARK, " ")


def packed(texts: Sequence[str]) -> list[Piece]:
    """The texts of records as pieces, in their order."""
    starts = range(0, len(texts), PART)
    return [_piece(texts[start : start + PART]) for start in starts]


def _piece(texts: Sequence[str]) -> Piece:
    data = BETWEEN.join(texts).encode("utf-8", "surrogatepass")
    return len(texts), zlib.compress(data, FAST)


def unpacked(piece: Piece) -> list[str]:
    """The texts of a piece, one a record."""
    return zlib.decompress(piece[1]).decode("utf-8", "surrogatepass").split(BETWEEN)


def with_rows(pieces: Iterable[Piece]) -> Iterator[tuple[int, Piece]]:
    """Each piece with the row of its first record."""
    row = 0
    for piece in pieces:
        yield row, piece
        row += piece[0]


def joined(parts: Sequence[Sequence[Piece]], rows: Sequence[Row]) -> list[Piece]:
    """The pieces of several parts as those of one, which has the given rows of them in that order.

    A piece whose records stay together is taken as it is; only what stood around a change is
    unpacked.
    """
    return list(_Joining(parts, rows).pieces())


class _Joining:
    def __init__(self, parts: Sequence[Sequence[Piece]], rows: Sequence[Row]) -> None:
        self._rows = rows
        self._starts = {
            (number, row): piece
            for number, part in enumerate(parts)
            for row, piece in with_rows(part)
        }
        self._texts: dict[Row, str] = {}

    def pieces(self) -> Iterator[Piece]:
        loose: list[str] = []
        at = 0
        while at < len(self._rows):
            piece = self._whole(at)
            if piece is None:
                loose.append(self._text(self._rows[at]))
                at += 1
            else:
                yield from packed(loose)
                loose = []
                yield piece
                at += piece[0]
        yield from packed(loose)

    def _whole(self, at: int) -> Piece | None:
        """The piece that begins here and whose records all follow."""
        part, row = self._rows[at]
        piece = self._starts.get((part, row))
        if piece is None:
            return None
        together = [(part, row + n) for n in range(piece[0])]
        return piece if self._rows[at : at + piece[0]] == together else None

    def _text(self, wanted: Row) -> str:
        if wanted not in self._texts:
            part, row = wanted
            first = max(start for number, start in self._starts if number == part and start <= row)
            texts = unpacked(self._starts[part, first])
            self._texts |= {(part, first + n): text for n, text in enumerate(texts)}
        return self._texts[wanted]

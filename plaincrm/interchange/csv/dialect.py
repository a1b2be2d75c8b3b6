"""Which character parts the cells: the one under which the rows of a sample have the same width."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence

CANDIDATES = ",;\t|:"
_SEP_LINE = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)


def declared(line: str) -> str:
    """The delimiter that Excel's own first line `sep=;` names, else empty."""
    found = _SEP_LINE.fullmatch(line)
    return found[1] if found else ""


def delimiter(lines: Sequence[str]) -> str:
    """The delimiter of the sample; `,` where nothing parts the lines (one column)."""
    score, best = max((_score(lines, mark), -CANDIDATES.index(mark)) for mark in CANDIDATES)
    return CANDIDATES[-best] if score > 0 else ","


def _score(lines: Sequence[str], mark: str) -> float:
    """Share of the rows that have the commonest width, times that width: even and wide wins."""
    try:
        rows = [row for row in csv.reader(lines, delimiter=mark) if any(row)]
    except csv.Error:
        return 0.0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1] * item[0] ** 0.5, item[0]))
    if mark == ":" and (
        count < len(rows) or len(rows) < 2
    ):  # a colon is far more often part of a text
        return 0.0
    return float((count / len(rows)) ** 2 * width**0.5)

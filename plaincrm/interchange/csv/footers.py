"""Rows below a table that are no records: sums, and what reports print at their end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from plaincrm.interchange.csv.rows import CsvRow

FOOTER = "below the table, no record"
_TOTAL = re.compile(
    r"(?:grand |sub|report )?(?:totals?|summe|gesamt(?:summe|betrag)?|zwischensumme|insgesamt|somme"
    r"|total général|totale(?: generale)?|totaal|eindtotaal|suma|razem|total geral|totales|Σ|∑)"
    r"(?:\s*\([^)]*\))?\s*:?",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"(?:copyright|confidential|generated (?:by|on|at)|report (?:generated|run)|printed (?:by|on)"
    r"|exported (?:by|on|at)|erstellt (?:von|am)|vertraulich|page \d+|seite \d+|stand|as of"
    r"|end of report)\b|©"
    r"|.*all rights reserved",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[^\d\n]{0,5}[-(]?\d[\d.,' \u00a0\u202f%]*[^\d\n]{0,5}")
_MOST = 50  # rows that a footer may have; beyond it is data


def is_total(cells: Sequence[str]) -> bool:
    """Whether a row says `Total` or the like, and beside it nothing but figures."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    words = [cell for cell in filled if not _FIGURE.fullmatch(cell)]
    return bool(words) and all(_TOTAL.fullmatch(word) for word in words)


def marked(rows: Iterable[CsvRow], width: int) -> Iterator[CsvRow]:
    """The rows, with a `note` on those of a footer: the last ones, a single cell each, after a gap,
    of which one is known from reports."""
    held: list[CsvRow] = []
    gap = False
    for row in rows:
        if row.blank:
            yield row
            gap = True
            continue
        single = width > 1 and not row.problem and sum(bool(c.strip()) for c in row.cells) == 1
        if single and (held or gap or _reported(row)) and len(held) < _MOST:
            held.append(row)
            continue
        yield from held
        held, gap = [], False
        yield row
    known = any(_reported(row) for row in held)
    yield from (replace(row, note=FOOTER) if known else row for row in held)


def _reported(row: CsvRow) -> bool:
    cell = next((cell.strip() for cell in row.cells if cell.strip()), "")
    return bool(_TOTAL.fullmatch(cell) or _PRINTED.match(cell))

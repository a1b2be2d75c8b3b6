"""Likely duplicates as rows: the score, the two records, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plaincrm.crm.duplicates.pairs import DuplicatePair
from plaincrm.views.rows import Rows, text_columns

COLUMNS = ("score", "keep", "duplicate", "names", "reasons")


def rows(pairs: Sequence[DuplicatePair], total: int) -> Rows:
    columns = text_columns(COLUMNS, _cells, right=("score",), spare=("names",))
    return Rows(
        "duplicates",
        total,
        pairs,
        columns,
        _json,
        lambda pair: pair.duplicate.ref,
        lambda pair: pair.duplicate.path,
    )


def _cells(pair: DuplicatePair) -> list[str]:
    titles = dict.fromkeys((pair.keep.title, pair.duplicate.title))
    return [
        str(pair.score),
        pair.keep.ref,
        pair.duplicate.ref,
        " = ".join(titles),
        ", ".join(pair.reasons),
    ]


def _json(pair: DuplicatePair) -> Any:
    return {
        "kind": pair.keep.kind.name,
        "keep": pair.keep.id,
        "duplicate": pair.duplicate.id,
        "score": pair.score,
        "reasons": list(pair.reasons),
        "command": f"plaincrm merge {pair.keep.ref} {pair.duplicate.ref}",
    }

"""Bare words: a plain search in the text of a record, without case or accents (`muller` finds
Müller).
"""

from __future__ import annotations

from plaincrm.core.query.resolve import PSEUDO, Keep
from plaincrm.core.records.fulltext import bare
from plaincrm.core.records.record import Record


def contains(text: str) -> Keep:
    """Whether the name or title, the body, a task or the log has `text`. The body is read last."""
    wanted = bare(text)

    def test(record: Record) -> bool:
        if wanted in bare(record.title):
            return True
        return record.kind.name not in PSEUDO and wanted in bare(record.body)

    return test

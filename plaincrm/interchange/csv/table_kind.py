"""What the rows of a plain table are: the kind that most columns speak for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from plaincrm.core.schema.kinds import Schema
from plaincrm.interchange.csv import column_choice, entries, form_words, names
from plaincrm.interchange.csv.rows import CsvRow
from plaincrm.interchange.csv.target import LOG

_MARK = 100
"""What a column that only one kind has counts beside one that many have."""


def likely(header: Sequence[str], sample: Sequence[CsvRow], schema: Schema) -> str:
    """The name of a kind of the book, or a form of `entries`."""
    if form_words.is_form(header):
        return "contact"
    votes: Counter[str] = Counter()
    for kind in schema.kinds.values():
        columns = column_choice.chosen(header, sample, kind)
        words = {word for word in columns.values() if word}
        marks = names.MARKS.get(kind.name, set())
        votes[kind.name] = _MARK * len(marks & words) + len(words)
    best = "contact" if votes["contact"] == max(votes.values()) else votes.most_common(1)[0][0]
    as_entries = column_choice.chosen(header, sample, LOG)
    form = entries.form(as_entries, header, sample)
    if form and not _surely(best, header, sample, schema):
        return form
    return best


def _surely(best: str, header: Sequence[str], sample: Sequence[CsvRow], schema: Schema) -> bool:
    """Whether the columns name what only records have: a stage, a person's given name."""
    kind = schema.kinds[best]
    words = {w for w in column_choice.chosen(header, sample, kind).values() if w}
    telling = {
        "deal": {"stage", "probability", "close_date", "pipeline"},
        "contact": {"job", "birthday", "greeting"},
        "company": {"domain", "vat_id", "industry"},
        "ticket": {"solved", "channel"},
    }.get(best, set())
    return bool(telling & words)

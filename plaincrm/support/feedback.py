"""What customers say about the work: ratings of a ticket (CSAT, 1 to 5) and whether they would
recommend it (NPS, 0 to 10).

Both are log entries whose text begins with the number: `- 2026-11-20 csat: 5 Quick and friendly`,
`- 2026-11-20 nps: 9`. A ticket may have its rating in the field `csat` instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import own_day
from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value
from plaincrm.core.values.figure import Figure, Term, rate

CSAT, NPS = "csat", "nps"
HIGHEST = {CSAT: 5, NPS: 10}
LOWEST = {CSAT: 1, NPS: 0}
_NUMBER = pattern(r"\s*([0-9]{1,2})(?:\s*/\s*[0-9]{1,2})?(?![0-9.,])")


@value
class Rating:
    """One answer to a survey. `type`: `csat` or `nps`."""

    type: str
    day: date
    score: int


def score_of(type: str, text: str) -> int | None:
    """The number that the text of an entry begins with; None where it is none of the scale."""
    match = _NUMBER.match(text)
    score = int(match[1]) if match else -1
    return score if LOWEST[type] <= score <= HIGHEST[type] else None


def own_ratings(record: Record) -> Iterator[Rating]:
    """The ratings in a record's own file, the latest last; a ticket's field counts where its log
    has no rating.
    """
    entries = sorted(
        (entry for entry in record.log if entry.type in HIGHEST), key=lambda entry: entry.at
    )
    for entry in entries:
        score = score_of(entry.type, entry.text)
        if score is not None:
            yield Rating(entry.type, entry.date, score)
    if record.kind.name == "ticket" and not any(entry.type == CSAT for entry in entries):
        yield from _field(record)


def _field(ticket: Record) -> Iterator[Rating]:
    score = ticket.value("csat")
    solved = ticket.value("solved")
    day = solved if isinstance(solved, date) else own_day(ticket, "created")
    in_scale = isinstance(score, Decimal) and LOWEST[CSAT] <= score <= HIGHEST[CSAT]
    if in_scale and day is not None:
        plain = date(day.year, day.month, day.day)
        yield Rating(CSAT, plain, int(score))  # type: ignore[arg-type]


def kept_ratings(record: Record, _: Context) -> tuple[tuple[str, str, int], ...] | None:
    """The ratings in a record's own file in the form that the cache keeps."""
    found = tuple((each.type, each.day.isoformat(), each.score) for each in own_ratings(record))
    return found or None


def ratings(record: Record, context: Context) -> list[Rating]:
    """The ratings in a record's own file."""
    kept = context.fact(record, "_ratings") or ()
    return [Rating(type, date.fromisoformat(day), score) for type, day, score in kept]


def all_of(
    kind: str, context: Context, first: date, last: date, records: Sequence[Record] | None = None
) -> list[Rating]:
    """The ratings of the days from `first` to `last` in the files of `records`; without them of
    all of the kind.
    """
    if records is None:
        kept = context.column(kind, "_ratings")
    else:
        kept = [context.fact(record, "_ratings") for record in records]
    start, end = first.isoformat(), last.isoformat()
    return [
        Rating(type, date.fromisoformat(day), score)
        for found in kept
        if found
        for type, day, score in found
        if start <= day <= end
    ]


def csat(found: Iterable[Rating]) -> Figure:
    """The share of ratings of 4 and 5."""
    scores = [each.score for each in found if each.type == CSAT]
    good = sum(score >= 4 for score in scores)
    terms = (Term("ratings of 4 and 5", good), Term("ratings", len(scores)))
    return rate(CSAT, good, len(scores), len(scores), terms)


def nps(found: Iterable[Rating]) -> Figure:
    """The share of 9 and 10, less the share of 0 to 6, from -100 to 100."""
    scores = [each.score for each in found if each.type == NPS]
    promoters = sum(score >= 9 for score in scores)
    detractors = sum(score <= 6 for score in scores)
    count = len(scores)
    net = Decimal(promoters - detractors) * 100 / count if count else None
    terms = (Term("9 and 10", promoters), Term("0 to 6", detractors), Term("answers", count))
    return Figure(NPS, net, "score", n=count, terms=terms)


def all_ratings(record: Record, context: Context) -> list[Rating]:
    """The ratings of a contact or company: its own, and those of its tickets and people; the
    latest last.
    """
    sources = [record]
    for kind in ("ticket", "contact") if record.kind.name == "company" else ("ticket",):
        sources += context.store.linked_from(record, kind, record.kind.name)
    return sorted(
        (each for source in sources for each in ratings(source, context)), key=lambda each: each.day
    )


def _latest(type: str) -> Callable[[Record, Context], Any]:
    def compute(record: Record, context: Context) -> Decimal | None:
        found = [each.score for each in all_ratings(record, context) if each.type == type]
        return Decimal(found[-1]) if found else None

    return compute


FACTS = (
    Fact("*", "_ratings", "plain", Needs.FILE, "The ratings in its own log", kept_ratings),
    *(
        Fact(kind, f"feedback.{type}", "number", Needs.STORE, doc, _latest(type))
        for kind in ("contact", "company")
        for type, doc in (
            (CSAT, "Its latest rating of a ticket, 1 to 5"),
            (NPS, "Its latest answer whether it would recommend you, 0 to 10"),
        )
    ),
)

"""A trait against an outcome: are those with it likelier to end so? Shares with n and intervals,
and the interval of their difference (Newcombe, method 10).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.core.values.figure import Figure, FigureTable, Term, rate
from plaincrm.core.values.proportion import difference, wilson
from plaincrm.crm.reports.report import ReportRequest, ReportResult, columns
from plaincrm.errors import QueryError, UsageError

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_COLUMNS = columns(
    "group", "records:count", "outcome:count", "rate:percent", "low:percent", "high:percent"
)
_KINDS = ("deal", "contact", "company", "ticket")


def report(book: Book, request: ReportRequest) -> ReportResult:
    """`report compare TRAIT OUTCOME [KIND]`: both are queries over one kind; of records that began
    in the period. Without KIND it is the first that knows both.
    """
    if len(request.words) not in (2, 3):
        example = 'plaincrm report compare "log(type:meeting).count:1.." is:won'
        raise UsageError("compare takes a trait and an outcome, both queries", example)
    trait, outcome, *kinds = request.words
    kind, having, ended = _asked(book, trait, outcome, kinds or _KINDS)
    every = [
        record
        for record in book.context.store.records(kind)
        if (day := book.context.fact(record, "began")) is None or day in request.period
    ]
    groups = [
        [record for record in every if (record.ref in having) == with_it]
        for with_it in (True, False)
    ]
    counts = [(sum(1 for r in group if r.ref in ended), len(group)) for group in groups]
    names = (trait, f"not {trait}")
    rows = tuple(_row(name, *count) for name, count in zip(names, counts, strict=True))
    refs = tuple(tuple(record.ref for record in group) for group in groups)
    table = FigureTable(f"{outcome} of {book.kind(kind).plural}", _COLUMNS, rows, refs)
    figures = (
        rate("with", *counts[0], counts[0][1], (Term(outcome, counts[0][0]),)),
        rate("without", *counts[1], counts[1][1], (Term(outcome, counts[1][0]),)),
        _difference(counts),
    )
    return ReportResult(
        "compare", request.period, figures, (table,), _notes(counts), kind, tuple(every)
    )


def _asked(
    book: Book, trait: str, outcome: str, kinds: Sequence[str]
) -> tuple[str, set[str], set[str]]:
    """The kind, and the records that each query selects. Raises QueryError of the last kind."""
    refused: QueryError | None = None
    for word in kinds:
        kind = book.kind(word)
        try:
            found = [_refs(book.select(kind, [words]).records) for words in (trait, outcome)]
        except QueryError as error:
            refused = refused or error
            continue
        return kind.name, found[0], found[1]
    raise refused or UsageError("no kind to compare")


def _refs(records: Sequence[Record]) -> set[str]:
    return {record.ref for record in records}


def _row(name: str, part: int, whole: int) -> tuple[str | int | Decimal | None, ...]:
    found = wilson(part, whole)
    if found is None:
        return (name, whole, part, None, None, None)
    return (name, whole, part, *(Decimal(str(x)) for x in (found.value, found.low, found.high)))


def _difference(counts: Sequence[tuple[int, int]]) -> Figure:
    found = difference(*counts[0], *counts[1])
    n = sum(whole for _, whole in counts)
    if found is None:
        return Figure("difference", None, "percent", n=n)
    low, high = (Decimal(str(each)) for each in (found.low, found.high))
    terms = (Term("low", low, unit="percent"), Term("high", high, unit="percent"))
    return Figure("difference", Decimal(str(found.value)), "percent", n=n, terms=terms)


def _notes(counts: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    found = difference(*counts[0], *counts[1])
    if found is None:
        return ("one of the groups is empty: there is nothing to compare",)
    if found.leaves_out_zero:
        return (f"the difference lies between {found.low:.1%} and {found.high:.1%}",)
    span = f"{found.low:.1%} to {found.high:.1%}"
    return (f"the difference may be chance: its interval, {span}, holds zero",)

"""Which open deals will probably be won by the end of the period, from the book's own history.

Of the deals that came into the same stage of the same pipeline and were not decided after as many
days as this one has been there, the share that was won within the days that are left. With fewer
than five such deals nothing is said.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from plaincrm.core.query.grammar import all_of
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import changes
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import value
from plaincrm.core.values.figure import Figure, FigureTable, Term
from plaincrm.crm.reports.report import Cell, ReportRequest, ReportResult, columns
from plaincrm.sales.deals import worth

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

LEAST = 5  # deals with the same past, below which their share says nothing
LIKELY = Decimal("0.5")  # more often won than not
_COLUMNS = columns("deal", "stage", "days_there:count", "chance:percent", "n:count", "value:money")


@value
class StageStay:
    """A deal that ended came into a stage on a day; `won` or lost so many `days` later."""

    stage: str
    days: int
    won: bool


def report(book: Book, request: ReportRequest) -> ReportResult:
    """The open deals, the likeliest first. A query narrows those that are listed, not the past."""
    context = book.context
    last = max(request.period.last, context.today)
    left = (last - context.today).days
    past = _past(context)
    found: list[tuple[Decimal, Record, tuple[Cell, ...]]] = []
    for deal in book.select("deal", all_of(["is:open"], request.words)).records:
        entered = _entered(deal, context)
        if entered is None:
            continue
        there = max((context.today - entered).days, 0)
        key = fold(deal.text("pipeline")), fold(deal.text("stage"))
        alike = [stay for stay in past.get(key, ()) if stay.days >= there]
        won = sum(1 for stay in alike if stay.won and stay.days <= there + left)
        chance = Decimal(won) / len(alike) if len(alike) >= LEAST else None
        money = worth(deal, context)
        sums = {money.unit: money.amount} if money else None
        cells: tuple[Cell, ...] = (deal.id, deal.text("stage"), there, chance, len(alike), sums)
        found.append((chance if chance is not None else Decimal(-1), deal, cells))
    found.sort(key=lambda each: (-each[0], each[1].id))
    rows, refs = tuple(cells for *_, cells in found), tuple((d.ref,) for _, d, _ in found)
    table = FigureTable("closing", _COLUMNS, rows, refs)
    rated = [share for share, _, _ in found if share >= 0]
    likely = [(deal, share) for share, deal, _ in found if share >= LIKELY]
    figures = (
        Figure("deals", len(found)),
        Figure("with_a_past", len(rated)),
        Figure("likely", len(likely), terms=_terms(likely)),
    )
    silent = len(found) - len(rated)
    notes = (f"{silent} deals have fewer than {LEAST} with the same past",) if silent else ()
    records = tuple(deal for _, deal, _ in found)
    return ReportResult("closing", request.period, figures, (table,), notes, "deal", records)


def _terms(likely: list[tuple[Record, Decimal]]) -> tuple[Term, ...]:
    return tuple(Term(f"{deal.id}: {share:.0%}", 1, deal.ref) for deal, share in likely)


def _entered(deal: Record, context: Context) -> date | None:
    """The day on which a deal came into the stage that it is in; of the first, its beginning."""
    moves = changes(deal, context, "stage")
    if moves and fold(moves[-1][2]) == fold(deal.text("stage")):
        return moves[-1][0]
    began: date | None = context.fact(deal, "began")
    return began


def _past(context: Context) -> dict[tuple[str, str], list[StageStay]]:
    """By pipeline and stage, how the deals that ended went on from there."""
    found: dict[tuple[str, str], list[StageStay]] = {}
    for deal in context.store.records("deal"):
        ended = context.fact(deal, "ended")
        if ended is None:
            continue
        won, pipeline = context.fact(deal, "is:won"), fold(deal.text("pipeline"))
        for stage, entered in _stages(deal, context):
            if entered <= ended:
                stay = StageStay(stage, (ended - entered).days, won)
                found.setdefault((pipeline, stage), []).append(stay)
    return found


def _stages(deal: Record, context: Context) -> list[tuple[str, date]]:
    """Each stage that a deal came into, and when; the last time, if it came more than once."""
    moves = changes(deal, context, "stage")
    found: dict[str, date] = {}
    began = context.fact(deal, "began")
    if moves and began is not None:
        found[fold(moves[0][1])] = began
    for day, _, new in moves:
        found[fold(new)] = day
    return list(found.items())

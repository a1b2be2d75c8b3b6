"""Moving deals through their pipeline, as staged changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from plaincrm.core.records.edits import Edit
from plaincrm.core.records.record import Record
from plaincrm.crm.actions.log import next_step
from plaincrm.crm.date_values import DateValues
from plaincrm.crm.staged import Staged, staged
from plaincrm.sales import stages
from plaincrm.sales.deals import stage_of

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def move(
    book: Book, deals: Sequence[Record], stage: str, until: str = "", next: str = ""
) -> Staged:
    """Stage the deals' move to a stage. `until`: the day a parked deal comes back; `next`: `DATE
    TEXT`.

    Raises Refused for an unknown stage or words that are no date, UsageError for `until` elsewhere.
    """
    dated = DateValues.of(book)
    day = dated.day("until", until) if until else None

    def edits(deal: Record) -> list[Edit]:
        return [*stages.move(deal, stage, book.context, day), *next_step(deal, next, dated)]

    return _staged(book, deals, "Move", "move", edits, dated)


def win(book: Book, deals: Sequence[Record]) -> Staged:
    """Stage that the deals are won."""
    return _staged(
        book, deals, "Win", "win", lambda deal: stages.win(deal, book.context), DateValues.of(book)
    )


def lose(book: Book, deals: Sequence[Record], reason: str = "") -> Staged:
    """Stage that the deals are lost, and why."""
    return _staged(
        book,
        deals,
        "Lose",
        "lose",
        lambda deal: stages.lose(deal, book.context, reason),
        DateValues.of(book),
    )


def _staged(
    book: Book,
    deals: Sequence[Record],
    verb: str,
    word: str,
    edits: Callable[[Record], list[Edit]],
    dated: DateValues,
) -> Staged:
    planned = [(deal, stage_of(deal, book.context).name, edits(deal)) for deal in deals]
    change = book.change("", word)
    after = [change.edit(deal, each) for deal, _, each in planned]
    new = [stage_of(deal, book.context).name for deal in after]
    moves = [
        f"{deal.id}: {old} -> {stage}" for (deal, old, _), stage in zip(planned, new, strict=True)
    ]
    summary = f"{verb} {moves[0]}"
    if len(moves) > 1:
        summary = f"{verb} {len(moves)} deals: {', '.join(moves)}"
    if any(
        stage_of(deal, book.context).role == "parked" and not deal.text("next") for deal in after
    ):
        dated.echo.append("parked without a day to come back; --until DATE gives one")
    return staged(change, summary, after, dated.echo)

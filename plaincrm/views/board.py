"""The pipeline as a board: a column a stage, a card a deal; in rows of columns where the terminal
is narrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from plaincrm.core.value_class import value
from plaincrm.sales.pipeline import DealLine, PipelineView, StageRow
from plaincrm.views import numbers
from plaincrm.views.layout import Paint
from plaincrm.views.safe import line
from plaincrm.views.table import columns, cut, wrapped

LEAST, MOST = 14, 26  # columns that a stage takes
GAP = 2
TITLE_LINES = 2
CAP = 12  # cards that a column shows on a terminal


@value
class _Piece:
    text: str = ""
    style: str = ""


def board(
    view: PipelineView, cards: Mapping[str, Sequence[DealLine]], width: int | None, paint: Paint
) -> str:
    """`cards` by the name of a row; without a width, 80 columns and every card."""
    shown = [row for row in view.stages if row.status not in ("won", "lost")]
    per_row, room = _measures(len(shown), width or 80)
    blocks = []
    for start in range(0, len(shown), per_row):
        stages = [
            list(_column(row, cards.get(row.stage, ()), room, CAP if width else None))
            for row in shown[start : start + per_row]
        ]
        blocks.append("\n".join(_rows(stages, room, paint)).rstrip())
    return "\n\n".join(blocks)


def _measures(count: int, width: int) -> tuple[int, int]:
    """How many columns stand side by side, as evenly as can be, and how wide each is."""
    fits = max((width + GAP) // (LEAST + GAP), 1)
    blocks = max(-(-count // fits), 1)
    per_row = max(-(-count // blocks), 1)
    return per_row, min((width - GAP * (per_row - 1)) // per_row, MOST)


def _column(
    row: StageRow, cards: Sequence[DealLine], room: int, cap: int | None
) -> Iterator[_Piece]:
    total = row.total
    head = cut(line(row.stage) or numbers.NONE, room - len(str(total.count)) - 1)
    yield _Piece(f"{head} {total.count}", "head")
    for unit, amount in total.value.items():
        yield _Piece(cut(f"{amount:,.0f} {unit}", room))
    for unit, amount in total.weighted.items():
        if amount:
            yield _Piece(cut(f"~ {amount:,.0f} {unit}", room), "quiet")
    if total.rotting:
        yield _Piece(f"{total.rotting} rotting !", "bad")
    yield _Piece("─" * room, "quiet")
    for card in cards[:cap]:
        yield from _card(card, room)
    if len(cards) > len(cards[:cap]):
        yield _Piece(f"+ {len(cards) - len(cards[:cap])} more", "quiet")


def _card(card: DealLine, room: int) -> Iterator[_Piece]:
    lines = wrapped(card.deal.title, room)
    for n, text in enumerate(lines[:TITLE_LINES]):
        last = n == TITLE_LINES - 1 and len(lines) > TITLE_LINES
        yield _Piece(cut(f"{text} {lines[n + 1]}", room) if last else text)
    marks = " !" if card.rotting else ""
    yield _Piece(
        cut(numbers.money(card.value), room - len(marks)) + marks, "bad" if marks else "quiet"
    )
    yield _Piece()


def _rows(stages: Sequence[list[_Piece]], room: int, paint: Paint) -> Iterator[str]:
    """The columns side by side, their rules at one height."""
    _level(stages)
    for pieces in zip_longest(*stages, fillvalue=_Piece()):
        cells = [
            paint(piece.text, piece.style) + " " * (room - columns(piece.text))
            for piece in pieces[:-1]
        ]
        yield (" " * GAP).join([*cells, paint(pieces[-1].text, pieces[-1].style)]).rstrip()


def _level(stages: Iterable[list[_Piece]]) -> None:
    several = list(stages)
    places = [
        next(n for n, piece in enumerate(pieces) if piece.text.startswith("─"))
        for pieces in several
    ]
    for pieces, place in zip(several, places, strict=True):
        pieces[place:place] = [_Piece()] * (max(places) - place)

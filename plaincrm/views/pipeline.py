"""The pipeline: a table of the stages with bars, or a board, and the totals beneath."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from plaincrm.sales.pipeline import Line, PipelineView, StageRow, Total, as_json
from plaincrm.views import numbers
from plaincrm.views.colour import Paint
from plaincrm.views.rows import Rows
from plaincrm.views.safe import line
from plaincrm.views.table import columns, table

BAR = 24  # columns of the longest bar
LEAST_BAR = 8
_EIGHTHS = " ▏▎▍▌▋▊▉"
FIGURES = (1, 2, 3, 4)
_TOTALS = ("open", "parked", "won", "lost")


def pipeline(views: Sequence[PipelineView], width: int | None, paint: Paint) -> str:
    """Each pipeline as a table; a bar for the value where the width has room for it."""
    return "\n".join(
        _whole(view, len(views) > 1, paint, _table(view, width or 80, paint), width)
        for view in views
    )


def boards(
    views: Sequence[PipelineView],
    cards: Mapping[str, Mapping[str, Sequence[Line]]],
    width: int | None,
    paint: Paint,
) -> str:
    """Each pipeline as a board; `cards` by pipeline and row."""
    from plaincrm.views.board import board

    return "\n".join(
        _whole(view, len(views) > 1, paint, board(view, cards[view.pipeline], width, paint), width)
        for view in views
    )


def _whole(view: PipelineView, named: bool, paint: Paint, text: str, width: int | None) -> str:
    title = [paint(f"{line(view.pipeline)}", "head"), ""] if named else []
    totals = _totals(view, width, paint)
    return "\n".join([*title, text, *(("", totals) if totals else ())]) + "\n"


def _table(view: PipelineView, width: int, paint: Paint) -> str:
    header = (view.by.upper(), "COUNT", "VALUE", "WEIGHTED", "ROTTING")
    cells: list[list[str]] = []
    styles: dict[tuple[int, int], str] = {}
    owners: list[StageRow | None] = []
    for row in view.stages:
        if row.total.rotting:
            styles[len(cells), 4] = "bad"
        lines = list(_lines(row))
        cells += lines
        owners += [row, *[None] * (len(lines) - 1)]
    bare = table(header, cells, width, FIGURES).split("\n")
    room = min(width - max(map(columns, bare)) - 2, BAR)
    bars = _bars(owners, room) if room >= LEAST_BAR else [("", "")] * len(owners)
    painted = table(header, cells, width, FIGURES, paint, styles).split("\n")
    taken = max(map(columns, bare))
    whole = [painted[0]]
    for text, plain, (drawn, style) in zip(painted[1:], bare[1:], bars, strict=True):
        whole.append(
            text + " " * (taken - columns(plain) + 2) + paint(drawn, style) if drawn else text
        )
    return "\n".join(whole)


def _lines(row: StageRow) -> Iterator[list[str]]:
    """The cells of a row: a line for each unit, since currencies are never added."""
    total = row.total
    units = [*total.value] or [""]
    for n, unit in enumerate(units):
        weighted = total.weighted.get(unit) if row.status != "lost" else None
        sums = [
            f"{numbers.amount(found)} {unit}" if found else ""
            for found in (total.value.get(unit), weighted)
        ]
        rotting = str(total.rotting) if total.rotting else ""
        yield (
            [line(row.stage) or numbers.NONE, str(total.count), *sums, rotting]
            if n == 0
            else ["", "", *sums, ""]
        )


def _bars(rows: Sequence[StageRow | None], room: int) -> list[tuple[str, str]]:
    """A bar and its style for each line; empty where there is nothing to draw."""
    sizes = [_size(row) for row in rows]
    most = max(sizes, default=Decimal(0))
    return [
        (
            (bar(size / most, room), "warn" if row and row.total.rotting else "good")
            if size
            else ("", "")
        )
        for row, size in zip(rows, sizes, strict=True)
    ]


def _size(row: StageRow | None) -> Decimal:
    """What the bar of a row stands for: the sum of its largest unit; of what is won or lost
    none.
    """
    if row is None or row.status in ("won", "lost"):
        return Decimal(0)
    return max(row.total.value.values(), default=Decimal(0))


def bar(share: Decimal, room: int) -> str:
    """A bar of `share` (0 to 1) of `room` columns, to an eighth of a column; never quite
    nothing.
    """
    eighths = max(int(share * room * 8), 1)
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8]).rstrip()


def _totals(view: PipelineView, width: int | None, paint: Paint) -> str:
    rows = [
        row
        for name in _TOTALS
        if view.totals[name].count
        for row in _total_rows(name, view.totals[name])
    ]
    text = table((), rows, width, (1,)) if rows else ""
    return "\n".join(paint(each, "quiet") for each in text.split("\n"))


def _total_rows(name: str, total: Total) -> Iterator[list[str]]:
    yield [
        name,
        "1 deal" if total.count == 1 else f"{total.count} deals",
        numbers.sums(total.value, ", "),
    ]
    if name == "open":
        yield ["", "weighted", numbers.sums(total.weighted, ", ")]


def results(views: Sequence[PipelineView], total: int, today: str) -> Rows:
    """The pipelines as JSON has them; `total` is the number of deals."""
    found = as_json(views)
    return Rows("pipeline", total, found, (), lambda _: [], lambda each: each, more={"asOf": today})


def stages(views: Iterable[PipelineView], by: str) -> Rows:
    """The stages of all pipelines as rows, for CSV, Markdown and templates."""
    found = [
        {"pipeline": each["pipeline"], **stage}
        for each in as_json(views)
        for stage in each["stages"]
    ]
    names = ("pipeline", by, "count", "value", "weighted", "rotting")
    return Rows(
        "stages",
        len(found),
        found,
        names,
        lambda row: [_cell(row[name]) for name in names],
        lambda row: row,
        (2, 5),
    )


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(
            f"{amount:.2f}".removesuffix(".00") + f" {unit}" for unit, amount in value.items()
        )
    return str(value)

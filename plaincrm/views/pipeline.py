"""The pipeline: a table of the stages with bars, or a board, and the totals beneath."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from plaincrm.core.text.counted import counted
from plaincrm.sales.pipeline import DealLine, PipelineView, StageRow, Total, as_json
from plaincrm.views import numbers
from plaincrm.views.doc import Doc, DocSection
from plaincrm.views.layout import WIDTH, Layout, Paint
from plaincrm.views.rows import ListColumn, Rows
from plaincrm.views.safe import line
from plaincrm.views.table import columns, table

Cards = Mapping[str, Mapping[str, Sequence[DealLine]]]
BAR = 24  # columns of the longest bar
LEAST_BAR = 8
_EIGHTHS = " ▏▎▍▌▋▊▉"
FIGURES = (1, 2, 3, 4)
_COUNTS = ("count", "rotting")
_TOTALS = ("open", "parked", "won", "lost")


def pipeline(views: Sequence[PipelineView], records: Rows, by: str, today: str) -> Doc:
    """The pipelines as a document: one table of all their rows; on a terminal a table each, with
    bars where the width has room for them. `records`: the deals.
    """
    return _doc(views, records, by, today, lambda layout: _tables(views, layout))


def boards(views: Sequence[PipelineView], records: Rows, by: str, today: str, cards: Cards) -> Doc:
    """The pipelines as boards; `cards` by pipeline and row."""
    return _doc(views, records, by, today, lambda layout: _boards(views, cards, layout))


def _doc(
    views: Sequence[PipelineView],
    records: Rows,
    by: str,
    today: str,
    screen: Callable[[Layout], str],
) -> Doc:
    results = as_json(views)
    sections = (DocSection("", (_stages(results, by),)),)
    more = {"asOf": today}
    return Doc("pipeline", "", sections, records.total, more, records, results, screen)


def _tables(views: Sequence[PipelineView], layout: Layout) -> str:
    width, paint = layout.width, layout.paint
    texts = [_table(view, width, paint) for view in views]
    return _joined(views, texts, layout)


def _boards(views: Sequence[PipelineView], cards: Cards, layout: Layout) -> str:
    from plaincrm.views.board import board

    width, paint = layout.width, layout.paint
    texts = [board(view, cards[view.pipeline], width, paint) for view in views]
    return _joined(views, texts, layout)


def _joined(views: Sequence[PipelineView], texts: Sequence[str], layout: Layout) -> str:
    named = len(views) > 1
    return "\n".join(
        _whole(view, named, layout.paint, text, layout.width)
        for view, text in zip(views, texts, strict=True)
    )


def _whole(view: PipelineView, named: bool, paint: Paint, text: str, width: int | None) -> str:
    title = [paint(f"{line(view.pipeline)}", "head"), ""] if named else []
    totals = _totals(view, width, paint)
    return "\n".join([*title, text, *(("", totals) if totals else ())]) + "\n"


def _table(view: PipelineView, width: int | None, paint: Paint) -> str:
    """The stages, with bars where there is room for them. Without a width nothing is cut."""
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
    room = min((width or WIDTH) - max(map(columns, bare)) - 2, BAR)
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
        if n == 0:
            yield [line(row.stage) or numbers.NONE, str(total.count), *sums, rotting]
        else:
            yield ["", "", *sums, ""]


def _bars(rows: Sequence[StageRow | None], room: int) -> list[tuple[str, str]]:
    """A bar and its style for each line; empty where there is nothing to draw."""
    sizes = [_size(row) for row in rows]
    most = max(sizes, default=Decimal(0))
    return [_bar(row, size, most, room) for row, size in zip(rows, sizes, strict=True)]


def _bar(row: StageRow | None, size: Decimal, most: Decimal, room: int) -> tuple[str, str]:
    if row is None or size <= 0:
        return "", ""
    return bar(size / most, room), "warn" if row.total.rotting else "good"


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
    yield [name, counted(total.count, "deal"), numbers.sums(total.value, ", ")]
    if name == "open":
        yield ["", "weighted", numbers.sums(total.weighted, ", ")]


def _stages(results: Sequence[Mapping[str, Any]], by: str) -> Rows:
    """The rows of all pipelines, for CSV, Markdown and templates."""
    found = [
        {"pipeline": pipeline["pipeline"], **stage}
        for pipeline in results
        for stage in pipeline["stages"]
    ]
    columns = [
        ListColumn(name, _reader(name), right=name in _COUNTS)
        for name in ("pipeline", by, "count", "value", "weighted", "rotting")
    ]
    return Rows("stages", len(found), found, columns, lambda row: row, None, None)


def _reader(name: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda row: _cell(row[name])


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(
            f"{amount:.2f}".removesuffix(".00") + f" {unit}" for unit, amount in value.items()
        )
    return str(value)

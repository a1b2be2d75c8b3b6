"""The pipeline: a table of the stages with bars, or a board, and the totals beneath."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from plaincrm.core.query.grammar import all_of
from plaincrm.core.text.counted import counted
from plaincrm.core.values.figure import Figure
from plaincrm.sales.pipeline import (
    STATUSES,
    DealLine,
    DealTotal,
    PipelineView,
    StageRow,
    SumOf,
    together,
)
from plaincrm.views import numbers
from plaincrm.views.doc import Doc, DocSection
from plaincrm.views.layout import WIDTH, Layout, Paint
from plaincrm.views.rows import ListColumn, Rows
from plaincrm.views.safe import line
from plaincrm.views.table import columns, table

Reasons = Sequence[tuple[str, Sequence[Figure]]]  # the name of each pipeline, its sums
Cards = Mapping[str, Mapping[str, Sequence[DealLine]]]
_CENT = Decimal("0.01")
BAR = 24  # columns of the longest bar
LEAST_BAR = 8
_EIGHTHS = " ▏▎▍▌▋▊▉"
FIGURES = (1, 2, 3, 4)
_PLAIN = re.compile(r"[\w-]+")  # what needs no quotes in a query
_COUNTS = ("count", "rotting")
_LIVE = "head"
_BAR_TITLE = "SIZE"  # how large the value of a row is beside the largest
_TOTALS = ("open", "parked", "won", "lost")


def pipeline(
    views: Sequence[PipelineView], records: Rows, by: str, today: str, why: Reasons = ()
) -> Doc:
    """The pipelines as a document: one table of all their rows; on a terminal a table each, with
    bars where the width has room for them. `records`: the deals; `why`: what `reasons` gives.
    """
    return _doc(views, records, by, today, why, lambda layout: _tables(views, layout))


def boards(
    views: Sequence[PipelineView],
    records: Rows,
    by: str,
    today: str,
    cards: Cards,
    why: Reasons = (),
) -> Doc:
    """The pipelines as boards; `cards` by pipeline and row."""
    return _doc(views, records, by, today, why, lambda layout: _boards(views, cards, layout))


def reasons(views: Sequence[PipelineView], words: Sequence[str]) -> Reasons:
    """Of each pipeline the sums in all, made of its stages; `views` are by stage. Each stage has
    the command that lists its deals: those that `words` select.
    """
    return [(view.pipeline, view.figures(partial(_listed, view.pipeline, words))) for view in views]


def _listed(pipeline: str, words: Sequence[str], row: StageRow, sum_of: SumOf) -> str:
    """The command that lists the deals of a stage with what they add to the sum."""
    own = [_asked("pipeline", pipeline), _asked("stage", row.stage)]
    more = ["--columns", "id,worth,chance"] if sum_of == "weighted" else ["--sum", "worth"]
    return shlex.join(["list", "deals", *all_of(own, words), *more])


def _asked(field: str, text: str) -> str:
    if _PLAIN.fullmatch(text):
        return f"{field}:{text}"
    escaped = text.replace('"', '\\"')
    return f'{field}:"{escaped}"'


def _doc(
    views: Sequence[PipelineView],
    records: Rows,
    by: str,
    today: str,
    why: Reasons,
    screen: Callable[[Layout], str],
) -> Doc:
    from plaincrm.views.figure_rows import figure_json

    found = results(views)
    for result, (_, figures) in zip(found, why, strict=False):
        result["why"] = list(map(figure_json, figures))
    told = [DocSection(f"{name}: why", tuple(figures)) for name, figures in why]
    sections = (DocSection("", (_stages(found, by),)), *told)

    more = {"asOf": today, "all": _totals_json(together(views))}

    def whole(layout: Layout) -> str:
        return screen(layout) + (_told(told, layout) if told else "")

    return Doc("pipeline", "", sections, records.total, more, records, found, whole)


def _told(sections: Sequence[DocSection], layout: Layout) -> str:
    from plaincrm.views.doc_text import doc_text

    return "\n" + doc_text(Doc("pipeline", "", tuple(sections)), layout)


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
    parts = [
        _whole(view, named, layout.paint, text, layout.width)
        for view, text in zip(views, texts, strict=True)
    ]
    if named:
        title = layout.paint("all pipelines", "head")
        parts.append(f"{title}\n\n{_totals(together(views), layout.width, layout.paint)}\n")
    return "\n".join(parts)


def _whole(view: PipelineView, named: bool, paint: Paint, text: str, width: int | None) -> str:
    title = [paint(f"{line(view.pipeline)}", "head"), ""] if named else []
    totals = _totals(view.totals, width, paint)
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
    title = " " * (taken - columns(bare[0]) + 2) + paint(_BAR_TITLE, "quiet")
    whole = [painted[0] + title if any(drawn for drawn, _ in bars) else painted[0]]
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


def _totals(totals: Mapping[str, DealTotal], width: int | None, paint: Paint) -> str:
    """What all rows come to; what may still come in bold, what is settled as it is."""
    rows: list[list[str]] = []
    styles: list[str] = []
    for name in _TOTALS:
        if totals[name].count:
            rows += _total_rows(name, totals[name])
            styles += [_LIVE if name == "open" else ""] * (len(rows) - len(styles))
    lines = table((), rows, width, (1,)).split("\n") if rows else []
    return "\n".join(paint(text, style) for text, style in zip(lines, styles, strict=True))


def _total_rows(name: str, total: DealTotal) -> Iterator[list[str]]:
    yield [name, counted(total.count, "deal"), numbers.sums(total.value, ", ")]
    if name == "open":
        yield ["", "weighted", numbers.sums(total.weighted, ", ")]


def _stages(pipelines: Sequence[Mapping[str, Any]], by: str) -> Rows:
    """The rows of all pipelines, for CSV, Markdown and templates."""
    found = [
        {"pipeline": pipeline["pipeline"], **stage}
        for pipeline in pipelines
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


def results(views: Iterable[PipelineView]) -> list[dict[str, Any]]:
    """The `results` of `pipeline --json`. With another field the rows' key is its name."""
    return [_view_json(view) for view in views]


def _view_json(view: PipelineView) -> dict[str, Any]:
    return {
        "pipeline": view.pipeline,
        "by": view.by,
        "stages": [_row_json(row, view.by) for row in view.stages],
        **_totals_json(view.totals),
        "warnings": list(view.warnings),
    }


def _totals_json(totals: Mapping[str, DealTotal]) -> dict[str, Any]:
    """The totals by status; those that are open with what they are worth weighted, too."""
    found = {status: _total_json(totals[status]) for status in STATUSES}
    found["open"]["weighted"] = _numbers(totals["open"], "weighted")
    return found


def _row_json(row: StageRow, by: str) -> dict[str, Any]:
    total = row.total
    stage = {"status": row.status, "probability": _bare(row.probability), "known": row.known}
    return {
        by: row.stage,
        **(stage if by == "stage" else {}),
        **_total_json(total),
        "weighted": _numbers(total, "weighted"),
        "rotting": total.rotting,
        "overdue": total.overdue,
        "unknown": total.unknown,
        "withoutValue": total.without_value,
        "mrr": _numbers(total, "mrr"),
    }


def _total_json(total: DealTotal) -> dict[str, Any]:
    return {"count": total.count, "value": _numbers(total, "value")}


def _numbers(total: DealTotal, sum_of: SumOf) -> dict[str, float]:
    """A sum as an object by currency: its figures, rounded once."""
    found = ((each.currency, each.value) for each in total.figures(sum_of, sum_of))
    return {
        unit: float(Decimal(amount or 0).quantize(_CENT, ROUND_HALF_UP)) for unit, amount in found
    }


def _bare(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)

"""The bridge of a pipeline between two days: a row a step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from plaincrm.core.records.record import Record
from plaincrm.core.values.money import Sums
from plaincrm.sales.bridge import Bridge, BridgeStep
from plaincrm.views import numbers
from plaincrm.views.doc import Doc, DocSection
from plaincrm.views.layout import Layout
from plaincrm.views.rows import Rows, text_columns
from plaincrm.views.table import table

HEADER = ("STEP", "DAY", "DEALS", "VALUE", "WEIGHTED")
_FIGURES = (2, 3, 4)


def bridge_doc(bridge: Bridge, records: Rows) -> Doc:
    """Opening, the steps that any deal took, closing; for programs all steps, whether a deal took
    them or not. `records`: the deals that moved.
    """
    names = ("step", "count", "value", "weighted")
    steps = Rows(
        "bridge",
        records.total,
        bridge.lines,
        text_columns(names, _cells, ("count", "value", "weighted")),
        _json,
        None,
        None,
    )
    more = {
        "since": bridge.since.isoformat(),
        "until": bridge.until.isoformat(),
        "openingFrom": "log" if bridge.from_log else "git",
    }
    results = [_json(step) for step in bridge.lines]
    sections = (DocSection("", (steps,)),)

    def screen(layout: Layout) -> str:
        return _table(bridge, layout)

    return Doc("bridge", "", sections, records.total, more, records, results, screen)


def _table(bridge: Bridge, layout: Layout) -> str:
    """A line for each step and currency."""
    cells: list[list[str]] = []
    styles: dict[tuple[int, int], str] = {}
    for step, day in _days(bridge):
        if day or step.deals:
            styles |= {(len(cells), n): "head" if day else "" for n in range(len(HEADER))}
            cells += _lines(step, day)
    return table(HEADER, cells, layout.width, _FIGURES, layout.paint, styles) + "\n"


def moved(bridge: Bridge) -> list[Record]:
    """The deals that took any step, each once."""
    return list({deal.ref: deal for step in bridge.steps for deal in step.deals}.values())


def _days(bridge: Bridge) -> Iterator[tuple[BridgeStep, date | None]]:
    for step in bridge.lines:
        yield step, {"opening": bridge.since, "closing": bridge.until}.get(step.name)


def _lines(step: BridgeStep, day: date | None) -> Iterator[list[str]]:
    """The cells of a step: a line for each unit, since currencies are never added."""
    named = dict.fromkeys((*step.value, *step.weighted))
    units = [unit for unit in named if step.value.get(unit) or step.weighted.get(unit)] or [""]
    for place, unit in enumerate(units):
        first = ["", "", ""]
        if place == 0:
            first = [step.name, day.isoformat() if day else "", str(len(step.deals))]
        sums = [_amount(found.get(unit), unit, signed=not day) for found in _both(step)]
        yield [*first, *sums]


def _both(step: BridgeStep) -> tuple[Sums, Sums]:
    return step.value, step.weighted


def _amount(amount: Decimal | None, unit: str, *, signed: bool) -> str:
    if not amount:
        return ""
    sign = "+" if signed and amount > 0 else ""
    return f"{sign}{numbers.amount(amount)} {unit}"


def _cells(step: BridgeStep) -> list[str]:
    return [step.name, str(len(step.deals)), *map(_sums, _both(step))]


def _sums(sums: Sums) -> str:
    return ", ".join(f"{amount:.2f} {unit}" for unit, amount in sums.items() if amount)


def _json(step: BridgeStep) -> dict[str, Any]:
    return {
        "step": step.name,
        "count": len(step.deals),
        "value": {unit: float(amount) for unit, amount in step.value.items()},
        "weighted": {unit: float(amount) for unit, amount in step.weighted.items()},
        "deals": [deal.ref for deal in step.deals],
    }

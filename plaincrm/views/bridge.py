"""The bridge of a pipeline between two days: a line a step, and its JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from plaincrm.core.records.record import Record
from plaincrm.core.values.money import Sums
from plaincrm.sales.bridge import Bridge, Step
from plaincrm.views import numbers
from plaincrm.views.colour import Paint
from plaincrm.views.rows import Rows
from plaincrm.views.table import table

HEADER = ("STEP", "DAY", "DEALS", "VALUE", "WEIGHTED")
_FIGURES = (2, 3, 4)


def as_table(bridge: Bridge, width: int | None, paint: Paint) -> str:
    """Opening, the steps that any deal took, closing; a line for each currency."""
    cells: list[list[str]] = []
    styles: dict[tuple[int, int], str] = {}
    for step, day in _days(bridge):
        if day or step.deals:
            styles |= {(len(cells), n): "head" if day else "" for n in range(len(HEADER))}
            cells += _lines(step, day)
    return table(HEADER, cells, width, _FIGURES, paint, styles) + "\n"


def rows(bridge: Bridge) -> Rows:
    """The steps for programs: all of them, whether a deal took them or not."""
    moved = {deal.ref for step in bridge.steps for deal in step.deals}
    names = ("step", "count", "value", "weighted")
    return Rows(
        "bridge",
        len(moved),
        bridge.lines,
        names,
        lambda step: _cells(step),
        _json,
        (1,),
        more={"since": bridge.since.isoformat(), "until": bridge.until.isoformat()},
    )


def moved(bridge: Bridge) -> list[Record]:
    """The deals that took any step, each once."""
    return list({deal.ref: deal for step in bridge.steps for deal in step.deals}.values())


def _days(bridge: Bridge) -> Iterator[tuple[Step, date | None]]:
    for step in bridge.lines:
        yield step, {"opening": bridge.since, "closing": bridge.until}.get(step.name)


def _lines(step: Step, day: date | None) -> Iterator[list[str]]:
    for n, unit in enumerate(
        [unit for unit in step.value if step.value[unit] or step.weighted[unit]] or [""]
    ):
        first = (
            [step.name, day.isoformat() if day else "", str(len(step.deals))]
            if n == 0
            else ["", "", ""]
        )
        yield [
            *first,
            *(
                _amount(sums.get(unit), unit, signed=not day)
                for sums in (step.value, step.weighted)
            ),
        ]


def _amount(amount: Decimal | None, unit: str, *, signed: bool) -> str:
    if not amount:
        return ""
    return f"{'+' if signed and amount > 0 else ''}{numbers.amount(amount)} {unit}"


def _cells(step: Step) -> list[str]:
    return [step.name, str(len(step.deals)), *(_sums(sums) for sums in (step.value, step.weighted))]


def _sums(sums: Sums) -> str:
    return ", ".join(f"{amount:.2f} {unit}" for unit, amount in sums.items() if amount)


def _json(step: Step) -> dict[str, Any]:
    return {
        "step": step.name,
        "count": len(step.deals),
        "value": {unit: float(amount) for unit, amount in step.value.items()},
        "weighted": {unit: float(amount) for unit, amount in step.weighted.items()},
        "deals": [deal.ref for deal in step.deals],
    }

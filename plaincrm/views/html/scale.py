"""Scales of a chart: round steps for an axis, short numbers, and how wide a text is."""

from __future__ import annotations

import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from plaincrm.core.value_class import value

_ROUND = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_SHORT = ((Decimal(1_000_000_000), "bn"), (Decimal(1_000_000), "m"), (Decimal(1_000), "k"))
# Widths in em of common system fonts, on the wide side, so that labels rather keep clear.
_NARROW, _DIGIT, _USUAL, _CAPITAL, _FULL = 0.34, 0.62, 0.58, 0.74, 1.02


@value
class Scale:
    """A straight scale from the values `low` … `high` to the places `start` … `end`."""

    low: Decimal
    high: Decimal
    start: float
    end: float

    def place(self, amount: Decimal) -> float:
        """Where an amount lies, in user units of the drawing."""
        span = self.high - self.low
        share = float((amount - self.low) / span) if span else 0.0
        return self.start + share * (self.end - self.start)


def ticks(low: Decimal, high: Decimal, about: int = 4) -> list[Decimal]:
    """Round values from at or below `low` to at or above `high`, about so many steps apart."""
    span = high - low
    if span <= 0:
        return [low, low + 1]
    step = _step(span / about)
    first, last = (low / step).to_integral_value("ROUND_FLOOR"), (high / step)
    count = int(last.to_integral_value("ROUND_CEILING") - first)
    return [(first + n) * step for n in range(count + 1)]


def _step(least: Decimal) -> Decimal:
    size = Decimal(10) ** least.adjusted()
    return next(each * size for each in _ROUND if each * size >= least)


def short(amount: Decimal) -> str:
    """A number for a mark: `8.7k`, `1.2m`, `640`, `0.5`."""
    for size, letter in _SHORT:
        if abs(amount) >= size:
            return f"{_trimmed(amount / size)}{letter}"
    return _trimmed(amount)


def _trimmed(amount: Decimal) -> str:
    shown = amount.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{shown.normalize():f}" if shown else "0"


def text_width(text: str, size: float = 12) -> float:
    """About how wide a text is, in user units, at that font size."""
    return size * sum(_em(char) for char in text)


def _em(char: str) -> float:
    if char in " .,:;'|!iIjlt()[]/-":
        return _NARROW
    if char.isdigit():
        return _DIGIT
    if unicodedata.east_asian_width(char) in "WF":
        return _FULL
    return _CAPITAL if char.isupper() or char in "mwMW%—" else _USUAL


def fitted(text: str, room: float, size: float = 12) -> str:
    """The text, cut with an ellipsis where it is wider than `room`."""
    if text_width(text, size) <= room:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"

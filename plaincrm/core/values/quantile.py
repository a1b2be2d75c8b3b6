"""Quantiles of a few numbers: the value below which a share of them lies.

This is type 7 of Hyndman and Fan, the one of spreadsheets: between two values it goes along the
straight line.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal


def quantile(values: Iterable[Decimal | int], share: Decimal | str) -> Decimal | None:
    """The quantile at `share` (`0.5` is the median, `0.9` the 90th percentile); None without
    values.
    """
    ordered = sorted(values)
    if not ordered:
        return None
    place = Decimal(share) * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return Decimal(ordered[below]) + (place - below) * (ordered[above] - ordered[below])

"""Shares of a sample: how sure they are, how sure a difference is, and how many it takes to see it.

Intervals are 95 %. Sources: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927); R. G. Newcombe, Stat. Med.
17 (1998), method 10.
"""

from __future__ import annotations

from math import ceil, sqrt

from plaincrm.core.value_class import value

_Z95 = 1.959963984540054  # the normal deviate with 2.5 % above it
_Z_POWER = 0.8416212335729143  # the one with 20 % above it: power 80 %


@value
class Interval:
    """A share, or a difference of shares, and the bounds that hold it in 95 of 100 samples."""

    value: float
    low: float
    high: float

    @property
    def leaves_out_zero(self) -> bool:
        """Whether the interval says that there is a difference at all."""
        return self.low > 0 or self.high < 0


def wilson(part: int, whole: int) -> Interval | None:
    """The share `part / whole`; None without a sample."""
    if whole <= 0:
        return None
    share, z2 = part / whole, _Z95**2
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    half = _Z95 * sqrt(share * (1 - share) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    return Interval(share, max(middle - half, 0.0), min(middle + half, 1.0))


def difference(part: int, whole: int, other_part: int, other_whole: int) -> Interval | None:
    """The share of the first sample less that of the second (Newcombe); None without a sample."""
    first, second = wilson(part, whole), wilson(other_part, other_whole)
    if first is None or second is None:
        return None
    gap = first.value - second.value
    below = sqrt((first.value - first.low) ** 2 + (second.high - second.value) ** 2)
    above = sqrt((first.high - first.value) ** 2 + (second.value - second.low) ** 2)
    return Interval(gap, gap - below, gap + above)


def sample_size(share: float, other: float) -> int:
    """How many each of two groups needs to show these two shares as different, with 80 % power.

    Two-sided 5 %, the normal approximation with the pooled share.
    """
    pooled = (share + other) / 2
    spread = _Z95 * sqrt(2 * pooled * (1 - pooled)) + _Z_POWER * sqrt(
        share * (1 - share) + other * (1 - other)
    )
    return ceil(spread**2 / (share - other) ** 2)


def visible_difference(share: float, size: int) -> float | None:
    """The smallest rise of `share` that two groups of `size` can show; None where there is none.

    In steps of a tenth of a percent.
    """
    for step in range(1, round((1 - share) * 1000) + 1):
        if sample_size(share, min(share + step / 1000, 1.0)) <= size:
            return step / 1000
    return None

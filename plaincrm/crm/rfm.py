"""RFM: how lately, how often and for how much each customer bought, and the segment that follows.

Five bins by type-7 quantiles at 20, 40, 60 and 80 % plus 1, closed below and open above; recency is
reversed, so that 5 is the best of all three. Segments are tested in order and the first match wins.
Source: rsquaredacademy/rfm (MIT), whose own data is the test. Quantiles of fewer than 50 customers
say little; then fixed thresholds hold.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from plaincrm.core.value_class import value
from plaincrm.core.values.quantile import quantile

ENOUGH = 50  # customers, below which quintiles jump about with each sale
_SHARES = ("0.2", "0.4", "0.6", "0.8")
# For few customers: what is usual for somebody who works alone. Days, orders, money.
FIXED_DAYS = (90, 180, 365, 730)
FIXED_COUNTS = (2, 3, 5, 10)
FIXED_SUMS = (500, 2000, 5000, 15000)
SEGMENTS = (
    ("Champions", (5, 5), (5, 5), (5, 5)),
    ("Potential Loyalist", (3, 5), (3, 5), (2, 5)),
    ("Loyal Customers", (2, 4), (2, 4), (2, 4)),
    ("Promising", (3, 4), (1, 3), (3, 5)),
    ("New Customers", (4, 5), (1, 3), (1, 5)),
    ("Can't Lose Them", (1, 2), (3, 4), (4, 5)),
    ("At Risk", (1, 2), (2, 5), (4, 5)),
    ("Need Attention", (1, 3), (3, 5), (3, 5)),
    ("About To Sleep", (2, 3), (1, 3), (1, 4)),
    ("Lost", (1, 1), (1, 5), (1, 5)),
)
OTHERS = "Others"


@value
class Purchase:
    """What a customer paid for on a day; `amount` in one currency for all."""

    customer: str
    day: date
    amount: Decimal


@value
class RfmScore:
    """A customer's recency in days, number of orders and sum, each with its bin from 1 to 5, and
    the segment.
    """

    customer: str
    days: int
    count: int
    sum: Decimal
    bins: tuple[int, int, int]
    segment: str


@value
class RfmResult:
    """The scores of all customers; `fixed` says that there were too few for quantiles."""

    scores: tuple[RfmScore, ...]
    fixed: bool


def rfm(purchases: Iterable[Purchase], on: date) -> RfmResult:
    """The RFM of every customer as seen on a day; later purchases don't count."""
    latest: dict[str, date] = {}
    counts: dict[str, int] = {}
    sums: dict[str, Decimal] = {}
    for each in purchases:
        if each.day <= on:
            latest[each.customer] = max(latest.get(each.customer, each.day), each.day)
            counts[each.customer] = counts.get(each.customer, 0) + 1
            sums[each.customer] = sums.get(each.customer, Decimal(0)) + each.amount
    days = {customer: (on - day).days for customer, day in latest.items()}
    fixed = len(days) < ENOUGH
    limits = [
        _limits(values, usual if fixed else None)
        for values, usual in (
            (days.values(), FIXED_DAYS),
            (counts.values(), FIXED_COUNTS),
            (sums.values(), FIXED_SUMS),
        )
    ]
    scores = []
    for customer in days:
        recency = 5 - bisect_right(limits[0], days[customer])
        frequency = 1 + bisect_right(limits[1], counts[customer])
        monetary = 1 + bisect_right(limits[2], sums[customer])
        bins = (recency, frequency, monetary)
        scores.append(
            RfmScore(
                customer, days[customer], counts[customer], sums[customer], bins, segment_of(bins)
            )
        )
    return RfmResult(tuple(scores), fixed)


def _limits(values: Iterable[Decimal | int], usual: Sequence[int] | None) -> list[Decimal]:
    """The lower ends of the bins 2 to 5."""
    if usual is not None:
        return [Decimal(each) for each in usual]
    ordered = list(values)
    found = (quantile(ordered, share) for share in _SHARES)
    return [each + 1 for each in found if each is not None]


def segment_of(bins: tuple[int, int, int]) -> str:
    """The first segment whose ranges hold the three bins."""
    for name, *ranges in SEGMENTS:
        if all(low <= bin <= high for bin, (low, high) in zip(bins, ranges, strict=True)):
            return name
    return OTHERS

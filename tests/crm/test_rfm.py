"""RFM against the data of its source."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plaincrm.crm.rfm import ENOUGH, OTHERS, Purchase, rfm, segment_of


def test_the_segments_of_the_reference(shared_data: Path) -> None:
    with (shared_data / "rfm_orders" / "rfm_data_orders.csv").open(encoding="utf-8") as file:
        orders = [
            Purchase(
                row["customer_id"], date.fromisoformat(row["order_date"]), Decimal(row["revenue"])
            )
            for row in csv.DictReader(file)
        ]
    found = rfm(orders, date(2006, 12, 31))
    assert not found.fixed
    assert Counter(score.segment for score in found.scores) == {
        "Potential Loyalist": 342,
        "Loyal Customers": 170,
        "Lost": 148,
        "New Customers": 104,
        "About To Sleep": 102,
        "Can't Lose Them": 47,
        "Champions": 35,
        "At Risk": 28,
        "Need Attention": 10,
        "Promising": 9,
    }


def test_few_customers_have_fixed_thresholds() -> None:
    orders = [
        Purchase("new", date(2026, 11, 1), Decimal(100)),
        Purchase("old", date(2023, 1, 1), Decimal(20000)),
        Purchase("later", date(2026, 12, 1), Decimal(1)),
    ]
    found = rfm(orders, date(2026, 11, 21))
    assert found.fixed and len(found.scores) < ENOUGH
    assert [(s.customer, s.days, s.bins, s.segment) for s in found.scores] == [
        ("new", 20, (5, 1, 1), "New Customers"),
        ("old", 1420, (1, 1, 5), "Lost"),
    ]


@pytest.mark.parametrize(
    ("bins", "segment"),
    [
        ((5, 5, 5), "Champions"),
        ((1, 1, 1), "Lost"),
        ((5, 5, 1), OTHERS),
        ((2, 2, 2), "Loyal Customers"),
    ],
)
def test_the_first_segment_that_fits_wins(bins: tuple[int, int, int], segment: str) -> None:
    assert segment_of(bins) == segment

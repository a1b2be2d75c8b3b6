"""Figures: a rate has its cases, or no value."""

from __future__ import annotations

from decimal import Decimal

from plaincrm.core.values.figure import Figure, rate


def test_a_rate_without_cases_has_no_value() -> None:
    assert rate("win_rate", 0, 0, 0) == Figure("win_rate", None, "percent", n=0)


def test_a_rate_is_a_fraction_with_its_cases() -> None:
    found = rate("win_rate", 3, 4, 4)
    assert (found.value, found.n) == (Decimal("0.75"), 4)

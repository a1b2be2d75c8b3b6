"""Intervals of shares and differences, against published values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.values.proportion import difference, sample_size, visible_difference, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (10, 10, 0.7225, 1),
        (3, 30, 0.0346, 0.2562),
    ],
)
def test_wilson(part: int, whole: int, low: float, high: float) -> None:
    found = wilson(part, whole)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("shares", "gap", "low", "high"),
    [
        ((56, 70, 48, 80), 0.2, 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.6, 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.5714, 0.0582, 0.8062),
        ((5, 56, 0, 29), 0.0893, -0.0381, 0.1926),
        ((0, 10, 0, 20), 0, -0.1611, 0.2775),
        ((10, 10, 0, 20), 1, 0.6791, 1),
    ],
)
def test_newcombe(shares: tuple[int, int, int, int], gap: float, low: float, high: float) -> None:
    found = difference(*shares)
    assert found is not None
    assert [round(each, 4) for each in (found.value, found.low, found.high)] == [gap, low, high]


@pytest.mark.parametrize(
    ("share", "other", "size"),
    [
        (0.20, 0.22, 6510),
        (0.20, 0.25, 1094),
        (0.25, 0.28, 3397),
        (0.04, 0.05, 6745),
        (0.03, 0.035, 19743),
        (0.02, 0.03, 3826),
        (0.10, 0.15, 686),
        (0.05, 0.10, 435),
        (0.08, 0.16, 258),
    ],
)
def test_how_many_each_group_needs(share: float, other: float, size: int) -> None:
    assert sample_size(share, other) == size


def test_a_small_list_shows_large_differences_only() -> None:
    assert visible_difference(0.10, 100) == pytest.approx(0.14, abs=0.02)
    assert visible_difference(0.10, 3) is None


def test_without_a_sample_there_is_no_share() -> None:
    assert wilson(0, 0) is None and difference(1, 2, 0, 0) is None


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_lies_in_its_interval(sample: tuple[int, int]) -> None:
    found = wilson(*sample)
    assert found is not None
    assert 0 <= found.low <= found.value + 1e-12 and found.value <= found.high + 1e-12 <= 1 + 1e-9

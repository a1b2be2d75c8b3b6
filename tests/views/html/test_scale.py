"""Scales: round steps that hold all values, short numbers, texts cut to their room."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.views.html.scale import Scale, fitted, short, text_width, ticks

AMOUNTS = st.decimals(-10_000_000, 10_000_000, places=2, allow_nan=False, allow_infinity=False)


@given(AMOUNTS, AMOUNTS)
def test_steps_are_even_few_and_hold_both_ends(a: Decimal, b: Decimal) -> None:
    low, high = sorted((a, b))
    steps = ticks(low, high)
    assert steps[0] <= low and high <= steps[-1]
    assert 2 <= len(steps) <= 7
    assert len({after - before for before, after in pairwise(steps)}) == 1


def test_the_ends_of_a_scale() -> None:
    up = Scale(Decimal(0), Decimal(10), 200, 0)
    assert [up.place(Decimal(n)) for n in (0, 5, 10)] == [200, 100, 0]


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("8700", "8.7k"),
        ("1000", "1k"),
        ("1250000", "1.3m"),
        ("640", "640"),
        ("0", "0"),
        ("-0.04", "0"),
        ("-4200", "-4.2k"),
        ("0.55", "0.6"),
    ],
)
def test_short_numbers(amount: str, text: str) -> None:
    assert short(Decimal(amount)) == text


@given(st.text(max_size=60), st.floats(20, 300))
def test_a_cut_text_has_room(text: str, room: float) -> None:
    assert text_width(fitted(text, room)) <= room or fitted(text, room) == "…"

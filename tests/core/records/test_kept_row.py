"""Rows that the cache keeps: plain tuples outside, named fields inside."""

from __future__ import annotations

import marshal
from datetime import date

import pytest

from plaincrm.core.records.kept_row import KeptRow, day_of, iso_text


class Point(KeptRow):
    """A place on a plane."""

    x: int
    y: int
    label: str


def test_a_row_is_packed_and_read_back() -> None:
    point = Point(1, 2, label="home")
    packed = point.packed()
    assert type(packed) is tuple
    assert marshal.loads(marshal.dumps(packed)) == (1, 2, "home")
    back = Point.read(packed)
    assert (back.x, back.y, back.label) == (1, 2, "home")
    assert back == point
    assert Point.getter("y")(packed) == 2


def test_a_row_takes_just_its_fields() -> None:
    with pytest.raises(TypeError, match="Point takes x, y, label"):
        Point(1, 2)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Point(1, 2, "home").x = 3  # type: ignore[misc]


@pytest.mark.parametrize("day", [None, date(2026, 11, 30)])
def test_days_go_as_text(day: date | None) -> None:
    assert day_of(iso_text(day)) == day

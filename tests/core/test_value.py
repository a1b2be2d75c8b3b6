from __future__ import annotations

import pytest

from plaincrm.core.value import value


@value
class Point:
    x: int
    y: int = 0


def test_a_value_is_made_by_position_or_name_and_shows_its_fields() -> None:
    assert (Point(1, 2).x, Point(x=1).y) == (1, 0)
    assert repr(Point(1)) == "Point(x=1, y=0)"


def test_values_of_equal_fields_are_equal_and_others_are_not() -> None:
    assert Point(1, 2) == Point(y=2, x=1)
    assert hash(Point(1, 2)) == hash(Point(1, 2))
    assert Point(1) != Point(2)
    assert Point(1) != (1, 0)


def test_a_value_is_fixed() -> None:
    with pytest.raises(AttributeError):
        Point(1).x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del Point(1).x


@pytest.mark.parametrize(("args", "named"), [((), {}), ((1, 2, 3), {}), ((1,), {"x": 2}), ((1,), {"z": 2})])
def test_wrong_fields_are_refused(args: tuple[int, ...], named: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="Point"):
        Point(*args, **named)

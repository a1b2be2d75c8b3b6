from __future__ import annotations

import pytest

from plaincrm.core.value_class import changed, fresh, value


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


@pytest.mark.parametrize(
    ("args", "named"), [((), {}), ((1, 2, 3), {}), ((1,), {"x": 2}), ((1,), {"z": 2})]
)
def test_wrong_fields_are_refused(args: tuple[int, ...], named: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="Point"):
        Point(*args, **named)


@value
class Bag:
    label: str
    things: list[str] = fresh(factory=list)

    def __str__(self) -> str:
        return self.label


def test_each_value_gets_a_fresh_default_of_its_own() -> None:
    first, second = Bag("a"), Bag("b")
    first.things.append("stone")
    assert second.things == []


def test_a_changed_value_keeps_the_other_fields_and_the_old_one_stays() -> None:
    old = Point(1, 2)
    assert changed(old, y=3) == Point(1, 3)
    assert old == Point(1, 2)


def test_what_the_class_defines_itself_stays() -> None:
    assert str(Bag("a")) == "a"

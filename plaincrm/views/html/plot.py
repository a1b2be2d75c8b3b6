"""Columns and lines over categories, such as months: axes, marks, and a goal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from plaincrm.core.value_class import value
from plaincrm.views.html.element import NOTHING, Html, element, joined
from plaincrm.views.html.scale import Scale, short, text_width, ticks
from plaincrm.views.html.svg import (
    GAP,
    WIDE,
    Shown,
    drawn_twice,
    label,
    nothing,
    points,
    svg,
    values_table,
)

_HEIGHT = 240
_TOP, _BOTTOM = 22.0, 24.0  # room for the labels above the highest mark and below the axis
_LINE = 14  # height of a label
MOST_SERIES = 4  # more can't be told apart


@value
class Series:
    """One named row of values, one for each category; None where there is none."""

    name: str
    values: Sequence[Decimal | None]


@value
class ChartGoal:
    """A dashed line across a chart, with its name."""

    name: str
    value: Decimal


def column_chart(
    title: str,
    description: str,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    goal: ChartGoal | None = None,
    shown: Shown = short,
    width: int = WIDE,
    values: bool = True,
) -> Html:
    """Columns by category, one series upon the other; the sum is written above each. With `values`
    their table is one click away.
    """
    if not categories or not series:
        return nothing()
    picture = drawn_twice(
        width,
        lambda wide: _draw_columns(title, description, categories, series, goal, wide, shown),
    )
    below = _series_table(categories, series, shown) if values else NOTHING
    return joined(picture, _legend(series, "s"), below)


def line_chart(
    title: str,
    description: str,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    goal: ChartGoal | None = None,
    shown: Shown = short,
    width: int = WIDE,
    values: bool = True,
) -> Html:
    """Lines over time; a gap where a value is missing; the last value is written at its end."""
    if not categories or not series:
        return nothing()
    picture = drawn_twice(
        width,
        lambda wide: _draw_lines(title, description, categories, series, goal, wide, shown),
    )
    below = _series_table(categories, series, shown) if values else NOTHING
    return joined(picture, _legend(series, "l"), below)


@value
class _Frame:
    """The plot between its axes: the scales across (by category) and up, and the slot's width."""

    width: int
    left: float
    slot: float
    up: Scale
    steps: Sequence[Decimal]

    def middle(self, place: int) -> float:
        return self.left + self.slot * (place + 0.5)


def _frame(
    count: int,
    amounts: Sequence[Decimal],
    goal: ChartGoal | None,
    width: int,
    shown: Shown,
    *,
    behind: float = 0,
) -> _Frame:
    """`behind`: the room that is wanted to the right of the last mark."""
    reached = [*amounts, Decimal(0), *([goal.value] if goal else [])]
    steps = ticks(min(reached), max(reached))
    left = max(text_width(shown(step)) for step in steps) + GAP
    up = Scale(steps[0], steps[-1], _HEIGHT - _BOTTOM, _TOP)
    margin = max(behind - (width - left) / count / 2, 0)
    return _Frame(width, left, (width - left - margin) / count, up, steps)


def _axes(frame: _Frame, categories: Sequence[str], shown: Shown) -> Iterator[Html]:
    for step in frame.steps:
        y = frame.up.place(step)
        yield element("line", x1=frame.left, x2=frame.width, y1=y, y2=y, class_="ruler")
        yield label(frame.left - GAP, y + 4, shown(step), anchor="end", look="quiet")
    yield from _category_labels(frame, categories)


def _category_labels(frame: _Frame, categories: Sequence[str]) -> Iterator[Html]:
    """The categories below the axis; those without room beside the one before are left out."""
    widest = max(text_width(each) for each in categories)
    every = max(int(-(-(widest + GAP) // frame.slot)), 1)
    end = 0.0
    for place in range(0, len(categories), every):
        wide = text_width(categories[place])
        x = _inside(frame.middle(place), wide, frame.width)
        if x - wide / 2 >= end:
            end = x + wide / 2 + GAP
            yield label(x, _HEIGHT - 6, categories[place], anchor="middle", look="quiet")


def _inside(x: float, wide: float, width: float) -> float:
    """The middle of a label that must not leave the frame."""
    return min(max(x, wide / 2), width - wide / 2)


def _goal_line(frame: _Frame, goal: ChartGoal | None, shown: Shown) -> Html:
    if goal is None:
        return NOTHING
    y, name = frame.up.place(goal.value), f"{goal.name} {shown(goal.value)}"
    return joined(
        element("line", x1=frame.left, x2=frame.width, y1=y, y2=y, class_="goal"),
        label(frame.width, y - 5, name, anchor="end", look="quiet halo"),
    )


def _draw_columns(
    title: str,
    description: str,
    categories: Sequence[str],
    series: Sequence[Series],
    goal: ChartGoal | None,
    width: int,
    shown: Shown,
) -> Html:
    sums = [_sum(series, place) for place in range(len(categories))]
    frame = _frame(len(categories), sums, goal, width, shown)
    stacks = (
        _stack(frame, place, category, series, shown) for place, category in enumerate(categories)
    )
    labels = _sum_labels(frame, sums, goal, shown)
    return svg(
        title,
        description,
        width,
        _HEIGHT,
        *_axes(frame, categories, shown),
        *stacks,
        _goal_line(frame, goal, shown),
        *labels,
    )


def _sum(series: Sequence[Series], place: int) -> Decimal:
    return sum((each.values[place] or Decimal(0) for each in series), Decimal(0))


def _stack(
    frame: _Frame, place: int, category: str, series: Sequence[Series], shown: Shown
) -> Html:
    wide = min(frame.slot * 0.56, 64)
    x = frame.middle(place) - wide / 2
    base, parts = Decimal(0), []
    for number, each in enumerate(series[:MOST_SERIES], 1):
        amount = each.values[place] or Decimal(0)
        y, foot = frame.up.place(base + amount), frame.up.place(base)
        base += amount
        if amount:
            top, tall = min(y, foot), abs(foot - y)
            told = element("title", f"{category}, {each.name}: {shown(amount)}")
            parts.append(
                element("rect", told, x=x, y=top, width=wide, height=tall, class_=f"s{number}")
            )
    return joined(*parts)


def _sum_labels(
    frame: _Frame, sums: Sequence[Decimal], goal: ChartGoal | None, shown: Shown
) -> Iterator[Html]:
    """The sums above their columns, where each has room beside the next."""
    widest = max(text_width(shown(each)) for each in sums)
    if widest + 2 > frame.slot:
        return
    for place, total in enumerate(sums):
        if total:
            y = frame.up.place(max(total, Decimal(0))) - 5
            yield label(
                frame.middle(place), y, shown(total), anchor="middle", look="halo" if goal else ""
            )


def _draw_lines(
    title: str,
    description: str,
    categories: Sequence[str],
    series: Sequence[Series],
    goal: ChartGoal | None,
    width: int,
    shown: Shown,
) -> Html:
    known = [each for line in series for each in line.values if each is not None]
    last = [text_width(shown(each.values[-1] or Decimal(0))) for each in series if each.values]
    behind = max(last, default=0) + 2 * GAP
    frame = _frame(len(categories), known, goal, width, shown, behind=behind)
    lines = (_line(frame, number, each) for number, each in enumerate(series[:MOST_SERIES], 1))
    return svg(
        title,
        description,
        width,
        _HEIGHT,
        *_axes(frame, categories, shown),
        *lines,
        _goal_line(frame, goal, shown),
        *_last(frame, series, shown),
    )


def _line(frame: _Frame, number: int, series: Series) -> Html:
    runs: list[list[tuple[float, float]]] = [[]]
    for place, amount in enumerate(series.values):
        if amount is None:
            runs.append([])
        else:
            runs[-1].append((frame.middle(place), frame.up.place(amount)))
    drawn = [
        element("polyline", points=points(run), class_=f"l{number}") for run in runs if len(run) > 1
    ]
    dots = [
        element("circle", cx=run[0][0], cy=run[0][1], r=2.6, class_=f"s{number}")
        for run in runs
        if len(run) == 1
    ]
    return element("g", element("title", series.name), *drawn, *dots)


def _last(frame: _Frame, series: Sequence[Series], shown: Shown) -> Iterator[Html]:
    """The last value of each line at its end, where it does not run into another one."""
    taken: list[tuple[int, float]] = []
    for each in series[:MOST_SERIES]:
        known = [(place, value) for place, value in enumerate(each.values) if value is not None]
        if not known:
            continue
        place, amount = known[-1]
        y = frame.up.place(amount)
        if any(other == place and abs(y - at) < _LINE for other, at in taken):
            continue
        taken.append((place, y))
        text, x = shown(amount), frame.middle(place)
        if x + GAP + text_width(text) <= frame.width:
            yield label(x + GAP, y + 4, text, look="halo")
        else:
            x = _inside(x, text_width(text), frame.width)
            yield label(x, y - GAP, text, anchor="middle", look="halo")


def _legend(series: Sequence[Series], look: str) -> Html:
    """The names of several series, each with its colour."""
    if len(series) < 2:
        return NOTHING
    names = (_legend_entry(number, each.name, look) for number, each in enumerate(series, 1))
    return element("p", joined(*names), class_="remark legend")


def _legend_entry(number: int, name: str, look: str) -> Html:
    mark = (
        element("rect", width=10, height=10, y=1, class_=f"s{number}")
        if look == "s"
        else element("line", x1=0, x2=10, y1=6, y2=6, class_=f"l{number}")
    )
    swatch = element("svg", mark, viewBox="0 0 10 12", width=10, height=12, aria_hidden="true")
    return element("span", swatch, " ", name, class_="entry")


def _series_table(categories: Sequence[str], series: Sequence[Series], shown: Shown) -> Html:
    rows = [
        [category, *(_shown(each.values[place], shown) for each in series)]
        for place, category in enumerate(categories)
    ]
    return values_table(("", *(each.name for each in series)), rows)


def _shown(amount: Decimal | None, shown: Shown) -> str:
    return "—" if amount is None else shown(amount)

"""Charts as inline SVG: bars, stacked columns, lines and sparklines.

Each chart has a title and a description that says its message, for whoever does not see it. Colours
are classes of the page's style, told apart by lightness first. A chart is drawn twice, for a wide
and a narrow screen, and the style shows one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from plaincrm.core.value_class import value
from plaincrm.views.html.element import NOTHING, Html, element, joined
from plaincrm.views.html.page import details, table
from plaincrm.views.html.scale import Scale, fitted, short, text_width, ticks

# User units, pixels where a panel is as wide: the inner width of a panel of 7 or 8 columns, of 4 to
# 6, and of any on a phone.
WIDE, HALF, NARROW = 640, 420, 326
_HEIGHT = 240
_TOP, _BOTTOM = 22.0, 24.0  # room for the labels above the highest mark and below the axis
_LINE = 12.0  # font size of labels
_GAP = 6.0  # between a mark and its label
MOST_SERIES = 4  # more can't be told apart

Shown = Callable[[Decimal], str]


@value
class Series:
    """One named row of values, one for each category; None where there is none."""

    name: str
    values: Sequence[Decimal | None]


@value
class Bar:
    """One horizontal bar: its label, a note below it, its value, and the darker part of it."""

    label: str
    value: Decimal
    note: str = ""
    part: Decimal | None = None


@value
class Goal:
    """A dashed line across a chart, with its name."""

    name: str
    value: Decimal


def bar_chart(
    title: str,
    description: str,
    bars: Sequence[Bar],
    *,
    shown: Shown = short,
    of: str = "value",
    width: int = WIDE,
) -> Html:
    """Horizontal bars from zero, for names that are long. `of` heads the values in the table.

    `width` is that of the panel: `WIDE` or `HALF`.
    """
    if not bars:
        return _nothing()
    picture = _twice(width, lambda wide: _draw_bars(title, description, bars, wide, shown))
    return joined(picture, _values(("", of), [[bar.label, shown(bar.value)] for bar in bars]))


def column_chart(
    title: str,
    description: str,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    goal: Goal | None = None,
    shown: Shown = short,
    width: int = WIDE,
) -> Html:
    """Columns by category, one series upon the other; the sum is written above each."""
    if not categories or not series:
        return _nothing()
    picture = _twice(
        width,
        lambda wide: _draw_columns(title, description, categories, series, goal, wide, shown),
    )
    return joined(picture, _legend(series, "s"), _series_table(categories, series, shown))


def line_chart(
    title: str,
    description: str,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    goal: Goal | None = None,
    shown: Shown = short,
    width: int = WIDE,
) -> Html:
    """Lines over time; a gap where a value is missing; the last value is written at its end."""
    if not categories or not series:
        return _nothing()
    picture = _twice(
        width,
        lambda wide: _draw_lines(title, description, categories, series, goal, wide, shown),
    )
    return joined(picture, _legend(series, "l"), _series_table(categories, series, shown))


def sparkline(title: str, values: Sequence[Decimal | None]) -> Html:
    """A line without axes, its last value a dot. Empty where there are fewer than two values."""
    known = [each for each in values if each is not None]
    if len(known) < 2:
        return NOTHING
    across = Scale(Decimal(0), Decimal(len(known) - 1), 3, 125)
    up = Scale(min(known), max(known), 29, 3)
    points = [(across.place(Decimal(n)), up.place(each)) for n, each in enumerate(known)]
    x, y = points[-1]
    return element(
        "svg",
        element("title", title),
        element("polyline", points=_points(points), class_="l1"),
        element("circle", cx=x, cy=y, r=2.6, class_="s1"),
        viewBox="0 0 128 32",
        class_="spark",
        role="img",
    )


def _nothing() -> Html:
    return element("p", "Nothing to show yet.", class_="remark")


def _twice(width: int, draw: Callable[[int], Html]) -> Html:
    """The drawing for a wide screen and for a narrow one."""
    return joined(
        element("div", draw(width), class_="wide"), element("div", draw(NARROW), class_="narrow")
    )


def _svg(title: str, description: str, width: int, height: float, *children: Html) -> Html:
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        *children,
        viewBox=f"0 0 {width} {height:.0f}",
        class_="chart",
        role="img",
        aria_label=f"{title}. {description}",
    )


def _text(x: float, y: float, text: str, *, anchor: str = "start", look: str = "") -> Html:
    return element("text", text, x=x, y=y, text_anchor=anchor, class_=look or None)


# --- bars


def _draw_bars(title: str, description: str, bars: Sequence[Bar], width: int, shown: Shown) -> Html:
    row = 44 if any(bar.note for bar in bars) else 32
    room = width * 0.4
    widest = max(text_width(part) for bar in bars for part in (bar.label, bar.note))
    left = min(widest, room) + 2 * _GAP
    right = width - max(text_width(shown(bar.value)) for bar in bars) - 2 * _GAP
    most = max(max(bar.value for bar in bars), Decimal(0)) or Decimal(1)
    across = Scale(Decimal(0), most, left, right)
    drawn = (
        _draw_bar(bar, n * row, left, across, shown, room=left - _GAP) for n, bar in enumerate(bars)
    )
    return _svg(title, description, width, row * len(bars), *drawn)


def _draw_bar(
    bar: Bar, top: float, left: float, across: Scale, shown: Shown, *, room: float
) -> Html:
    end = across.place(max(bar.value, Decimal(0)))
    dark = bar.value if bar.part is None else min(bar.part, bar.value)
    dark_end = across.place(max(dark, Decimal(0)))
    notes = _text(0, top + 29, fitted(bar.note, room), look="quiet") if bar.note else NOTHING
    return element(
        "g",
        element("title", f"{bar.label}: {shown(bar.value)}"),
        _text(0, top + 15, fitted(bar.label, room)),
        notes,
        element("rect", x=left, y=top + 3, width=max(end - left, 0.5), height=22, class_="track"),
        element("rect", x=left, y=top + 3, width=max(dark_end - left, 0.5), height=22, class_="s1"),
        _text(end + _GAP, top + 18, shown(bar.value)),
    )


# --- columns and lines


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
    count: int, amounts: Sequence[Decimal], goal: Goal | None, width: int, shown: Shown
) -> _Frame:
    reached = [*amounts, Decimal(0), *([goal.value] if goal else [])]
    steps = ticks(min(reached), max(reached))
    left = max(text_width(shown(step)) for step in steps) + _GAP
    up = Scale(steps[0], steps[-1], _HEIGHT - _BOTTOM, _TOP)
    return _Frame(width, left, (width - left) / count, up, steps)


def _axes(frame: _Frame, categories: Sequence[str], shown: Shown) -> Iterator[Html]:
    for step in frame.steps:
        y = frame.up.place(step)
        yield element("line", x1=frame.left, x2=frame.width, y1=y, y2=y, class_="ruler")
        yield _text(frame.left - _GAP, y + 4, shown(step), anchor="end", look="quiet")
    yield from _category_labels(frame, categories)


def _category_labels(frame: _Frame, categories: Sequence[str]) -> Iterator[Html]:
    """The categories below the axis; those without room beside the one before are left out."""
    widest = max(text_width(each) for each in categories)
    every = max(int(-(-(widest + _GAP) // frame.slot)), 1)
    end = 0.0
    for place in range(0, len(categories), every):
        wide = text_width(categories[place])
        x = _inside(frame.middle(place), wide, frame.width)
        if x - wide / 2 >= end:
            end = x + wide / 2 + _GAP
            yield _text(x, _HEIGHT - 6, categories[place], anchor="middle", look="quiet")


def _inside(x: float, wide: float, width: float) -> float:
    """The middle of a label that must not leave the frame."""
    return min(max(x, wide / 2), width - wide / 2)


def _goal_line(frame: _Frame, goal: Goal | None, shown: Shown) -> Html:
    if goal is None:
        return NOTHING
    y, name = frame.up.place(goal.value), f"{goal.name} {shown(goal.value)}"
    return joined(
        element("line", x1=frame.left, x2=frame.width, y1=y, y2=y, class_="goal"),
        _text(frame.width, y - 5, name, anchor="end", look="quiet halo"),
    )


def _draw_columns(
    title: str,
    description: str,
    categories: Sequence[str],
    series: Sequence[Series],
    goal: Goal | None,
    width: int,
    shown: Shown,
) -> Html:
    sums = [_sum(series, place) for place in range(len(categories))]
    frame = _frame(len(categories), sums, goal, width, shown)
    stacks = (
        _stack(frame, place, category, series, shown) for place, category in enumerate(categories)
    )
    labels = _sum_labels(frame, sums, goal, shown)
    return _svg(
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
    frame: _Frame, sums: Sequence[Decimal], goal: Goal | None, shown: Shown
) -> Iterator[Html]:
    """The sums above their columns, where each has room beside the next."""
    widest = max(text_width(shown(each)) for each in sums)
    if widest + 2 > frame.slot:
        return
    for place, total in enumerate(sums):
        if total:
            y = frame.up.place(max(total, Decimal(0))) - 5
            yield _text(
                frame.middle(place), y, shown(total), anchor="middle", look="halo" if goal else ""
            )


def _draw_lines(
    title: str,
    description: str,
    categories: Sequence[str],
    series: Sequence[Series],
    goal: Goal | None,
    width: int,
    shown: Shown,
) -> Html:
    known = [each for line in series for each in line.values if each is not None]
    frame = _frame(len(categories), known, goal, width, shown)
    lines = (
        _line(frame, number, each, shown) for number, each in enumerate(series[:MOST_SERIES], 1)
    )
    return _svg(
        title,
        description,
        width,
        _HEIGHT,
        *_axes(frame, categories, shown),
        *lines,
        _goal_line(frame, goal, shown),
    )


def _line(frame: _Frame, number: int, series: Series, shown: Shown) -> Html:
    runs: list[list[tuple[float, float]]] = [[]]
    for place, amount in enumerate(series.values):
        if amount is None:
            runs.append([])
        else:
            runs[-1].append((frame.middle(place), frame.up.place(amount)))
    drawn = [
        element("polyline", points=_points(run), class_=f"l{number}")
        for run in runs
        if len(run) > 1
    ]
    dots = [
        element("circle", cx=run[0][0], cy=run[0][1], r=2.6, class_=f"s{number}")
        for run in runs
        if len(run) == 1
    ]
    return element("g", element("title", series.name), *drawn, *dots, _last(frame, series, shown))


def _last(frame: _Frame, series: Series, shown: Shown) -> Html:
    known = [(place, each) for place, each in enumerate(series.values) if each is not None]
    if not known:
        return NOTHING
    place, amount = known[-1]
    label = shown(amount)
    x = _inside(frame.middle(place), text_width(label), frame.width)
    return _text(x, frame.up.place(amount) - _GAP, label, anchor="middle", look="halo")


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


# --- words beside the picture


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
    return _values(("", *(each.name for each in series)), rows)


def _shown(amount: Decimal | None, shown: Shown) -> str:
    return "—" if amount is None else shown(amount)


def _values(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    return details("Values", table(columns, rows, right=range(1, len(columns))))

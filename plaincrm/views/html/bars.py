"""Horizontal bars, for names that are long; and sparklines, for a figure's recent past."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from plaincrm.core.value_class import value
from plaincrm.views.html.element import NOTHING, Html, element, joined
from plaincrm.views.html.scale import Scale, fitted, short, text_width
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


@value
class Bar:
    """One horizontal bar: its label, a note below it, its value, and the darker part of it."""

    label: str
    value: Decimal
    note: str = ""
    part: Decimal | None = None


def bar_chart(
    title: str,
    description: str,
    bars: Sequence[Bar],
    *,
    shown: Shown = short,
    of: str = "value",
    width: int = WIDE,
    values: bool = True,
) -> Html:
    """Horizontal bars from zero, for names that are long. `of` heads the values in the table, which
    is one click away with `values`.

    `width` is that of the panel: `WIDE` or `HALF`.
    """
    if not bars:
        return nothing()
    picture = drawn_twice(width, lambda wide: _draw_bars(title, description, bars, wide, shown))
    if not values:
        return picture
    return joined(picture, values_table(("", of), [[bar.label, shown(bar.value)] for bar in bars]))


def sparkline(title: str, values: Sequence[Decimal | None]) -> Html:
    """A line without axes, its last value a dot. Empty where there are fewer than two values."""
    known = [each for each in values if each is not None]
    if len(known) < 2:
        return NOTHING
    across = Scale(Decimal(0), Decimal(len(known) - 1), 3, 125)
    up = Scale(min(known), max(known), 29, 3)
    corners = [(across.place(Decimal(n)), up.place(each)) for n, each in enumerate(known)]
    x, y = corners[-1]
    return element(
        "svg",
        element("title", title),
        element("polyline", points=points(corners), class_="l1"),
        element("circle", cx=x, cy=y, r=2.6, class_="s1"),
        viewBox="0 0 128 32",
        class_="spark",
        role="img",
    )


def _draw_bars(title: str, description: str, bars: Sequence[Bar], width: int, shown: Shown) -> Html:
    row = 44 if any(bar.note for bar in bars) else 32
    room = width * 0.4
    widest = max(text_width(part) for bar in bars for part in (bar.label, bar.note))
    left = min(widest, room) + 2 * GAP
    right = width - max(text_width(shown(bar.value)) for bar in bars) - 2 * GAP
    most = max(max(bar.value for bar in bars), Decimal(0)) or Decimal(1)
    across = Scale(Decimal(0), most, left, right)
    drawn = (
        _draw_bar(bar, n * row, left, across, shown, room=left - GAP) for n, bar in enumerate(bars)
    )
    return svg(title, description, width, row * len(bars), *drawn)


def _draw_bar(
    bar: Bar, top: float, left: float, across: Scale, shown: Shown, *, room: float
) -> Html:
    end = across.place(max(bar.value, Decimal(0)))
    dark = bar.value if bar.part is None else min(bar.part, bar.value)
    dark_end = across.place(max(dark, Decimal(0)))
    notes = label(0, top + 29, fitted(bar.note, room), look="quiet") if bar.note else NOTHING
    return element(
        "g",
        element("title", f"{bar.label}: {shown(bar.value)}"),
        label(0, top + 15, fitted(bar.label, room)),
        notes,
        element("rect", x=left, y=top + 3, width=max(end - left, 0.5), height=22, class_="track"),
        element("rect", x=left, y=top + 3, width=max(dark_end - left, 0.5), height=22, class_="s1"),
        label(end + GAP, top + 18, shown(bar.value)),
    )

"""What all charts share: drawn for two screens, with words for whoever sees no picture.

Each chart has a title and a description that says its message. Colours are classes of the page's
style, told apart by lightness first. The style shows one of the two drawings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from plaincrm.views.html.element import Html, element, joined
from plaincrm.views.html.page import details, table

# User units, pixels where a panel is as wide: the inner width of a panel of 7 or 8 columns, of 4 to
# 6, and of any on a phone.
WIDE, HALF, NARROW = 640, 420, 326
GAP = 6.0  # between a mark and its label

Shown = Callable[[Decimal], str]


def drawn_twice(width: int, draw: Callable[[int], Html]) -> Html:
    """The drawing for a wide screen and for a narrow one."""
    return joined(
        element("div", draw(width), class_="wide"), element("div", draw(NARROW), class_="narrow")
    )


def svg(title: str, description: str, width: int, height: float, *children: Html) -> Html:
    """The drawing, `width` × `height` user units."""
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


def label(x: float, y: float, text: str, *, anchor: str = "start", look: str = "") -> Html:
    """A text of the drawing; `look`: its classes."""
    return element("text", text, x=x, y=y, text_anchor=anchor, class_=look or None)


def points(points: Sequence[tuple[float, float]]) -> str:
    """The corners of a polyline."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def values_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Html:
    """The values of a chart, one click away."""
    return details("Values", table(columns, rows, right=range(1, len(columns))))


def nothing() -> Html:
    """In place of a chart without values."""
    return element("p", "Nothing to show yet.", class_="remark")

"""Charts: every label inside the frame, no two on each other, words for whoever sees no picture."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.views.html.bars import Bar, bar_chart, sparkline
from plaincrm.views.html.plot import ChartGoal, Series, column_chart, line_chart
from plaincrm.views.html.scale import text_width
from plaincrm.views.html.svg import HALF, NARROW, WIDE

AMOUNTS = st.decimals(0, 5_000_000, places=2, allow_nan=False, allow_infinity=False)
_SVG = re.compile(r'<svg(?=[^>]* class="chart")[^>]*viewBox="0 0 (\d+) (\d+)".*?</svg>', re.DOTALL)
_TEXT = re.compile(r'<text x="([-\d.]+)" y="([-\d.]+)" text-anchor="(\w+)"[^>]*>([^<]*)</text>')


def labels(svg: str) -> list[tuple[float, float, float, str]]:
    """(left, right, baseline, text) of each label."""
    found = []
    for x, y, anchor, text in _TEXT.findall(svg):
        wide = text_width(unescape(text))
        left = float(x) - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        found.append((left, left + wide, float(y), text))
    return found


def drawings(chart: str) -> list[tuple[int, str]]:
    found = [(int(each[1]), each[0]) for each in _SVG.finditer(chart)]
    assert found
    return found


@given(st.lists(AMOUNTS, min_size=1, max_size=24), st.booleans())
def test_labels_of_columns_stay_inside_and_apart(amounts: list[Decimal], with_goal: bool) -> None:
    months = [f"{n:02} 26" for n in range(len(amounts))]
    goal = ChartGoal("goal", Decimal(1000)) if with_goal else None
    chart = column_chart("Sales", "All.", months, [Series("won", amounts)], goal=goal)
    for width, svg in drawings(chart):
        found = [each for each in labels(svg) if not each[3].startswith("goal")]
        assert all(left >= -0.5 and right <= width + 0.5 for left, right, _, _ in found)
        axis = sorted(each for each in found if each[3] in months)
        assert all(a[1] <= b[0] for a, b in pairwise(axis))


@given(st.lists(st.tuples(st.text(max_size=40), AMOUNTS), min_size=1, max_size=9))
def test_labels_of_bars_stay_inside(rows: list[tuple[str, Decimal]]) -> None:
    chart = bar_chart("Stages", "All.", [Bar(name, amount) for name, amount in rows], width=HALF)
    for width, svg in drawings(chart):
        assert all(right <= width + 0.5 for _, right, _, _ in labels(svg))


def test_the_last_value_of_a_line_stands_beside_its_end() -> None:
    months = [f"{n:02}" for n in range(1, 13)]
    falls = Series("won", [Decimal(0)] * 10 + [Decimal(7000), Decimal(1500)])
    chart = line_chart("Sales", "Falls.", months, [falls])
    for _, svg in drawings(chart):
        run = re.findall(r'points="[^"]* ([\d.]+),([\d.]+)"', svg)[-1]
        (left, _, y, _), *_ = (each for each in labels(svg) if each[3] == "1.5k")
        assert left > float(run[0]) and abs(y - float(run[1])) < 8


def test_a_chart_is_drawn_for_a_wide_and_a_narrow_screen() -> None:
    chart = line_chart("Sales", "Grows.", ["Jan", "Feb"], [Series("won", [Decimal(1), Decimal(2)])])
    assert [width for width, _ in drawings(chart)] == [WIDE, NARROW]


def test_words_stand_beside_the_picture() -> None:
    chart = column_chart(
        "Forecast", "December leads.", ["Dec"], [Series("won", [Decimal(5)])], goal=None
    )
    assert "<title>Forecast</title>" in chart and "<desc>December leads.</desc>" in chart
    assert 'role="img"' in chart and "<summary>Values</summary>" in chart


def test_a_missing_value_is_a_gap_and_a_dash() -> None:
    values = [Decimal(1), None, Decimal(3), Decimal(4)]
    chart = line_chart("x", "y", list("abcd"), [Series("s", values)])
    assert (
        chart.count("<polyline") == 2
    )  # one run of two points, drawn twice; a lone point is a dot
    assert "—" in chart


def test_nothing_to_show_is_said() -> None:
    assert "Nothing to show" in bar_chart("x", "y", [])
    assert "Nothing to show" in column_chart("x", "y", [], [])
    assert sparkline("x", [Decimal(1)]) == ""


def test_names_are_text() -> None:
    assert "<b>" not in bar_chart("<b>", "<b>", [Bar("<b>", Decimal(1), "<b>")])

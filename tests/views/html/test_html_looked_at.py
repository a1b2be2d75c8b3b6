"""The dashboard and the reports as a browser shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chromium import Chromium
from tests.conftest import Crm
from tests.views.html.conftest import Look


@pytest.mark.parametrize(
    "words",
    [
        ["dashboard", "{page}", "--period", "2026-Q4"],
        ["report", "sales", "--period", "2025", "--compare", "-o", "{page}"],
        ["report", "money", "-o", "{page}"],
        ["report", "customers", "-o", "{page}"],
        ["report", "support", "-o", "{page}"],
        ["report", "health", "-o", "{page}"],
        ["forecast", "-o", "{page}"],
        ["score", "-o", "{page}"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_page_looks_right(crm: Crm, tmp_path: Path, words: list[str], look: Look) -> None:
    page = tmp_path / "page.html"
    ran = crm(*(str(page) if word == "{page}" else word for word in words))
    assert ran.code == 0, ran.err
    look(page.as_uri())


def test_a_click_on_a_figure_opens_its_list(crm: Crm, tmp_path: Path, browser: Chromium) -> None:
    page = tmp_path / "d.html"
    crm("dashboard", str(page), "--period", "2026-Q4")
    browser.open(page.as_uri())
    closed = "document.getElementById('list-pipeline').closest('details').open"
    assert browser.evaluate(closed) is False
    browser.evaluate("document.querySelector('a[href=\"#list-pipeline\"]').click(), 1")
    assert browser.evaluate(closed) is True


def test_no_label_of_a_chart_leaves_its_picture(
    crm: Crm, tmp_path: Path, browser: Chromium
) -> None:
    page = tmp_path / "d.html"
    crm("dashboard", str(page), "--period", "2026-Q4")
    for width in (390, 1440):
        browser.open(page.as_uri(), width)
        outside = browser.evaluate(
            """[...document.querySelectorAll('svg.chart text')].filter((each) => {
              if (!each.checkVisibility()) return false;
              const box = each.getBoundingClientRect();
              const frame = each.ownerSVGElement.getBoundingClientRect();
              return box.left < frame.left - 1 || box.right > frame.right + 1;
            }).map((each) => each.textContent)"""
        )
        assert outside == [], width


def test_print_shows_what_is_folded_away(crm: Crm, tmp_path: Path, browser: Chromium) -> None:
    page = tmp_path / "d.html"
    crm("dashboard", str(page), "--period", "2026-Q4")
    browser.open(page.as_uri())
    browser.prefer("dark", media="print")
    dark = browser.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert dark == "rgb(255, 255, 255)"
    shown = browser.evaluate(
        "document.getElementById('list-pipeline').getBoundingClientRect().height"
    )
    assert shown > 100

"""Documents as sheets of paper: one page, the address in the window, the totals under their column."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from plaincrm.views.html.document_page import document_page, paper
from tests.chromium import Chromium
from tests.conftest import Crm
from tests.views.html.conftest import Look

MM = 96 / 25.4  # CSS pixels of a millimetre
DEAL = """---
name: Shop
contact: friederike-moeller
company: weinhandlung-moeller
stage: proposal
valid: 2026-12-01
items:
- 2 x logo-package 1800 EUR
- 1 x Advice 100 EUR
---
"""


@pytest.fixture
def quote(crm: Crm, studio: Path, tmp_path: Path) -> Path:
    (studio / "deals" / "shop.md").write_text(DEAL, encoding="utf-8")
    place = tmp_path / "quote.html"
    assert crm("document", "quote", "shop", "-o", str(place)).code == 0
    return place


@pytest.mark.parametrize(("country", "size"), [("DE", "A4"), ("", "A4"), ("us", "letter")])
def test_the_paper_is_that_of_the_country(country: str, size: str) -> None:
    assert paper(country) == size
    assert f"@page {{ size: {size}; }}" in document_page("Quote", "# Quote", "en", country)


def test_a_quote_looks_right(quote: Path, look: Look) -> None:
    look(quote.as_uri())


def _pages(browser: Chromium) -> tuple[int, float, float]:
    """How many pages a print has, and their size in millimetres."""
    made = browser.call("Page.printToPDF", preferCSSPageSize=True)
    data = base64.b64decode(made["data"])
    count = re.search(rb"/Count (\d+)", data)
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", data)
    assert count and box
    return int(count[1]), float(box[1]) / 72 * 25.4, float(box[2]) / 72 * 25.4


def test_it_is_one_sheet_of_a4(quote: Path, browser: Chromium) -> None:
    browser.open(quote.as_uri())
    count, width, height = _pages(browser)
    assert (count, round(width), round(height)) == (1, 210, 297)


def test_address_and_totals_stand_where_they_belong(quote: Path, browser: Chromium) -> None:
    # The width between the margins of a sheet, so that the print can be measured.
    browser.open(quote.as_uri(), round(170 * MM), 1000)
    browser.prefer("light", media="print")
    field = browser.evaluate(
        "document.querySelector('blockquote').getBoundingClientRect().toJSON()"
    )
    assert field["top"] / MM + 20 == pytest.approx(45, abs=0.5)
    assert field["left"] / MM + 20 == pytest.approx(20, abs=0.5)
    assert (field["width"] / MM, field["height"] / MM) == pytest.approx((85, 45), abs=0.5)
    ends = browser.evaluate(
        "[...document.querySelectorAll('tr td:last-child')].map((each) => each.getBoundingClientRect().right)"
    )
    assert max(ends) - min(ends) < 1


def test_marks_of_records_stay_text() -> None:
    made = document_page("<b>", "# x\n\n<script>alert(1)</script>\n\n| a |\n|---:|\n| 1 |\n", "en")
    assert "<script" not in made and "style=" not in made and '<td class="number">1</td>' in made

"""Pages: self-contained, with a policy that allows exactly their own style and script."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape

from plaincrm.views.html.element import Html, element
from plaincrm.views.html.page import Panel, WebPage, render, table


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def test_the_policy_names_the_hash_of_what_is_inline() -> None:
    page = render(WebPage("Studio", [], script="document.title += '!';"))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    script = re.search(r"<script>(.*?)</script>", page, re.DOTALL)
    assert policy and style and script
    said = unescape(policy[1])
    assert said.startswith("default-src 'none'")
    assert f"style-src '{_hash(style[1])}'" in said
    assert f"script-src '{_hash(script[1])}'" in said


def test_a_page_without_script_allows_none_and_loads_nothing() -> None:
    page = render(WebPage("Studio", [Panel("Won", element("p", "1"))]))
    assert "script-src" not in page and "<script" not in page
    assert not re.search(r"(?:src|href|url\()=?[\"'(]?https?:", page)
    assert not re.search(r"\sstyle=", page)


def test_names_of_records_are_text() -> None:
    page = render(WebPage("<b>Ada</b>", [Panel("<i>", Html("ok"), remark="a & b")], footer="<u>"))
    assert "<b>Ada" not in page and "<i>" not in page and "<u>" not in page
    assert "a &amp; b" in page


def test_a_table_says_which_columns_hold_numbers() -> None:
    made = table(["Source", "Won"], [["<Fair>", "3"]], right=[1])
    assert '<td class="number">3</td>' in made
    assert "&lt;Fair&gt;" in made

from __future__ import annotations

import pytest

from plaincrm.interchange.markdown import allowed, to_html


def test_markdown_becomes_html() -> None:
    assert to_html("**bold**\nnext") == "<p><strong>bold</strong>\nnext</p>\n"
    assert to_html("one\ntwo", breaks=True) == "<p>one<br />\ntwo</p>\n"


def test_raw_html_is_text() -> None:
    assert "<script" not in to_html("<script>alert(1)</script>\n\nx <img src=x onerror=y>")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:x",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc",
        "//evil",
        "java\tscript:x",
    ],
)
def test_links_with_other_schemes_stay_text(url: str) -> None:
    assert not allowed(url)
    assert "href" not in to_html(f"[x](<{url}>)")


@pytest.mark.parametrize(
    "url", ["https://x.example", "mailto:a@x.example", "tel:+49301", "page.html", "#part"]
)
def test_plain_links_work(url: str) -> None:
    assert f'href="{url}"' in to_html(f"[x]({url})")

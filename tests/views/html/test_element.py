"""HTML elements: no text becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.views.html.element import Html, element, joined


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"])))
def test_any_text_reads_back_as_that_text(text: str) -> None:
    reader = _Reader()
    reader.feed(element("p", text, title=text) + "<hr>")
    assert reader.tags == [("p", {"title": text}), ("hr", {})]
    assert reader.text == text


def test_markup_stays_markup_and_nothing_is_left_out_but_none() -> None:
    inner = element("b", "1 < 2")
    assert element("p", inner, None, 0) == "<p><b>1 &lt; 2</b>0</p>"
    assert isinstance(joined(inner), Html)


def test_attributes() -> None:
    made = element("a", "x", href="?a=1&b=2", class_="ref", aria_label='say "hi"', hidden=False)
    assert made == '<a href="?a=1&amp;b=2" class="ref" aria-label="say &quot;hi&quot;">x</a>'
    assert element("details", open=True) == "<details open></details>"
    assert element("line", x1=1.0, x2=2.25, y1=3) == '<line x1="1" x2="2.2" y1="3"></line>'

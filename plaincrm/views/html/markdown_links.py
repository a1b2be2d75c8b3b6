"""Markdown as HTML whose links lead to the pages of a site: those that lead nowhere there, or to
something private, stay as text and are named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from posixpath import basename
from urllib.parse import unquote

from plaincrm.core.text.fold import fold
from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value
from plaincrm.interchange.markdown import to_html
from plaincrm.views.html.element import Html

_LINK = pattern(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_IMAGE = pattern(r'<img src="([^"]*)" alt="([^"]*)"[^>]*>')
_RIGHT = pattern(r' style="text-align:right"')
_ALIGNED = pattern(r' style="text-align:(?:left|center)"')
_HEADING = pattern(r"(</?h)([1-5])>")
_ELSEWHERE = ("http://", "https://", "mailto:", "tel:")


@value
class LinkedHtml:
    """A text as HTML, and the links in it that lead nowhere."""

    html: Html
    dead: tuple[str, ...]


def linked_html(text: str, pages: Mapping[str, str]) -> LinkedHtml:
    """`pages`: the folded id of every record that has a page, and where that lies from this one.

    A picture from the web becomes a link to it: the reader decides whether to ask there.
    """
    dead: list[str] = []

    def link(found: re.Match[str]) -> str:
        href, shown = unescape(found[1]), found[2]
        if href.startswith(_ELSEWHERE):
            return f'<a href="{found[1]}" rel="noopener noreferrer">{shown}</a>'
        if href.startswith("#"):
            return found[0]
        page = pages.get(linked_id(href))
        if page is None:
            dead.append(href)
            return shown
        return f'<a href="{page}">{shown}</a>'

    def image(found: re.Match[str]) -> str:
        if found[1].startswith(_ELSEWHERE):
            name = found[2] or found[1]
            return f'<a href="{found[1]}" rel="noopener noreferrer">{name}</a>'
        dead.append(unescape(found[1]))
        return found[2]

    linked = _IMAGE.sub(image, _LINK.sub(link, page_html(text)))
    # The title of the page is its only heading of the first level.
    lower = _HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + 1}>", linked)
    return LinkedHtml(Html(lower), tuple(dead))


def page_html(text: str, *, breaks: bool = False) -> Html:
    """The HTML of a Markdown text for a page of ours, whose policy allows no style on an element:
    numbers of a table stand right by their class. `breaks`: each line end is one.
    """
    return Html(_RIGHT.sub(' class="number"', _ALIGNED.sub("", to_html(text, breaks=breaks))))


def linked_id(href: str) -> str:
    """The folded id that a link to a record names: `../articles/x.md#part` is `x`."""
    path = unquote(href).partition("#")[0]
    return fold(basename(path).removesuffix(".md").removesuffix(".html"))

"""Markdown to HTML that is safe to open: no raw HTML, links to the web, mail and phone only."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.\-]*):")
SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def to_html(text: str, *, breaks: bool = False) -> str:
    """The HTML of `text` (CommonMark and tables); with `breaks` each line end is one, as e-mail is
    written.

    Raw HTML is shown as text, and a link or image with a scheme outside `SCHEMES` stays text too.
    """
    rendered: str = _renderer(breaks).render(text)
    return rendered


def allowed(url: str) -> bool:
    """Whether a link may lead there: a web, mail or phone address, or a place in the same
    folder.
    """
    # Browsers skip white space and controls inside a scheme; so does the test.
    bare = re.sub(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]", "", unquote(url))
    scheme = _SCHEME.match(bare)
    return scheme[1].casefold() in SCHEMES if scheme else not bare.startswith(("//", "\\"))


@lru_cache(maxsize=2)
def _renderer(breaks: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt

    renderer = MarkdownIt("commonmark", {"html": False, "breaks": breaks}).enable("table")
    renderer.validateLink = allowed  # type: ignore[method-assign]
    return renderer

"""Markdown to HTML that is safe to open: no raw HTML, links to the web, mail and phone only."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.\-]*):")
_PAGE = (
    "max-width:36em;margin:0 auto;padding:16px;overflow-wrap:anywhere;"
    "font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
)
_MARKS = (
    ("viewport", "width=device-width, initial-scale=1"),
    ("color-scheme", "light dark"),
    ("supported-color-schemes", "light dark"),
)
# Half-transparent greys are seen on white and on black.
_STYLES = {
    "h1": "font-size:22px;line-height:1.3;margin:24px 0 12px",
    "h2": "font-size:19px;line-height:1.3;margin:24px 0 12px",
    "h3": "font-size:16px;line-height:1.3;margin:20px 0 10px",
    "blockquote": "margin:16px 0;padding:0 0 0 12px;border-left:3px solid rgba(128,128,128,.6)",
    "hr": "border:0;border-top:1px solid rgba(128,128,128,.6);margin:24px 0",
    "img": "max-width:100%;height:auto",
    "code": "white-space:pre-wrap",
    "table": "border-collapse:collapse;max-width:100%",
    "th": "border:1px solid rgba(128,128,128,.6);padding:4px 8px;text-align:left",
    "td": "border:1px solid rgba(128,128,128,.6);padding:4px 8px",
}
LONGEST = 250_000  # characters that are read as Markdown, some seconds of what takes longest
SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def to_html(text: str, *, breaks: bool = False) -> str:
    """The HTML of `text` (CommonMark and tables); with `breaks` each line end is one, as e-mail is
    written.

    Raw HTML is shown as text, and a link or image with a scheme outside `SCHEMES` stays text too.
    """
    text, rest = _within_budget(text)
    rendered: str = _renderer(breaks).render(text)
    return rendered + rest


def to_mail_html(text: str, *, title: str = "", language: str = "") -> str:
    """A whole HTML page for a mail: no style sheet, no script, no colour of its own.

    Mail programs drop style sheets, so the few styles stand at the tags. Without colours a reader's
    dark mode can do as it likes; the two marks in the head say that the page bears it.
    """
    lang = f' lang="{escape(language)}"' if language else ""
    marks = "".join(f'<meta name="{name}" content="{said}">\n' for name, said in _MARKS)
    head = f'<meta charset="utf-8">\n{marks}<title>{escape(title)}</title>'
    body = f'<div style="{_PAGE}">\n{mail_fragment(text)}</div>'
    return (
        f"<!DOCTYPE html>\n<html{lang}>\n<head>\n{head}\n</head>\n"
        f'<body style="margin:0;padding:0">\n{body}\n</body>\n</html>\n'
    )


def mail_fragment(text: str) -> str:
    """The HTML of a mail's text, with styles at the tags that need one."""
    text, rest = _within_budget(text)
    renderer = _renderer(True)
    tokens = renderer.parse(text)
    for token in tokens:
        for each in (token, *(token.children or ())):
            if each.nesting >= 0 and each.tag in _STYLES:
                own = each.attrGet("style")  # how a table's column is aligned
                each.attrSet("style", f"{_STYLES[each.tag]}{';' + str(own) if own else ''}")
    found: str = renderer.renderer.render(tokens, renderer.options, {})
    return found + rest


def _within_budget(text: str) -> tuple[str, str]:
    """As much of a text as is read as Markdown, up to a line end, and the rest as HTML that shows
    it as it stands.
    """
    if len(text) <= LONGEST:
        return text, ""
    end = text.rfind("\n", 0, LONGEST) + 1 or LONGEST
    return text[:end], f"<pre>{escape(text[end:])}</pre>\n"


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

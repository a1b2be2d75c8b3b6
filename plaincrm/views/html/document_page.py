"""A document as a page to print: A4 or Letter, the address where a window envelope wants it.

What the template writes as its first quotation (`>`) is sender and address.
"""

from __future__ import annotations

from plaincrm.book.shipped import shipped_text
from plaincrm.views.html.element import element
from plaincrm.views.html.markdown_links import page_html
from plaincrm.views.html.page import document

# Countries whose offices print on Letter; all others have A4. Source: Unicode CLDR, paperSize.
_LETTER = frozenset("BZ CA CL CO CR GT MX NI PA PH PR SV US VE".split())  # noqa: SIM905


def document_page(title: str, markdown: str, language: str, country: str = "") -> str:
    """The whole file, without script and without a request. `country`: where it is printed."""
    return document(
        title,
        language,
        element("main", page_html(markdown, breaks=True)),
        style=document_style(paper(country)),
    )


def paper(country: str) -> str:
    """The size of paper that a country's offices print on: `A4` or `letter`."""
    return "letter" if country.upper() in _LETTER else "A4"


def document_style(size: str) -> str:
    """The style of documents, for that paper."""
    style = shipped_text("templates/page", "document.css") or ""
    return f"{style}@page {{ size: {size}; }}\n"

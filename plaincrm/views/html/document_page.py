"""A document as a page to print."""

from __future__ import annotations

from plaincrm.interchange.markdown import to_html
from plaincrm.views.html.element import Html, element
from plaincrm.views.html.page import document


def document_page(title: str, markdown: str, language: str) -> str:
    """The whole file: Markdown as a page, without script and without a request."""
    return document(title, language, element("main", Html(to_html(markdown))))

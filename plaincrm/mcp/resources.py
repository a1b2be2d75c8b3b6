"""Records and pages as resources: `plaincrm://record/deal/web-site`, `plaincrm://page/today`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from plaincrm.errors import NotFound
from plaincrm.mcp import reading

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_RECORD, _PAGE = "plaincrm://record/", "plaincrm://page/"
_PAGES = {
    "today": ("What is due", reading.today),
    "pipeline": ("Deals by stage", reading.pipeline),
    "forecast": ("Forecast", reading.forecast),
}
LISTED = [
    {"uri": f"{_PAGE}{name}", "name": name, "title": title, "mimeType": "application/json"}
    for name, (title, _) in _PAGES.items()
]
TEMPLATES = [
    {
        "uriTemplate": _RECORD + "{kind}/{id}",
        "name": "record",
        "title": "A record",
        "description": "Everything about one record",
        "mimeType": "application/json",
    }
]


def read(book: Book, uri: str) -> Any:
    """The JSON of a resource. Raises NotFound."""
    if uri.startswith(_RECORD):
        return reading.show(book, {"ref": unquote(uri.removeprefix(_RECORD))})
    page = _PAGES.get(uri.removeprefix(_PAGE)) if uri.startswith(_PAGE) else None
    if page is None:
        raise NotFound(f"there is no resource {uri}")
    return page[1](book, {})

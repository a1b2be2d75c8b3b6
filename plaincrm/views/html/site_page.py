"""The frame of the site's pages: one style sheet for all, navigation, and a policy that lets a page
ask for nothing but its own files.
"""

from __future__ import annotations

from collections.abc import Sequence

from plaincrm.core.value_class import value
from plaincrm.views.html.element import NOTHING, Html, element, joined
from plaincrm.views.html.page import OWN_FILES, file_document

STYLE, SCRIPT, INDEX = "style.css", "search.js", "site-index.js"


@value
class SiteLink:
    """An entry of the navigation: where it leads, what it is called, how many stand there."""

    page: str
    name: str
    count: int | None = None


@value
class SiteFrame:
    """What all pages share: whose book it is, the navigation, the line at the foot."""

    owner: str
    links: Sequence[SiteLink]
    footer: str

    def page(self, path: str, title: str, body: Html, *, search: bool = False) -> bytes:
        """A page of the site; `path` is where it will lie, below the site's folder."""
        root = "../" * path.count("/")
        heading = element("h1", title)
        main = element("main", heading, body, id="main")
        scripts = joined(*(element("script", src=f"{root}{name}") for name in (INDEX, SCRIPT)))
        text = file_document(
            f"{title} · {self.owner}" if title != self.owner else title,
            joined(
                element("a", "To the text", href="#main", class_="skip"),
                self._navigation(path, root),
                main,
                element("footer", self.footer),
                scripts if search else NOTHING,
            ),
            f"{root}{STYLE}",
            OWN_FILES,
        )
        return text.encode("utf-8", "backslashreplace")

    def _navigation(self, path: str, root: str) -> Html:
        entries = (
            element(
                "li",
                element(
                    "a",
                    link.name,
                    href=f"{root}{link.page}",
                    aria_current="page" if link.page == path else None,
                ),
            )
            for link in self.links
        )
        return element("nav", element("ul", joined(*entries)), aria_label="Pages", class_="pages")

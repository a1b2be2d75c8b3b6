"""A page: layout, style and content security policy around panels.

One self-contained file that opens from the disk: no script or style from elsewhere, none inline
but those whose hash the policy names. The look is `templates/page/style.css`; light, dark and print
are in it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

from plaincrm.book.shipped import shipped_text
from plaincrm.core.value_class import value
from plaincrm.views.html.element import NOTHING, Html, element, joined

# For pages of several files: those, and nothing from elsewhere. The disk is named beside 'self',
# which does not mean it in every browser.
OWN_FILES = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; "
    "img-src 'self' file: data:; base-uri 'none'; form-action 'none'"
)
# How each page of ours begins, so that no other is ever replaced.
MADE = "<!doctype html>\n<!-- Made by plaincrm, which may write it again. -->\n"
COLUMNS = 12  # of the grid that panels are laid on


@value
class Panel:
    """A card of the page: a heading, a line on what it counts, its body, and what was left out.

    `span`: how many of the twelve columns it takes on a wide screen. `anchor`: its id, for links
    inside the page.
    """

    heading: str
    body: Html
    remark: Html | str = ""
    more: Html = NOTHING
    span: int = COLUMNS
    anchor: str = ""


@value
class WebPage:
    """What a page shows. `language` as in `lang=`; `script`: one of our own, inline.

    `subtitle` says whose book, which period, as of when; `footer` of how many records the page was
    made and what could not be read. `reload`: seconds after which it reloads, 0 for never.
    """

    title: str
    panels: Sequence[Panel]
    subtitle: str = ""
    footer: str = ""
    language: str = "en"
    script: str = ""
    reload: int = 0


def render(page: WebPage) -> str:
    """The whole file."""
    return document(page.title, page.language, _main(page), page.script, page.reload)


def document(
    title: str, language: str, body: Html, script: str = "", reload: int = 0, style: str = ""
) -> str:
    """A complete HTML file around `body`, with a style (that of all pages, unless another is given)
    and the policy.
    """
    style = style or stylesheet()
    refresh = element("meta", http_equiv="refresh", content=reload) if reload else NOTHING
    more = joined(refresh, element("style", Html(style)))
    scripts = element("script", Html(script)) if script else NOTHING
    return _document(title, language, policy(style, script), more, joined(body, scripts))


def file_document(title: str, body: Html, style: str, allowed: str = OWN_FILES) -> str:
    """A page whose style lies in a file of its own, `style`; `allowed` is its policy."""
    return _document(title, "en", allowed, element("link", rel="stylesheet", href=style), body)


def _document(title: str, language: str, allowed: str, more: Html, body: Html) -> str:
    head = joined(
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=allowed),
        element("meta", name="color-scheme", content="light dark"),
        # Without one the browser asks the server for it.
        element("link", rel="icon", href="data:,"),
        element("title", title),
        more,
    )
    whole = element("html", element("head", head), element("body", body), lang=language)
    return f"{MADE}{whole}\n"


def stylesheet() -> str:
    """The style of every page."""
    return shipped_text("templates/page", "style.css") or ""


def policy(style: str, script: str = "") -> str:
    """The content security policy: nothing but this style and this script, and no request."""
    allowed = ["default-src 'none'", f"style-src '{_hash(style)}'", "img-src data:"]
    if script:
        allowed.append(f"script-src '{_hash(script)}'")
    return "; ".join([*allowed, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


def _main(page: WebPage) -> Html:
    header = element(
        "header",
        element("h1", page.title),
        element("p", page.subtitle, class_="soft") if page.subtitle else NOTHING,
    )
    panels = element("main", joined(*(_panel(panel) for panel in page.panels)), class_="grid")
    footer = element("footer", page.footer, class_="soft") if page.footer else NOTHING
    return joined(header, panels, footer)


def _panel(panel: Panel) -> Html:
    return element(
        "section",
        element("h2", panel.heading),
        element("p", panel.remark, class_="remark") if panel.remark else NOTHING,
        panel.body,
        panel.more,
        class_=f"panel span-{panel.span}",
        id=panel.anchor or None,
    )


def big_figure(shown: str, remark: Html | str = "", picture: Html = NOTHING) -> Html:
    """The body of a panel that shows one figure: large, with a remark and a small picture."""
    return joined(
        element("p", shown, class_="figure"),
        element("p", remark, class_="remark") if remark else NOTHING,
        picture,
    )


def details(summary: str, body: Html, *, opened: bool = False) -> Html:
    """Something one click away; it is open in print."""
    return element("details", element("summary", summary), body, open=opened)


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[Html | str]],
    right: Sequence[int] = (),
    caption: str = "",
    whole: Sequence[int] = (),
) -> Html:
    """A table; `right` are the columns of numbers, `whole` those that are not broken. On a narrow
    screen it scrolls inside itself.
    """
    head = (
        element("th", name, scope="col", class_=_side(place, right))
        for place, name in enumerate(columns)
    )
    body = (element("tr", joined(*_cells(row, right, whole))) for row in rows)
    made = element(
        "table",
        element("caption", caption) if caption else NOTHING,
        element("thead", element("tr", joined(*head))),
        element("tbody", joined(*body)),
    )
    label = caption or (columns[0] if columns else "table")
    return element("div", made, class_="scroll", tabindex=0, role="region", aria_label=label)


def _cells(row: Sequence[Html | str], right: Sequence[int], whole: Sequence[int]) -> list[Html]:
    return [
        element("td", cell, class_=_side(place, right, whole)) for place, cell in enumerate(row)
    ]


def _side(place: int, right: Sequence[int], whole: Sequence[int] = ()) -> str | None:
    if place in right:
        return "number"
    return "whole" if place in whole else None

"""HTML elements as values: what is no `Html` yet is escaped, so that no text becomes markup."""

from __future__ import annotations

from html import escape
from typing import TypeAlias
from urllib.parse import quote

# Elements without content and end tag, of HTML and of the SVG that the charts draw.
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta"})


class Html(str):
    """Markup that is safe to put into a page as it stands."""

    __slots__ = ()

    def __html__(self) -> str:
        """What Jinja2 asks for before it escapes."""
        return self


Child: TypeAlias = "Html | str | int | None"
Attribute: TypeAlias = "str | int | float | bool | None"

NOTHING = Html("")


def element(name: str, /, *children: Child, **attributes: Attribute) -> Html:
    """One element: `element("a", "Ada & Co", href="#ada", class_="ref")`.

    Children that are plain text are escaped; None and empty ones are left out. An attribute of
    value None or False is left out, True stands without a value. In a name a trailing `_` goes and
    `_` becomes `-`: `class_`, `aria_label`.
    """
    words = "".join(_attribute(key, each) for key, each in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{words}>")
    return Html(f"<{name}{words}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Html:
    """The children one after the other, as markup."""
    return Html("".join(_child(child) for child in children if child is not None))


def _child(child: Child) -> str:
    return child if isinstance(child, Html) else escape(str(child), quote=False)


def _attribute(key: str, given: Attribute) -> str:
    if given is None or given is False:
        return ""
    name = key.removesuffix("_").replace("_", "-")
    if given is True:
        return f" {name}"
    return f' {name}="{escape(_number(given), quote=True)}"'


def _number(given: str | int | float) -> str:
    """Numbers without needless digits: a chart has hundreds of coordinates."""
    return f"{given:.1f}".removesuffix(".0") if isinstance(given, float) else str(given)


def url_part(text: str, safe: str = "/") -> str:
    """The text as a part of a URL. A name of a file that is no UTF-8 keeps its bytes."""
    return quote(text, safe=safe, errors="surrogateescape")

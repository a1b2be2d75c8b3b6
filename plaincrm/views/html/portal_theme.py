"""The look of the portal: Jinja2 templates that a book replaces file by file.

`templates/portal/` of the book comes first, the shipped folder second: a book that wants its own
colours has a `style.css` there and nothing else. A theme may come from somebody else's book, so its
templates run in a sandbox, over plain data, and escape what they print.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from plaincrm.book.shipped import shipped_text
from plaincrm.core.text.text_file import decode
from plaincrm.core.yaml.front_matter import read_mapping
from plaincrm.errors import UsageError

FOLDER = "templates/portal"
_FALLBACK = "en"
_MOST = 1 << 20  # bytes of a rendered page; a loop in a hostile theme ends there

ReadOwn = Callable[[str], bytes | None]


class PortalTheme:
    """The files of the theme; `read_own` gives a file of the book by its path."""

    def __init__(self, read_own: ReadOwn) -> None:
        from jinja2 import FunctionLoader, StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        self._read_own = read_own
        self._environment = ImmutableSandboxedEnvironment(
            loader=FunctionLoader(self.text),
            autoescape=True,
            undefined=StrictUndefined,
            keep_trailing_newline=True,
        )

    def text(self, name: str) -> str | None:
        """A file of the theme, the book's own first; None where there is none."""
        own = self._read_own(f"{FOLDER}/{name}")
        if own is not None:
            return decode(own, f"{FOLDER}/{name}")[0]
        return shipped_text(FOLDER, name)

    def render(self, name: str, values: Mapping[str, Any]) -> bytes:
        """A page. Raises UsageError with the template and what is wrong with it."""
        from jinja2 import TemplateError

        try:
            pieces, size = [], 0
            for piece in self._environment.get_template(name).generate(values):
                size += len(piece)
                if size > _MOST:
                    raise UsageError(f"{FOLDER}/{name} makes a page of more than 1 MB")
                pieces.append(piece)
        except TemplateError as error:
            at = getattr(error, "name", None) or name
            line = getattr(error, "lineno", None)
            place = f"{FOLDER}/{at}:{line}" if line else f"{FOLDER}/{at}"
            raise UsageError(
                f"{place}: {error.message}", "docs/pages.md names the values"
            ) from None
        return "".join(pieces).encode("utf-8")

    def words(self, language: str) -> dict[str, str]:
        """The words of a language; what it does not say is said in English."""
        english = self._words(_FALLBACK)
        short = language.casefold().partition("-")[0]
        return {**english, **(self._words(short) if short != _FALLBACK else {})}

    def speaks(self, language: str) -> bool:
        return bool(self._words(language.casefold().partition("-")[0]))

    def _words(self, language: str) -> dict[str, str]:
        if not language.isalpha():
            return {}
        fields = read_mapping(self.text(f"words.{language}.yaml") or "").fields
        return {key: found for key, found in fields.items() if isinstance(found, str)}

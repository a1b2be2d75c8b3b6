"""The types whose values are text: enum, link, e-mail address, phone number, web address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import tzinfo
from typing import Any

from plaincrm.core.text.fold import fold
from plaincrm.core.text.pattern import pattern
from plaincrm.core.values.record_link import link_key
from plaincrm.core.values.value_type import SCALAR, CellReader, CellSplitter, Type

_ATOM = r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+"
_EMAIL = pattern(rf"{_ATOM}@{_ATOM}\.{_ATOM}(?<!\.)")
_PHONE = pattern(r"\+?[\d\s().\-/]{3,}(?:\s*(?:x|ext\.?|#)\s*\d+)?", re.IGNORECASE)
_PHONE_FILLING = pattern(r"[\s().\-/]+")
_URL = pattern(r"(?:https?://|mailto:|tel:)?[^\s<>\"]+\.?[^\s<>\"]*")
_SCRIPT = pattern(r"(?:javascript|data|vbscript|file):", re.IGNORECASE)
_HOST = pattern(r"[^\s/@:]+\.[^\W\d]{2,}(?::\d+)?", re.IGNORECASE)


class TextType(Type):
    name = "text"
    spoken = "text"
    free = True
    ordered = True

    def cell_parts(self, text: str, splitter: CellSplitter) -> list[str]:
        return splitter.by_commas(text)


class EnumType(Type):
    """One of the values that the field lists, in any case."""

    name = "enum"
    spoken = "an enum"
    choice = True
    forgiving = True

    def json_schema(self, values: Iterable[str] = ()) -> dict[str, Any]:
        return {"enum": [*values, None]}

    def from_cell(self, text: str, cells: CellReader) -> str:
        return " ".join(text.split())


class LinkType(Type):
    """The id of another record, or a wiki link that leads there.

    Commas do not part foreign cells: companies have them in their names.
    """

    name = "ref"
    spoken = "a ref"
    links = True
    commas_part = True

    def form(self, text: str) -> str:
        return link_key(text)

    def from_cell(self, text: str, cells: CellReader) -> str:
        return " ".join(text.split())


class EmailType(Type):
    name = "email"
    spoken = "an email"
    labelled = True
    reaches = True
    commas_part = True

    def read(self, text: str, currency: str = "") -> str:
        if not _EMAIL.fullmatch(text):
            raise ValueError(f'"{text}" is no e-mail address')
        return text

    def tidy(self, text: str, region: str = "") -> tuple[str, str]:
        local, at, domain = text.rpartition("@")
        return f"{local}{at}{domain.lower()}", "the domain has capitals"

    def json_schema(self, values: Iterable[str] = ()) -> dict[str, Any]:
        return {"type": list(SCALAR), "pattern": r"^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$"}

    def from_cell(self, text: str, cells: CellReader) -> str:
        return cells.address(text)

    def cell_parts(self, text: str, splitter: CellSplitter) -> list[str]:
        return splitter.addresses(text)


class PhoneType(Type):
    """A phone number as typed; blanks, brackets and dashes don't count when two are compared."""

    name = "phone"
    spoken = "a phone"
    compared_whole = False
    regional = True
    labelled = True
    reaches = True
    commas_part = True
    forgiving = True

    def read(self, text: str, currency: str = "") -> str:
        if not _PHONE.fullmatch(text):
            raise ValueError(f'"{text}" is no phone number')
        return text

    def form(self, text: str) -> str:
        return _PHONE_FILLING.sub("", fold(text))

    def place(self, value: Any, zone: tzinfo) -> str:
        return fold(str(value))

    def tidy(self, text: str, region: str = "") -> tuple[str, str]:
        from plaincrm.core.values import phones

        if wanted := phones.international(text, region):
            return wanted, f'"{text}" is not in the international form'
        if text.strip().startswith("+"):
            return text, ""  # a number of a plan that the library does not know
        where = f"and is no number of {region}" if region else "and plaincrm.yaml names no country"
        return "", f'"{text}" has no country code, {where}'

    def from_cell(self, text: str, cells: CellReader) -> str:
        return cells.phone(text)

    def cell_parts(self, text: str, splitter: CellSplitter) -> list[str]:
        return splitter.phones(text)


class UrlType(Type):
    name = "url"
    spoken = "an url"
    reaches = True
    keeps_label = True
    forgiving = True

    def read(self, text: str, currency: str = "") -> str:
        if not _URL.fullmatch(text) or _SCRIPT.match(text):
            raise ValueError(f'"{text}" is no web address')
        return text

    def tidy(self, text: str, region: str = "") -> tuple[str, str]:
        """`https://fjord.example/en`: with its scheme, the host in small letters, no lone slash at
        the end.
        """
        from urllib.parse import urlsplit

        bare = _HOST.fullmatch(text.partition("/")[0])
        try:
            parts = urlsplit(f"https://{text}" if bare else text)
        except ValueError:
            return text, ""
        if parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.netloc):
            return text, ""
        lone = parts.path == "/" and not parts.query and not parts.fragment
        path = "" if lone else parts.path
        wanted = parts._replace(netloc=parts.netloc.lower(), path=path).geturl()
        return wanted, f'"{text}" has no https://' if bare else f'"{text}" is written {wanted}'

    def from_cell(self, text: str, cells: CellReader) -> str:
        return " ".join(text.split())

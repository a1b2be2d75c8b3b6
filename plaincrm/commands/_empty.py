"""What is said where nothing was found, and what could be typed instead."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plaincrm.core.schema.kinds import Kind
    from plaincrm.crm.book import Book

_BEGINNINGS = {
    "contact": 'plaincrm add contact "Ada Lovelace <ada@example.org>", or plaincrm import FILE',
    "company": 'plaincrm add company "Polar Press"',
    "deal": 'plaincrm add deal "Web site" contact=REF value=1500',
    "ticket": 'plaincrm ticket open "SUBJECT" --contact REF',
    "task": 'plaincrm task add REF "Ring up" due:fri',
    "log": 'plaincrm log REF call "TEXT"',
}
_COMPARED = re.compile(r"(?P<name>[a-z_]+)[:=](?P<value>[^*,.()<>]+)")


def nothing_yet() -> str:
    """What to do with a book that holds no record."""
    return f"the book is empty; {_BEGINNINGS['contact']}"


def nothing_listed(book: Book, kind: Kind, words: Sequence[str], first: str = "") -> list[str]:
    """Lines for a list without a row. `first`: a word at the place of the kind that is none."""
    if not words:
        begun = _BEGINNINGS.get(kind.name, f'plaincrm add {kind.name} "NAME"')
        return [f"no {kind.plural} here; {begun}"]
    said = f"no {kind.plural} here that fit"
    hints = [hint for word in words if (hint := _hint(kind, word))]
    if not hints:
        return [f"{said}; plaincrm list {kind.plural} shows all"]
    lines = [f"{said}; {hints[0]}"]
    return [*lines, *_no_kind(book, first)]


def _no_kind(book: Book, word: str) -> list[str]:
    """A slip in the name of a kind, which is read as a query over contacts."""
    from plaincrm.errors import did_you_mean

    names = [kind.plural for kind in book.schema.kinds.values()]
    near = did_you_mean(word, [*names, "tasks", "log"]) if word else ""
    return [f'"{word}" is no kind; {near}'] if near else []


def _hint(kind: Kind, word: str) -> str:
    """How to find parts of what a word of the query asks for whole."""
    compared = _COMPARED.fullmatch(word)
    if compared is None:
        plain = word.isalnum() or " " in word
        return f"plaincrm find {shlex.quote(word)} looks everywhere" if plain else ""
    field = kind.fields.get(compared["name"])
    if field is None or not field.value_type.textual or field.value_type.choice:
        return ""
    name, value = field.name, compared["value"].strip()
    part = shlex.quote(f"{name}:*{value}*")
    return f"{name}: compares the whole; plaincrm list {kind.plural} {part} finds parts"

"""The text of a link to a record: an id, or an id as a wiki link of Obsidian and Logseq.

`[[ada]]`, `[[contacts/ada|Ada]]`, `[[ada#Calls]]` and `contact/ada` all lead to `ada`. YAML reads
an unquoted wiki link as a list in a list, so its text may come without the brackets: what has a
slash or a bar is no id by itself.
"""

from __future__ import annotations

import re

from plaincrm.core.text.fold import fold

_WIKI = re.compile(
    r"(?P<before>\s*(?:!?\[\[)?\s*(?:[^\[\]|#]*/)?)"
    r"(?P<id>[^\[\]|#/]+?)"
    r"(?P<after>(?:\.md)?\s*(?:#[^\[\]|]*)?(?:\|[^\[\]]*)?(?:\]\])?\s*)"
)
_MARKS = ("[[", "|", "/")


def link_id(text: str) -> str:
    """The id that a link leads to."""
    found = _wiki(text)
    return found["id"] if found else text


def link_key(text: str) -> str:
    """The id that a link leads to, in the form in which ids are compared."""
    return fold(link_id(text))


def leading_elsewhere(text: str, id: str) -> str:
    """The link as it is written, leading to another id: a folder and an alias stay."""
    found = _wiki(text)
    return f"{found['before']}{id}{found['after']}" if found else id


def _wiki(text: str) -> re.Match[str] | None:
    return _WIKI.fullmatch(text) if any(mark in text for mark in _MARKS) else None

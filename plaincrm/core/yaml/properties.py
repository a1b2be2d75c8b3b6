"""Properties as Logseq writes them, `key:: value` lines at the top of a page: read, and edited.

They stand in for the front matter of a file that has none: lines, or the first bullets, from the
first line on.

    type:: [[Person]]              - type:: [[Person]]
    email:: ada@x.example            email:: ada@x.example

A value is text. It is a list where it is made of links or tags, of addresses, or of phone numbers
with commas between; so are `tags`. What such a line can't hold is refused: a map, several lines, a
list whose items would not be told apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from plaincrm.core.text.pattern import pattern
from plaincrm.core.text.text_file import BOM, place
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import Raw
from plaincrm.errors import Problem, Refused

_LINE = pattern(
    r"(?P<lead>[-*][ \t]+|[ \t]*)(?P<key>[^\W\d][\w./-]*)::(?:[ \t]+(?P<value>.*?))?[ \t]*"
    r"(?P<end>\r\n|\n|\r|\Z)"
)
_LINKS = pattern(r"(?:#?\[\[[^\]\n]+\]\]|#[^\s,#]+)(?:(?:,[ \t]*|[ \t]+)|\Z)")
_ADDRESS = pattern(r"[^\s@,]+@[^\s@,]+")
_PHONE = pattern(r"\+[\d ()/.-]{5,}")
_BREAK = pattern(r"[\n\r\v\f\x85\u2028\u2029]")
_HINT = "edit the file by hand: plaincrm edit"


@value
class Property:
    """One line: `start` and `end` are where it begins and ends, `at` is where its value stands."""

    key: str
    text: str
    lead: str
    start: int
    at: int
    end: int


class PropertyPage:
    """A text that begins with properties. `body` is where they end."""

    def __init__(self, text: str, properties: tuple[Property, ...]) -> None:
        self.text = text
        self.properties = properties
        self.body = properties[-1].end

    @cached_property
    def fields(self) -> dict[str, Raw]:
        """The values; of a key that stands twice the first counts."""
        found: dict[str, Raw] = {}
        for each in self.properties:
            found.setdefault(each.key, _raw(each.key, each.text))
        return found

    @property
    def lines(self) -> dict[str, int]:
        """The line of each key."""
        found: dict[str, int] = {}
        for each in self.properties:
            found.setdefault(each.key, place(self.text, each.start)[0])
        return found

    def problems(self, path: str) -> list[Problem]:
        """The keys that stand twice."""
        seen: set[str] = set()
        found = []
        for each in self.properties:
            if each.key in seen:
                where = place(self.text, each.start + len(each.lead))
                message = f'"{each.key}" stands twice; the first counts'
                hint = "delete one of the two"
                found.append(Problem(path, *where, "yaml-duplicate-key", message, hint))
            seen.add(each.key)
        return found

    def place_of(self, name: str) -> list[tuple[int, int]]:
        """The place of a key, then that of its value, if it has one; of no key the first
        character.
        """
        for each in self.properties:
            if each.key == name:
                at = [each.start + len(each.lead), *([each.at] if each.text else [])]
                return [place(self.text, offset) for offset in at]
        return [(1, 1)]

    def with_value(self, name: str, raw: Raw | None) -> str:
        """The text after a property is set; None takes it out. No other byte changes.

        Raises Refused for what a line can't hold, and for a key that stands twice.
        """
        found = [each for each in self.properties if each.key == name]
        if len(found) > 1:
            raise Refused(f'"{name}" stands twice', _HINT)
        if _same(self.fields.get(name), raw):
            return self.text
        text = self._edited(name, found[0] if found else None, raw)
        if not self._reads_as(text, name, raw):
            raise Refused(f'"{name}" can\'t be set surely in a property', _HINT)
        return text

    def _edited(self, name: str, there: Property | None, raw: Raw | None) -> str:
        if there is None:
            return self._added(f"{name}:: {_text(name, raw or '', '')}")
        if raw is None:
            return self._without(there)
        stated = there.at == there.start + len(f"{there.lead}{name}::")
        space = " " if stated else ""
        new = f"{space}{_text(name, raw, there.text)}"
        return f"{self.text[: there.at]}{new}{self.text[there.at + len(there.text) :]}"

    def _without(self, there: Property) -> str:
        """The text without a property; its bullet goes to the next one of the same block."""
        after = self.text[there.end :]
        place = self.properties.index(there) + 1
        following = self.properties[place] if place < len(self.properties) else None
        if there.lead.strip() and following and not following.lead.strip():
            after = there.lead + after[len(following.lead) :]
        return self.text[: there.start] + after

    def _added(self, line: str) -> str:
        """The text with one more property below the last one, in the same block."""
        last = self.properties[-1]
        bullets = sum(bool(each.lead.strip()) for each in self.properties)
        lead = last.lead
        if lead.strip() and bullets == 1:  # one block has them all: a line of it has no bullet
            lead = " " * len(lead)
        end = re.search(r"\r\n|\n|\r", self.text)
        eol = end.group() if end else "\n"
        before = self.text[: last.end]
        if not before.endswith(("\n", "\r")):
            return f"{before}{eol}{lead}{line}"
        return f"{before}{lead}{line}{eol}{self.text[last.end :]}"

    def _reads_as(self, text: str, name: str, raw: Raw | None) -> bool:
        """Whether the new text has this value, and all else as it was."""
        page = find(text)
        fields = dict(page.fields) if page else {}
        others = {key: each for key, each in self.fields.items() if key != name}
        same = _same(fields.get(name), raw)
        fields.pop(name, None)
        body = text[page.body :] if page else text.removeprefix(BOM)
        return same and fields == others and body == self.text[self.body :]


def set_properties(text: str, values: Mapping[str, Raw | None]) -> str:
    """A text that begins with properties after these are set, each as `with_value` does."""
    for name, raw in values.items():
        page = find(text)
        if page is None:
            raise Refused("the last property went; there is no place for others", _HINT)
        text = page.with_value(name, raw)
    return text


def find(text: str) -> PropertyPage | None:
    """The properties at the top of a text; None where its first line is none."""
    at = len(BOM) if text.startswith(BOM) else 0
    found: list[Property] = []
    while match := _LINE.match(text, at):
        lead = match["lead"]
        if not found and lead and not lead.strip():
            return None
        begins = match.start("value") if match["value"] is not None else match.end("key") + 2
        found.append(Property(match["key"], match["value"] or "", lead, at, begins, match.end()))
        at = match.end()
        if not match["end"]:
            break
    return PropertyPage(text, tuple(found)) if found else None


def _raw(key: str, text: str) -> Raw:
    """A value as text, or as the list that it is."""
    tokens = _tokens(text, commas=key == "tags")
    if key == "tags":
        return [_bare(token) for token in tokens] if len(tokens) > 1 else _bare(text)
    return list(tokens) if len(tokens) > 1 else text


def _tokens(text: str, *, commas: bool = False) -> list[str]:
    """The items of a value, as they are written; a single one where it is no list. `commas`:
    whatever stands between commas is an item.
    """
    links = list(_LINKS.finditer(text))
    if links and sum(len(each.group()) for each in links) == len(text):
        return [each.group().strip(" \t,") for each in links]
    parts = [part.strip() for part in text.split(",")]
    if commas:
        return [part for part in parts if part] or [text]
    if all(map(_ADDRESS.fullmatch, parts)) or all(map(_PHONE.fullmatch, parts)):
        return parts
    return [text]


def _bare(token: str) -> str:
    """A tag without its sign: `#vip` and `[[vip]]` are vip."""
    inner = token.removeprefix("#")
    inside = inner.startswith("[[") and inner.endswith("]]") and "]]" not in inner[:-2]
    return inner[2:-2] if inside else inner


def _text(name: str, raw: Raw, before: str) -> str:
    """A value as it is written; tags that were there keep their form. Raises Refused."""
    if isinstance(raw, str):
        every = [raw]
    elif isinstance(raw, list) and all(isinstance(each, str) for each in raw):
        every = [each for each in raw if isinstance(each, str)]
    else:
        raise Refused(f'"{name}" is a map, and a property holds none', _HINT)
    if any(
        each != each.strip() or re.search(r"[\n\r\v\f\x85\u2028\u2029]", each) for each in every
    ):
        raise Refused(f'"{name}" has several lines, and a property is one', _HINT)
    written: dict[str, str] = {}
    if name == "tags":
        written = {_bare(token): token for token in _tokens(before, commas=True)}
    return ", ".join(written.get(each, each) for each in every)


def _same(one: Raw | None, other: Raw | None) -> bool:
    """Whether two values say the same: a list of one item is that item."""
    return _listed(one) == _listed(other)


def _listed(raw: Raw | None) -> Raw:
    if raw is None:
        return []
    return [raw] if isinstance(raw, str) else raw

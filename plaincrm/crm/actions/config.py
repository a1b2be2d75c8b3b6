"""The settings of the book: one of them read or set, or the whole text rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from plaincrm.book.config import SETTINGS
from plaincrm.core.schema.settings_file import CORE_SECTIONS, parse
from plaincrm.core.text.text_file import decode
from plaincrm.core.values.raw import Raw, with_item, without_item
from plaincrm.core.yaml.front_matter import read_mapping
from plaincrm.crm import settings_sections
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import NotFound, Overtaken, Refused, UsageError

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_ASSIGNMENT = re.compile(r"(?P<key>[^=]+?)(?P<operator>[+-]?=)(?P<value>.*)", re.DOTALL)
_NESTED = re.compile(r"\s*[\[{]")


class Setting(NamedTuple):
    """One value of the settings: `pipelines.default.lead.probability` and `10`."""

    key: str
    value: str


def problems(book: Book, text: str) -> list[str]:
    """What is wrong with a new text of the settings that was not wrong before."""
    sections = settings_sections.all_sections()
    known = {(each.code, each.message) for each in book.settings.problems_of(sections)}
    found = parse(text, SETTINGS, pillars=settings_sections.NAMES).problems_of(sections)
    return [
        f"{each}; {each.hint}" if each.hint else str(each)
        for each in found
        if (each.code, each.message) not in known
    ]


def rewrite(book: Book, before: bytes, text: str) -> Staged:
    """Stage a new text of the settings, that were `before` when the editor was opened.

    Raises Overtaken where they were changed meanwhile.
    """
    if book.source.file(SETTINGS) != before:
        raise Overtaken(f"{SETTINGS} was changed meanwhile", "plaincrm config once more")
    change = book.change("", "config")
    change.write(SETTINGS, text)
    return staged(change, "Edit the settings")


def values(book: Book, key: str) -> list[Setting]:
    """What the settings' file says of `key`, which is a section or a place in one.

    Raises NotFound where it says nothing, UsageError where no setting has that name.
    """
    _known(key)
    found: Raw | None = dict(_fields(_text(book)))
    for name in _names(found, key):
        found = found.get(name) if isinstance(found, dict) else None
    if found is None:
        raise NotFound(f"{SETTINGS} does not set {key}", f"plaincrm config {key}=VALUE sets it")
    return list(_flat(key, found))


def names(book: Book) -> list[str]:
    """The names that settings may have, and those of what stands below them in the file."""
    below = [
        setting.key for name, raw in _fields(_text(book)).items() for setting in _flat(name, raw)
    ]
    return [*CORE_SECTIONS, *settings_sections.NAMES, *below]


def assign(book: Book, words: Sequence[str]) -> Staged:
    """Stage `key=value`, `key+=value`, `key-=value` or `key=`, each in its own lines alone.

    Raises UsageError for a word that is none, Refused for a value that the settings can't have.
    """
    text = _text(book)
    for word in words:
        match = _ASSIGNMENT.fullmatch(word)
        if match is None:
            raise UsageError(f'"{word}" sets nothing', "plaincrm config currency=CHF")
        text = _assigned(text, match["key"], match["operator"], match["value"])
    wrong = problems(book, text)
    if wrong:
        raise Refused("; ".join(wrong), "plaincrm help settings explains them")
    change = book.change("", "config")
    change.write(SETTINGS, text)
    return staged(change, f"Set {', '.join(words)}")


def _assigned(text: str, key: str, operator: str, value: str) -> str:
    from plaincrm.core.yaml.whole_file import with_value

    _known(key)
    fields = _fields(text)
    first, *rest = _names(fields, key)
    new = _with(fields.get(first), rest, operator, value)
    return with_value(text, first, new)


def _with(present: Raw | None, names: Sequence[str], operator: str, value: str) -> Raw | None:
    """A setting with one place in it changed; None where nothing is left of it."""
    if names:
        standing = dict(present) if isinstance(present, dict) else {}
        inner = _with(standing.pop(names[0], None), names[1:], operator, value)
        if isinstance(present, dict) and names[0] in present and inner is not None:
            return {**present, names[0]: inner}
        return ({**standing, names[0]: inner} if inner is not None else standing) or None
    if operator == "=":
        return _read(value) if value.strip() else None
    try:
        return with_item(present, value) if operator == "+=" else without_item(present, value)
    except ValueError:
        raise Refused("a map takes no bare value", "name the key: key.label=value") from None


def _read(value: str) -> Raw:
    """A value as typed; one in brackets is a list or a map, as in the file."""
    if not _NESTED.match(value):
        return value
    read = read_mapping(f"value: {value}\n")
    if read.problems:
        raise Refused(f"{value} can't be read as a list or a map", "write it as [a, b] or {a: b}")
    return read.fields["value"]


def _names(present: Raw | None, key: str) -> list[str]:
    """A key parted at its dots; a key of the file that has dots itself stays whole."""
    if isinstance(present, dict) and key in present:
        return [key]
    first, dot, rest = key.partition(".")
    inner = present.get(first) if isinstance(present, dict) else None
    return [first, *_names(inner, rest)] if dot else [first]


def _known(key: str) -> None:
    """Raises UsageError for a first name that no settings have."""
    from plaincrm.errors import did_you_mean

    known = (*CORE_SECTIONS, *settings_sections.NAMES)
    section = key.partition(".")[0]
    if section not in known:
        near = did_you_mean(section, known)
        raise UsageError(f'no setting is called "{section}"', near or f"{', '.join(known)} are")


def _flat(key: str, value: Raw) -> Iterator[Setting]:
    if isinstance(value, str):
        yield Setting(key, value)
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        yield Setting(key, f"[{', '.join(map(str, value))}]")
    elif isinstance(value, list):
        for number, each in enumerate(value, 1):
            yield from _flat(f"{key}.{number}", each)
    else:
        for name, each in value.items():
            yield from _flat(f"{key}.{name}", each)


def _text(book: Book) -> str:
    """The file's text. Raises Refused where it begins as a record does: an editor is the way."""
    text = decode(book.source.file(SETTINGS) or b"", SETTINGS)[0]
    if text.startswith(("---", "\ufeff", "%")):
        raise Refused(f"{SETTINGS} begins with a mark before its first key", "plaincrm config")
    return text


def _fields(text: str) -> dict[str, Raw]:
    return dict(read_mapping(text, SETTINGS).fields)

"""The book's segments: read when first asked for; saved, frozen as snapshots and deleted through a
change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from plaincrm.core import query
from plaincrm.core.query import split_words
from plaincrm.core.query.grammar import parse as tree
from plaincrm.core.records import edits
from plaincrm.core.records.edits import DeleteField, Edit, SetField
from plaincrm.core.records.segment import Segment
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.counted import counted
from plaincrm.core.text.fold import fold
from plaincrm.core.text.pattern import pattern
from plaincrm.crm.named_files import path_of
from plaincrm.crm.staged import Staged
from plaincrm.errors import QueryError, Refused
from plaincrm.marketing.segments import emit_file

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

_ORDER = ("kind", "query", "ids", "doc")
_NAME = pattern(r"[^\W_][\w-]*")
_FENCE = "---\n"
_WORD = pattern(r"([^:=<>~]*)([:=<>~]*)(.*)", re.DOTALL)
_SPELLING = pattern(r"quoted=(?:True|False)|source=(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")


def save(
    book: Book, name: str, kind: Kind, words: Sequence[str], doc: str = "", *, replace: bool = False
) -> Staged:
    """Stage a query saved under a name. Raises QueryError for a query that can't be
    understood, Refused for a name that can't be a file's, or is taken and `replace` does not say
    to."""
    query.compile(words, kind, book.context)
    segment = Segment(name, kind.name, tuple(map(written, words)), doc)
    if _meaning(split_words(" ".join(segment.query))) != _meaning(words):
        raise Refused(
            "the query can't be written into a file so that it reads back the same",
            "put it more simply",
        )
    count = book.select(kind, words).total
    said = f"segment {name}: {counted(count, kind.name, kind.plural)} today"
    return _saved(book, segment, replace, f"segment save {name}", f"Save segment {name}", said)


def snapshot(book: Book, name: str, new: str = "", *, replace: bool = False) -> Staged:
    """Stage a segment that keeps the records which another has today. Its name is NAME-DATE unless
    a `new` one is given. Raises NotFound, and Refused as `save` does.
    """
    found = book.segments.named(name)
    today = book.now.date().isoformat()
    records = book.select(found.kind, [f"@{found.name}"]).records
    doc = f"{found.name} as of {today}" + (f": {found.doc}" if found.doc else "")
    kept = Segment(
        new or f"{found.name}-{today}", found.kind, (), doc, tuple(record.id for record in records)
    )
    message = f"Snapshot of segment {found.name} as {kept.name}"
    said = f"snapshot of {found.name}: {counted(len(records), 'record')}"
    return _saved(book, kept, replace, f"segment snapshot {found.name}", message, said)


def remove(book: Book, name: str) -> Staged:
    """Stage that a segment is deleted. Raises NotFound; Refused while another segment builds on
    it.
    """
    found = book.segments.named(name)
    users = [
        each.name
        for each in book.segments.values()
        if each.name != found.name and _uses(each, found.name)
    ]
    if users:
        raise Refused(
            f"the segment {users[0]} builds on {found.name}", f"plaincrm segment show {users[0]}"
        )
    change = book.change(f"Delete segment {found.name}", f"segment rm {found.name}")
    change.write(path_of(found.name), None)
    return Staged(change, f"segment {found.name} is gone")


def _uses(segment: Segment, name: str) -> bool:
    pattern = rf"(?:@|segment[:=])\"?{re.escape(name)}(?![\w-])"
    return any(re.search(pattern, word) for word in segment.query)


def _saved(
    book: Book, segment: Segment, replace: bool, command: str, message: str, said: str
) -> Staged:
    if not _NAME.fullmatch(segment.name):
        raise Refused(
            f'"{segment.name}" can\'t be the name of a segment', "use letters, digits and -"
        )
    change = book.change(message, command)
    before = change.text(path_of(segment.name))
    others = (name for name in book.segments if name != segment.name)
    twin = next((name for name in others if fold(name) == fold(segment.name)), "")
    if twin:
        raise Refused(
            f"there is a segment {twin} already, which differs in case only",
            "many disks can hold only one of the two; choose another name",
        )
    if before and not replace:
        raise Refused(f"there is a segment {segment.name} already", "--replace writes over it")
    change.write(path_of(segment.name), _edited(before, segment) if before else emit_file(segment))
    return Staged(change, said)


def _edited(text: str, segment: Segment) -> str:
    """The file with the segment's own keys set anew; comments and other keys stay. Its front matter
    is the whole of it, so it is edited as such."""
    keys: dict[str, str | list[str] | None] = {
        "kind": segment.kind,
        "query": " ".join(segment.query) if segment.ids is None else None,
        "ids": None if segment.ids is None else list(segment.ids),
    }
    if segment.doc:
        keys["doc"] = segment.doc
    has = set(_fields(text))
    changes: list[Edit] = [SetField(key, value) for key, value in keys.items() if value is not None]  # type: ignore[arg-type]
    changes += [DeleteField(key) for key, value in keys.items() if value is None and key in has]
    end = "" if text.endswith("\n") else "\n"
    edited = edits.apply(f"{_FENCE}{text}{end}{_FENCE}", changes, _ORDER)
    return edited.removeprefix(_FENCE).removesuffix(_FENCE)


def _fields(text: str) -> Mapping[str, object]:
    from plaincrm.core.yaml.front_matter import read_mapping

    return read_mapping(text, "").fields


def written(word: str) -> str:
    """A word of the command line as a file has it: with quotes or parentheses where white space
    needs them.

    Raises Refused for one that would read back as something else.
    """
    if not re.search(r"\s", word):
        return word
    head, sign, value = _WORD.match(word).groups()  # type: ignore[union-attr]
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    plain = not re.search(r"[*,]|\.\.", value)  # in quotes these would lose their meaning
    for candidate in (word, f'{head}{sign}"{quoted}"' if plain else word, f"({word})"):
        with suppress(QueryError):
            if len(split_words(candidate)) == 1 and _meaning(split_words(candidate)) == _meaning(
                [word]
            ):
                return candidate
    raise Refused(
        f"{word} can't be written into a file so that it reads back the same", "put it more simply"
    )


def _meaning(words: Sequence[str]) -> str:
    """The syntax tree of a query without the way it was spelled."""
    return _SPELLING.sub("", repr(tree(words)))

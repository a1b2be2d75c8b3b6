"""Links in the text of a file: wiki links and links of Markdown that lead to one record, made to
lead to another path.

    [[ada]]  [[contacts/ada|Ada]]  ![[ada#Calls]]  [Ada](../contacts/ada.md#calls)  [ada]: ada.md

Front matter and code stay as they are, and so does every other byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname, normpath, relpath
from posixpath import join as joined
from urllib.parse import quote, unquote

from plaincrm.core.text import outline
from plaincrm.core.text.fold import fold
from plaincrm.core.text.pattern import pattern
from plaincrm.core.text.text_file import BOM, LINE_END, path_in
from plaincrm.core.value_class import value
from plaincrm.core.yaml.fences import find_fences

_WIKI = pattern(
    r"(?<!\\)(?P<before>\[\[[ \t]*)(?P<folder>(?:[^\[\]|#\\]*/)?)(?P<id>[^\[\]|#/\\]+?)"
    r"(?P<after>(?:\.md)?[ \t]*(?:#[^\[\]|\\]*)?(?:\\?\|[^\[\]]*)?\]\])"
)
# The address of `[text](address "title")`, and of a line `[name]: address`.
_MARKDOWN = pattern(
    r"(?P<before>\]\([ \t]*|^ {0,3}\[[^\[\]]+\]:[ \t]+)"
    r"(?:<(?P<bracketed>[^<>]+)>|(?P<bare>[^\s<>()]+))"
)
_CODE = pattern(r"(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)")
_SCHEME = pattern(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
_END = ".md"


@value
class LinkedRecord:
    """The record that links lead to: its kind, its path (`contacts/ada.md`), and its ids in folded
    form, the former ones too. `bare`: whether an id without a folder means this record, and no
    other kind has it.
    """

    kind: str
    path: str
    ids: frozenset[str]
    bare: bool = True

    @property
    def folder(self) -> str:
        return dirname(self.path)

    def is_in(self, folder: str) -> bool:
        """Whether a wiki link with this folder in front, such as `contacts/`, may mean it."""
        named = [part for part in fold(folder).split("/") if part not in ("", ".", "..")]
        if not named:
            return self.bare
        return named == [self.kind] or fold(self.folder).split("/")[-len(named) :] == named

    def is_at(self, path: str) -> bool:
        """Whether that path of the book is its own, or was."""
        stem = basename(path).removesuffix(_END)
        return fold(dirname(path)) == fold(self.folder) and fold(stem) in self.ids


def relinked(text: str, source: str, target: LinkedRecord, path: str) -> str:
    """The file `source` of that text, in which links to `target` lead to `path` instead."""
    fences = find_fences(text)
    start = fences.body if fences else len(BOM) * text.startswith(BOM)
    body = text[start:]
    ends = list(LINE_END.finditer(body))
    hidden = outline.read(LINE_END.sub("\n", body)).hidden
    lines, at = [], 0
    for number, end in enumerate([*(end.end() for end in ends), len(body)]):
        line = body[at:end]
        lines.append(line if number in hidden else _relinked(line, source, target, path))
        at = end
    return text[:start] + "".join(lines)


def _relinked(line: str, source: str, target: LinkedRecord, path: str) -> str:
    """A line that is no code, with code within it left alone."""

    def wiki(found: re.Match[str]) -> str:
        if fold(found["id"]) not in target.ids or not target.is_in(found["folder"]):
            return found[0]
        folder = found["folder"]
        if folder and target.folder != dirname(path) and fold(folder) != f"{target.kind}/":
            folder = path_in(dirname(path), "")
        return f"{found['before']}{folder}{basename(path).removesuffix(_END)}{found['after']}"

    def markdown(found: re.Match[str]) -> str:
        address = found["bracketed"] or found["bare"]
        moved = _moved(address, source, target, path, quoted=found["bare"] is not None)
        return found[0].replace(address, moved) if moved else found[0]

    parts = []
    for part, is_code in _parts(line):
        both = part if is_code else _MARKDOWN.sub(markdown, _WIKI.sub(wiki, part))
        parts.append(both)
    return "".join(parts)


def _parts(line: str) -> Iterator[tuple[str, bool]]:
    """The line in pieces, each with whether it is code."""
    at = 0
    for code in _CODE.finditer(line) if "`" in line else ():
        yield line[at : code.start()], False
        yield code[0], True
        at = code.end()
    yield line[at:], False


def _moved(
    address: str, source: str, target: LinkedRecord, path: str, *, quoted: bool
) -> str | None:
    """The address of a link to `target` as one to `path`; None for a link to anything else."""
    if _SCHEME.match(address):
        return None
    written, mark, part = address.partition("#")
    plain = unquote(written) if quoted else written
    here = dirname(source)
    relative = not plain.startswith("/") and target.is_at(normpath(joined(here, plain)))
    if not relative and not target.is_at(normpath(plain.lstrip("/"))):
        return None
    end = _END if plain.endswith(_END) else ""
    new = path if end else path.removesuffix(_END)
    if target.folder == dirname(path):
        before, slash, _ = written.rpartition("/")
        return f"{before}{slash}{_quoted(basename(new), quoted)}{mark}{part}"
    if relative:
        new = relpath(new, here or ".")
    elif plain.startswith("/"):
        new = f"/{new}"
    return f"{_quoted(new, quoted)}{mark}{part}"


def _quoted(path: str, quoted: bool) -> str:
    """A path as it stands in an address; letters of any script stay readable."""
    if not quoted:
        return path
    return "".join(char if char.isalnum() or char in "/-._~" else quote(char) for char in path)

"""Front matter and YAML files, read: every scalar is text, every defect is a `Problem`, nothing
ever raises.

The dialect is YAML without its traps: no types (`NO`, `02142` and `+4915112345678` are text), no
anchors, aliases, tags, merge keys or second documents, no duplicate keys, no more than 16 levels,
1000 nodes and 64 Ki characters. Whatever breaks a rule is reported with its line, and what can be
read is read all the same: where the parser gives up, each top-level field is read on its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from plaincrm.core.text.text_file import BOM, place
from plaincrm.core.value_class import changed, value
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml.fences import MAX_CHARACTERS, MAX_DEPTH, Fences, find_fences
from plaincrm.core.yaml.flat import parse_flat
from plaincrm.errors import Problem

if TYPE_CHECKING:
    from plaincrm.core.yaml.nodes import Node
    from plaincrm.core.yaml.tree import Tree, Unreadable

CONFLICT = "<<<<<<<"  # what git writes into a file where two versions collide


@value
class Document:
    """A record file as read; `lines` holds the file line of each top-level key, `body_line` the
    body's.
    """

    fields: dict[str, Raw]
    lines: dict[str, int]
    body: str
    body_line: int
    problems: tuple[Problem, ...] = ()


@value
class YamlMapping:
    """A YAML file as read: `positions` maps a path of keys and indices to line and column."""

    fields: dict[str, Raw]
    positions: dict[tuple[str | int, ...], tuple[int, int]]
    problems: tuple[Problem, ...] = ()


def parse(text: str, path: str = "") -> Document:
    """Read a record file. Takes any text."""
    fences = find_fences(text)
    if fences is None:
        return _without_fence(text, path)
    body = text[fences.body :]
    if fences.closed and fences.end - fences.start <= MAX_CHARACTERS and CONFLICT not in body:
        flat = parse_flat(text[fences.start : fences.end], 2)
        if flat is not None:
            return Document(*flat, body, place(text, fences.body)[0])
    return document_of(text, fences, read_tree(text, fences, path), path)


def document_of(text: str, fences: Fences, tree: Tree, path: str = "") -> Document:
    """The record file whose front matter was read as `tree` already."""
    from plaincrm.core.yaml.tree import conflicts  # trees are for what is not flat

    body = text[fences.body :]
    problems = [*tree.problems, *conflicts(text, fences.body, len(text), path)]
    fields = _fields(tree.root)
    lines = {str(name): line for (name,), (line, _) in _positions(tree.root, (), depth=1)}
    return Document(fields, lines, body, place(text, fences.body)[0], tuple(sorted(problems)))


def parse_body(text: str, before: Document, before_text: str) -> Document:
    """`parse(text)`, where only the body differs from a file that was read before: its fields are
    not read again.
    """
    start = len(before_text) - len(before.body)
    same_fields = text[:start] == before_text[:start]
    if before.problems or not same_fields or CONFLICT in text:
        return parse(text)
    return changed(before, body=text[start:])


def read_mapping(text: str, path: str = "") -> YamlMapping:
    """Read a whole YAML file, without fences, in the same dialect. Takes any text."""
    from plaincrm.core.yaml.tree import read

    start = len(BOM) if text.startswith(BOM) else 0
    tree = read(text, start, start, len(text), path, _events)
    return YamlMapping(
        _fields(tree.root), dict(_positions(tree.root, ())), tuple(sorted(tree.problems))
    )


def read_tree(text: str, fences: Fences, path: str = "") -> Tree:
    """The nodes of a record's front matter."""
    from plaincrm.core.yaml.tree import read

    # The parser gets the opening fence too: after it, % and ... have no meaning of their own.
    start = len(BOM) if text.startswith(BOM) else 0
    tree = read(text, start, fences.start, fences.end, path, _events)
    if not fences.closed:
        message, hint = "the front matter is not closed", "put a line --- after the last field"
        tree.broken = Problem(path, 1, 1, "yaml-unclosed-fence", message, hint)
        tree.problems.append(tree.broken)
    return tree


def _without_fence(text: str, path: str) -> Document:
    from plaincrm.core.yaml import properties
    from plaincrm.core.yaml.tree import conflicts

    page = properties.find(text)
    if page is not None:
        told = (*page.problems(path), *conflicts(text, 0, len(text), path))
        after = place(text, page.body)[0]
        return Document(page.fields, page.lines, text[page.body :], after, told)
    hint = "a record begins with ---, then its fields, then --- again"
    missing = Problem(path, 1, 1, "yaml-missing-fence", "the first line is not ---", hint)
    return Document(
        {}, {}, text.removeprefix(BOM), 1, (missing, *conflicts(text, 0, len(text), path))
    )


def _fields(root: Node) -> dict[str, Raw]:
    fields = root.raw
    return fields if isinstance(fields, dict) else {}


def _positions(
    node: Node, path: tuple[str | int, ...], depth: int = MAX_DEPTH
) -> Iterator[tuple[tuple[str | int, ...], tuple[int, int]]]:
    """The place of each key and item below `node`; of keys that stand twice the first counts."""
    seen: set[str] = set()
    steps: list[tuple[str | int, Node, Node]] = [
        (at, item, item) for at, item in enumerate(node.items)
    ]
    for key, held in node.pairs:
        if key.kind == "scalar" and key.text not in seen:
            seen.add(key.text)
            steps.append((key.text, key, held))
    for step, mark, inner in steps:
        yield (*path, step), (mark.line, mark.column)
        if depth > 1:
            yield from _positions(inner, (*path, step), depth - 1)


def libyaml() -> bool:
    """Whether the fast parser is there."""
    import yaml

    return bool(yaml.__with_libyaml__)


def _events(text: str) -> Iterator[Any]:
    """The events of the parser, libyaml where PyYAML has it. Raises Unreadable for whatever goes
    wrong.
    """
    import yaml

    loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
    try:
        yield from yaml.parse(text, Loader=loader)
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError, MemoryError) as error:
        raise _unreadable(error) from error


def _unreadable(error: BaseException) -> Unreadable:
    from plaincrm.core.yaml.problems import syntax_hint
    from plaincrm.core.yaml.tree import Unreadable

    words = getattr(error, "problem", None) or "too complicated"
    # An unclosed quote or bracket is found at the end; what helps is where it was opened.
    opened = getattr(error, "context_mark", None) if "expected" in words else None
    mark = opened or getattr(error, "problem_mark", None)
    context = getattr(error, "context", None)
    message = f"not YAML: {words} {context}" if context else f"not YAML: {words}"
    return Unreadable(
        message, syntax_hint(words), mark.line if mark else 0, mark.column if mark else 0
    )

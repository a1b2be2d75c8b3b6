"""What the dialect forbids in YAML that a parser takes: found in the tree, said with place and
remedy.
"""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.core.yaml.nodes import Node
from plaincrm.errors import Problem

_QUOTE = "put the value between double quotes"
_HINTS = (
    ("a tab character", "indent with spaces, not tabs"),
    ("mapping values are not allowed", _QUOTE + ": a colon before a space ends a key"),
    ("cannot start any token", _QUOTE + ", or indent with spaces if the line begins with a tab"),
    ("alphabetic", _QUOTE + ": * and & mean something else in YAML"),
    ("end of stream", "close the quote"),
    ("expected ',' or", "close the bracket, or put the value between double quotes"),
    ("unknown escape", "write \\\\ for a backslash, or use single quotes"),
    ("could not find expected ':'", "write a field as `key: value`, its further lines indented"),
)


def syntax_hint(problem: str) -> str:
    """What to try, from the words of the YAML parser."""
    fallback = "see whether quotes or indentation are off"
    return next((hint for words, hint in _HINTS if words in problem), fallback)


def defects(root: Node, path: str) -> Iterator[Problem]:
    """A problem for each duplicate key, anchor, alias, tag, merge key and key that is no scalar."""
    for node in root.walk():
        if node.kind == "map":
            yield from _keys(node, path)
        yield from _marks(node, path)


def _keys(node: Node, path: str) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for key, _ in node.pairs:
        where = (path, key.line, key.column)
        if key.kind != "scalar":
            hint = "a key is a word before a colon"
            yield Problem(*where, "yaml-complex-key", "a key that is not text", hint)
        elif key.text in seen:
            message = (
                f'"{key.text}" stands here again, first on line {seen[key.text]}, which counts'
            )
            yield Problem(*where, "yaml-duplicate-key", message, "delete one of the two")
        elif key.text == "<<" and not key.style:
            hint = "write the fields out"
            yield Problem(*where, "yaml-merge-key", "merge keys (<<) are not supported", hint)
        seen.setdefault(key.text, key.line)


def _marks(node: Node, path: str) -> Iterator[Problem]:
    where = (path, node.line, node.column)
    if node.kind == "alias":
        hint = _QUOTE + " if it is text, or write the value out"
        yield Problem(
            *where, "yaml-alias", f"{node.text} is a YAML alias, which is not supported", hint
        )
    if node.anchor:
        hint = _QUOTE + " if it is text, or delete it"
        yield Problem(
            *where, "yaml-anchor", f"&{node.anchor} is a YAML anchor, which is not supported", hint
        )
    if node.tag:
        hint = _QUOTE + " if it is text, or delete the tag"
        yield Problem(*where, "yaml-tag", f"{node.tag} is a YAML tag, which is not supported", hint)

"""The names that a template's syntax tree reads, in dotted form.

The tree is Jinja2's, told apart by the names of its node classes: its types stay with the sandbox.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

_FORGIVING = ("default", "d", "defined", "undefined")


def names(tree: Any, roots: Collection[str]) -> tuple[set[str], set[str]]:
    """The names below `roots` that must be there, and those that are tested for or have a
    default.
    """
    read: set[str] = set()
    forgiven: set[str] = set()
    _walk(tree, roots, read, forgiven)
    below = {
        name for name in read if any(name == one or name.startswith(f"{one}.") for one in forgiven)
    }
    return read - below, forgiven | below


def _walk(node: Any, roots: Collection[str], read: set[str], forgiven: set[str]) -> None:
    found = _chain(node)
    if found is not None:
        read.update({found} if found.partition(".")[0] in roots else ())
        return
    children = list(node.iter_child_nodes())
    if _is(node, "Call") and _is(node.node, "Getattr"):
        children[0] = node.node.node  # the last name is a method, no value
    elif _is(node, "Filter", "Test") and node.name in _FORGIVING and _chain(node.node):
        forgiven.add(_chain(node.node) or "")
        children = [child for child in children if child is not node.node]
    for child in children:
        _walk(child, roots, read, forgiven)


def _chain(node: Any) -> str | None:
    """`deal.company.name` of attributes (or `["name"]`) on a name; None for anything else."""
    if _is(node, "Name"):
        return str(node.name) if node.ctx == "load" else None
    if _is(node, "Getattr"):
        key: object = node.attr
    elif _is(node, "Getitem") and _is(node.arg, "Const"):
        key = node.arg.value
    else:
        return None
    root = _chain(node.node)
    return f"{root}.{key}" if root and isinstance(key, str) else root


def _is(node: Any, *kinds: str) -> bool:
    return type(node).__name__ in kinds

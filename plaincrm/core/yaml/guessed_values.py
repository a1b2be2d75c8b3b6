"""Values without quotes that other readers of YAML take for a number, a truth value or a time, and
may write back otherwise: `+4915112345678` loses its plus, `02142` its zero, `NO` becomes `false`.

plaincrm reads text and is not misled. Programs that write front matter anew are.
"""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.core.text.text_file import BOM
from plaincrm.core.yaml import front_matter, write
from plaincrm.core.yaml.fences import find_fences
from plaincrm.core.yaml.nodes import Node
from plaincrm.errors import Refused


def guessed(text: str) -> list[Node]:
    """The scalars of a record's front matter that other readers would guess a type for."""
    fences = find_fences(text)
    if fences is None or not fences.closed:
        return []
    return list(_plain(front_matter.read_tree(text, fences).root))


def _plain(node: Node) -> Iterator[Node]:
    """Values, not keys: a key that is a number stays one."""
    if node.kind == "scalar" and not node.style and write.misleading(node.text):
        yield node
    for each in (*node.items, *(value for _, value in node.pairs)):
        yield from _plain(each)


def quoted(text: str) -> str:
    """The text with those values between quotes, and without a byte order mark, which hides the
    front matter from other programs. Raises Refused if it would not read as before.
    """
    new = text
    for node in reversed(guessed(text)):
        new = new[: node.start] + write.scalar(node.text, style='"') + new[node.end :]
    new = new.removeprefix(BOM)
    before, after = front_matter.parse(text), front_matter.parse(new)
    if before.fields != after.fields or before.body != after.body:
        raise Refused("quotes can't be put around its values surely", "edit the file by hand")
    return new

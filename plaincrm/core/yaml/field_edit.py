"""Editing one field of a record's text and nothing else.

Each edit goes by the places of the YAML nodes, then the new text is read again: the field must hold
the new value, every other field and the body must be what they were, and all bytes outside the
field's own lines must be the same. If any of this fails, or if the field's value can't be edited
surely (aliases, anchors, tags, duplicate or explicit keys, front matter that can't be read), the
edit is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import block_edit, flow_edit
from plaincrm.core.yaml.document import Page, Path, Spot, refusal
from plaincrm.core.yaml.extents import line_start, lines_end
from plaincrm.core.yaml.nodes import Node
from plaincrm.core.yaml.scalar_edit import rewrite, set_scalar
from plaincrm.errors import Refused


def set_field(text: str, name: str, value: Raw, order: Sequence[str] = ()) -> str:
    """The text with the field set. Lists and maps are edited entry by entry; a value that is equal
    already leaves the text as it is. A new field goes where `order`, the schema's order of fields,
    puts it.

    Raises Refused if the edit can't be made surely.
    """
    page = Page(text)
    spot = page.field(name)
    if spot is None:
        number = _number_for(page.root, name, order)
        return _checked(page, block_edit.insert(page, page.root, number, name, value), name, value)
    if spot.value.raw == value:
        return text
    ways: list[Callable[[], str]] = [lambda: _set(text, (name,), value)]
    if not _has_comment(page, spot):
        ways.append(lambda: rewrite(page, spot, value))
    return _first_sure(page, ways, name, value)


def add_item(text: str, name: str, item: str, order: Sequence[str] = ()) -> str:
    """The text with one more item in a list; a scalar becomes a list of two, a missing field a list
    of one.

    Raises Refused if the edit can't be made surely.
    """
    page = Page(text)
    spot = page.field(name)
    present = spot.value.raw if spot else ""
    if isinstance(present, dict):
        if item in present.values():
            return text
        line = spot.value.line if spot else 1
        raise refusal(f'"{name}" is a map; it is not clear which label to give {item!r}', line)
    items = present if isinstance(present, list) else [present] if present else []
    if item in items:
        return text
    return set_field(text, name, [*items, item], order)


def remove_item(text: str, name: str, item: str) -> str:
    """The text without an item of a list, or with no such field if it was the last one.

    Raises Refused if the edit can't be made surely.
    """
    spot = Page(text).field(name)
    present = spot.value.raw if spot else ""
    rest: Raw
    if isinstance(present, str):
        return delete_field(text, name) if spot and present == item else text
    if isinstance(present, list):
        rest = [each for each in present if each != item]
    else:
        rest = {label: each for label, each in present.items() if each != item}
    if len(rest) == len(present):
        return text
    return set_field(text, name, rest) if rest else delete_field(text, name)


def delete_field(text: str, name: str) -> str:
    """The text without the field's own lines; comment lines and blank lines among them stay.

    Raises Refused if the edit can't be made surely.
    """
    page = Page(text)
    if page.field(name) is None:
        return text
    return _checked(page, page.without(name), name, None)


def _set(text: str, path: Path, value: Raw) -> str:
    """The text with another value at a path that exists."""
    page = Page(text)
    spot = page.spot(path)
    old = spot.value.raw
    if old == value:
        return text
    if isinstance(old, str) and isinstance(value, str):
        return set_scalar(page, spot, value)
    if isinstance(old, list) and isinstance(value, list) and old and value:
        return _set_list(text, path, old, value)
    if isinstance(old, dict) and isinstance(value, dict) and old and value:
        return _set_map(text, path, old, value)
    return rewrite(page, spot, value)


def _set_list(text: str, path: Path, old: list[Raw], new: list[Raw]) -> str:
    """Only the items that differ are touched, from the last to the first, so that numbers stay
    right.
    """
    before, after = [repr(item) for item in old], [repr(item) for item in new]
    changes = SequenceMatcher(None, before, after, autojunk=False)
    for tag, first, last, start, end in reversed(changes.get_opcodes()):
        if tag == "equal":
            continue
        both = min(last - first, end - start)
        for number in reversed(range(first + both, last)):
            text = _delete(text, path, number)
        for item in reversed(new[start + both : end]):
            text = _insert(text, path, first + both, None, item)
        for number in range(both):
            text = _set(text, (*path, first + number), new[start + number])
    return text


def _set_map(text: str, path: Path, old: dict[str, Raw], new: dict[str, Raw]) -> str:
    for name, value in new.items():
        if name in old:
            text = _set(text, (*path, name), value)
        else:
            number = _number_for(Page(text).spot(path).value, name, list(new))
            text = _insert(text, path, number, name, value)
    for name in old:
        if name not in new:
            keys = [key.text for key, _ in Page(text).spot(path).value.pairs]
            text = _delete(text, path, keys.index(name))
    return text


def _insert(text: str, path: Path, number: int, name: str | None, value: Raw) -> str:
    page = Page(text)
    node = page.spot(path).value
    insert = flow_edit.insert if node.style == "flow" else block_edit.insert
    return insert(page, node, number, name, value)


def _delete(text: str, path: Path, number: int) -> str:
    page = Page(text)
    node = page.spot(path).value
    delete = flow_edit.delete if node.style == "flow" else block_edit.delete
    return delete(page, node, number)


def _number_for(node: Node, name: str, order: Sequence[str]) -> int:
    """After the nearest key that `order` has before it, else before the first after it, else at the
    end.
    """
    keys = [key.text for key, _ in node.pairs]
    if name in order:
        at = list(order).index(name)
        for before in reversed(order[:at]):
            if before in keys:
                return keys.index(before) + 1
        for after in order[at + 1 :]:
            if after in keys:
                return keys.index(after)
    return len(keys)


def _has_comment(page: Page, spot: Spot) -> bool:
    start = line_start(page.text, spot.start)
    return "#" in page.text[start : lines_end(page.text, spot.value)]


def _first_sure(page: Page, ways: list[Callable[[], str]], name: str, value: Raw) -> str:
    refused: Refused | None = None
    for way in ways:
        try:
            return _checked(page, way(), name, value)
        except Refused as error:
            refused = refused or error
    assert refused is not None
    raise refused


def _checked(page: Page, text: str, name: str, value: Raw | None) -> str:
    """The new text, if reading it again shows the wanted change and no other. Raises Refused
    otherwise.
    """
    line = next((key.line for key, _ in page.root.pairs if key.text == name), page.root.line)
    unsure = refusal(f'"{name}" can\'t be edited surely here', line)
    try:
        new = Page(text)
    except Refused:
        raise unsure from None
    expected = {key: each for key, each in page.fields.items() if key != name}
    others = {key: each for key, each in new.fields.items() if key != name}
    same = list(others.items()) == list(expected.items()) and new.fields.get(name) == value
    same = same and text[new.fences.body :] == page.text[page.fences.body :]
    if not same or new.without(name) != page.without(name):
        raise unsure
    return text

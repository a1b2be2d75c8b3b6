"""Editing one field of a record's text and nothing else.

Each edit goes by the places of the YAML nodes, then the new text is read again: the field must hold
the new value, every other field and the body must be what they were, and all bytes outside the
field's own lines must be the same. If any of this fails, or if the field's value can't be edited
surely (aliases, anchors, tags, duplicate or explicit keys, front matter that can't be read), the
edit is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher

from plaincrm.core.values.raw import Raw, with_item, without_item
from plaincrm.core.yaml import block_edit, flow_edit
from plaincrm.core.yaml.document import FrontMatterPage, Path, ValuePlace, refusal, spliced
from plaincrm.core.yaml.extents import line_start, lines_end
from plaincrm.core.yaml.nodes import Node
from plaincrm.core.yaml.scalar_edit import rewrite, set_scalar
from plaincrm.errors import Refused


def set_fields(
    page: FrontMatterPage, values: Mapping[str, Raw | None], order: Sequence[str] = ()
) -> FrontMatterPage:
    """The page after these fields are set, each as `set_field` does; None takes a field out.

    All are set in one step, and the result is read once. Where that is not sure they are set one
    after the other, which finds the one that can't be edited. Raises Refused for it.
    """
    if not values:
        return page
    try:
        return _set_together(page, values, order)
    except (Refused, ValueError):
        text = page.text
        for name, value in values.items():
            text = (
                delete_field(text, name) if value is None else set_field(text, name, value, order)
            )
        return FrontMatterPage(text)


def set_field(text: str, name: str, value: Raw, order: Sequence[str] = ()) -> str:
    """The text with the field set. Lists and maps are edited entry by entry; a value that is equal
    already leaves the text as it is. A new field goes where `order`, the schema's order of fields,
    puts it.

    Raises Refused if the edit can't be made surely.
    """
    page = FrontMatterPage(text)
    spot = page.field(name)
    if spot is None:
        number = _place_of(name, page.root, order)
        return _checked(page, block_edit.insert(page, page.root, number, name, value), name, value)
    if spot.value.raw == value:
        return text
    ways: list[Callable[[], str]] = [lambda: _set(page, (name,), value)]
    if not _has_comment(page, spot):
        ways.append(lambda: rewrite(page, spot, value))
    return _first_sure(page, ways, name, value)


def add_item(text: str, name: str, item: str, order: Sequence[str] = ()) -> str:
    """The text with one more item in a list; a scalar becomes a list of two, a missing field a list
    of one.

    Raises Refused if the edit can't be made surely.
    """
    page = FrontMatterPage(text)
    spot = page.field(name)
    try:
        value = with_item(spot.value.raw if spot else None, item)
    except ValueError as error:
        raise refusal(f'"{name}" is a map; {error}', spot.value.line if spot else 1) from None
    return set_field(text, name, value, order)


def remove_item(text: str, name: str, item: str) -> str:
    """The text without an item of a list, or with no such field if it was the last one.

    Raises Refused if the edit can't be made surely.
    """
    spot = FrontMatterPage(text).field(name)
    if spot is None:
        return text
    value = without_item(spot.value.raw, item)
    return delete_field(text, name) if value is None else set_field(text, name, value)


def delete_field(text: str, name: str) -> str:
    """The text without the field's own lines; comment lines and blank lines among them stay.

    Raises Refused if the edit can't be made surely.
    """
    page = FrontMatterPage(text)
    if page.field(name) is None:
        return text
    return _checked(page, page.without(name), name, None)


def _set_together(
    page: FrontMatterPage, values: Mapping[str, Raw | None], order: Sequence[str]
) -> FrontMatterPage:
    """Raises Refused, or ValueError where the lines of two fields overlap."""
    changes: list[tuple[int, int, str]] = []
    added: dict[str, Raw] = {}
    for name, value in values.items():
        spot, lines = page.field(name), page.own_lines(name)
        if value is None:
            changes += [lines] if lines else []
        elif spot is None or lines is None:
            added[name] = value
        elif spot.value.raw != value:
            changes.append(_new_lines(page, lines, _set(page, (name,), value)))
    for number, name in _places(list(added), page.root, order):
        at, new = block_edit.insertion(page, page.root, number, name, added[name])
        changes.append((at, at, new))
    return _checked_together(page, spliced(page.text, changes), values)


def _new_lines(
    page: FrontMatterPage, lines: tuple[int, int, str], text: str
) -> tuple[int, int, str]:
    """The change of a field's own lines that leads to `text`."""
    start, end, _ = lines
    return start, end, text[start : len(text) - (len(page.text) - end)]


def _checked_together(
    page: FrontMatterPage, text: str, values: Mapping[str, Raw | None]
) -> FrontMatterPage:
    """The new page, if it shows the wanted changes and no other. Raises Refused otherwise."""
    if text == page.text:
        return page
    new = FrontMatterPage(text)
    expected = [(key, each) for key, each in page.fields.items() if key not in values]
    others = [(key, each) for key, each in new.fields.items() if key not in values]
    wanted = all(new.fields.get(name) == value for name, value in values.items())
    same_body = text[new.fences.body :] == page.text[page.fences.body :]
    same_lines = new.without(*values) == page.without(*values)
    if not (wanted and others == expected and same_body and same_lines):
        raise refusal("the fields can't be edited surely together", page.root.line)
    return new


def _set(page: FrontMatterPage, path: Path, value: Raw) -> str:
    """The text with another value at a path that exists."""
    spot = page.spot(path)
    old = spot.value.raw
    if old == value:
        return page.text
    if isinstance(old, str) and isinstance(value, str):
        return set_scalar(page, spot, value)
    if isinstance(old, list) and isinstance(value, list) and old and value:
        return _set_list(page, path, old, value)
    if isinstance(old, dict) and isinstance(value, dict) and old and value:
        return _set_map(page, path, old, value)
    return rewrite(page, spot, value)


def _set_list(page: FrontMatterPage, path: Path, old: list[Raw], new: list[Raw]) -> str:
    """Only the items that differ are touched, from the last to the first, so that numbers stay
    right.
    """
    text = page.text
    before, after = [repr(item) for item in old], [repr(item) for item in new]
    changes = SequenceMatcher(None, before, after, autojunk=False)
    for tag, first, last, start, end in reversed(changes.get_opcodes()):
        if tag == "equal":
            continue
        both = min(last - first, end - start)
        for number in reversed(range(first + both, last)):
            text = _delete(_opened(page, text), path, number)
        for item in reversed(new[start + both : end]):
            text = _insert(_opened(page, text), path, first + both, None, item)
        for number in range(both):
            text = _set(_opened(page, text), (*path, first + number), new[start + number])
    return text


def _set_map(page: FrontMatterPage, path: Path, old: dict[str, Raw], new: dict[str, Raw]) -> str:
    text = page.text
    for name, value in new.items():
        page = _opened(page, text)
        if name in old:
            text = _set(page, (*path, name), value)
        else:
            number = _place_of(name, page.spot(path).value, list(new))
            text = _insert(page, path, number, name, value)
    for name in old:
        if name not in new:
            page = _opened(page, text)
            keys = [key.text for key, _ in page.spot(path).value.pairs]
            text = _delete(page, path, keys.index(name))
    return text


def _opened(page: FrontMatterPage, text: str) -> FrontMatterPage:
    """The text opened; `page` where it is that of the text."""
    return page if page.text == text else FrontMatterPage(text)


def _insert(page: FrontMatterPage, path: Path, number: int, name: str | None, value: Raw) -> str:
    node = page.spot(path).value
    insert = flow_edit.insert if node.style == "flow" else block_edit.insert
    return insert(page, node, number, name, value)


def _delete(page: FrontMatterPage, path: Path, number: int) -> str:
    node = page.spot(path).value
    delete = flow_edit.delete if node.style == "flow" else block_edit.delete
    return delete(page, node, number)


def _places(names: Sequence[str], node: Node, order: Sequence[str]) -> list[tuple[int, str]]:
    """The number of the entry before which each new name goes, in the order in which they will
    stand.
    """
    keys = [key.text for key, _ in node.pairs]
    every = list(keys)
    for name in names:
        every.insert(_number_for(name, every, order), name)
    found, number = [], 0
    for key in every:
        if key in names:
            found.append((number, key))
        else:
            number += 1
    return found


def _place_of(name: str, node: Node, order: Sequence[str]) -> int:
    return _number_for(name, [key.text for key, _ in node.pairs], order)


def _number_for(name: str, keys: Sequence[str], order: Sequence[str]) -> int:
    """After the nearest key that `order` has before it, else before the first after it, else at the
    end.
    """
    if name in order:
        at = list(order).index(name)
        for before in reversed(order[:at]):
            if before in keys:
                return keys.index(before) + 1
        for after in order[at + 1 :]:
            if after in keys:
                return keys.index(after)
    return len(keys)


def _has_comment(page: FrontMatterPage, spot: ValuePlace) -> bool:
    start = line_start(page.text, spot.start)
    return "#" in page.text[start : lines_end(page.text, spot.value)]


def _first_sure(page: FrontMatterPage, ways: list[Callable[[], str]], name: str, value: Raw) -> str:
    refused: Refused | None = None
    for way in ways:
        try:
            return _checked(page, way(), name, value)
        except Refused as error:
            refused = refused or error
    assert refused is not None
    raise refused


def _checked(page: FrontMatterPage, text: str, name: str, value: Raw | None) -> str:
    """The new text, if reading it again shows the wanted change and no other. Raises Refused
    otherwise.
    """
    line = next((key.line for key, _ in page.root.pairs if key.text == name), page.root.line)
    unsure = refusal(f'"{name}" can\'t be edited surely here', line)
    try:
        new = FrontMatterPage(text)
    except Refused:
        raise unsure from None
    expected = {key: each for key, each in page.fields.items() if key != name}
    others = {key: each for key, each in new.fields.items() if key != name}
    same = list(others.items()) == list(expected.items()) and new.fields.get(name) == value
    same = same and text[new.fences.body :] == page.text[page.fences.body :]
    if not same or new.without(name) != page.without(name):
        raise unsure
    return text

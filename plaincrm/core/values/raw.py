"""What front matter holds before the schema types it: text, lists and maps of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias, Union

Raw: TypeAlias = Union[str, list["Raw"], dict[str, "Raw"]]  # noqa: UP007


def with_item(present: Raw | None, item: str) -> Raw:
    """A field's value with one more item: a single value becomes a list of two, a missing one a
    list of one. Raises ValueError for a map that lacks it, since nobody knows its label.
    """
    if isinstance(present, dict):
        if item in present.values():
            return present
        raise ValueError(f"it is not clear which label to give {item!r}")
    if isinstance(present, list):
        return present if item in present else [*present, item]
    if present and present == item:
        return present
    return [present, item] if present else [item]


def without_item(present: Raw | None, item: str) -> Raw | None:
    """A field's value without an item; None where that was all of it."""
    rest: Raw
    if isinstance(present, list):
        rest = [each for each in present if each != item]
        return rest if rest or item not in present else None
    if isinstance(present, dict):
        rest = {label: each for label, each in present.items() if each != item}
        return rest if rest or item not in present.values() else None
    return None if present == item else present


def with_tags(fields: Mapping[str, Raw]) -> dict[str, Raw]:
    """The fields of a file, `tags: vip, newsletter` as the two tags that are meant: no tag has a
    comma.
    """
    tags = fields.get("tags")
    if not isinstance(tags, str) or "," not in tags:
        return fields if isinstance(fields, dict) else dict(fields)
    parts: list[Raw] = [part.strip() for part in tags.split(",") if part.strip()]
    return {**fields, "tags": parts}


class RawItem(NamedTuple):
    """One scalar of a field, with its label or role (`work`, `billing`) if the field is a map."""

    label: str
    text: str


def items(raw: Raw | None, label: str = "") -> Iterator[RawItem]:
    """The scalars of a field in file order; empty ones are missing ones."""
    if isinstance(raw, str):
        if raw:
            yield RawItem(label, raw)
    elif isinstance(raw, list):
        for each in raw:
            yield from items(each, label)
    elif isinstance(raw, dict):
        for key, each in raw.items():
            yield from items(each, key)

"""Properties of Logseq (`key:: value` lines in place of front matter), three versions in one.

The changes of both sides go into the block of the base, key by key in their order by name, so that
two machines write the same bytes. What both sides set differently has no place to be kept in such
lines: then both versions are kept whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml.properties import PropertyPage, find, set_properties
from plaincrm.errors import Refused


def has_properties(texts: Sequence[str]) -> bool:
    """Whether any of the versions begins with properties."""
    return any(find(text) is not None for text in texts)


def merge_properties(texts: Sequence[str]) -> tuple[str, dict[str, Raw]]:
    """The merged block and the values in it, of base, left and right.

    Raises Refused where they can't be put together surely.
    """
    pages = [find(text) for text in texts]
    base, left, right = (_block(text, page) for text, page in zip(texts, pages, strict=True))
    if left == right or right == base:
        block = left
    elif left == base:
        block = right
    else:
        block = set_properties(base, _changes(*(page.fields if page else {} for page in pages)))
    found = find(block)
    return block, {name: raw for name, raw in (found.fields if found else {}).items() if raw}


def _block(text: str, page: PropertyPage | None) -> str:
    if text and page is None:
        raise Refused("one version has front matter, another has properties")
    return text[: page.body] if page else ""


def _changes(
    base: Mapping[str, Raw], left: Mapping[str, Raw], right: Mapping[str, Raw]
) -> dict[str, Raw | None]:
    """What either side changed. Raises Refused for what both set differently."""
    found: dict[str, Raw | None] = {}
    for name in sorted({*base, *left, *right}):
        before, one, other = base.get(name), left.get(name), right.get(name)
        if one != other and before not in (one, other):
            raise Refused(f"the property {name} was set differently on both sides")
        new = other if one == before else one
        if new != before:
            found[name] = new
    return found

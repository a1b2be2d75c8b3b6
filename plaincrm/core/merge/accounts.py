"""Whether a merged record has everything that its sides added: the last look before it is written.

It reads the texts as any reader does and knows nothing of how they were merged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from plaincrm.core import builtin
from plaincrm.core.merge import pages
from plaincrm.core.merge.choose import thaw
from plaincrm.core.merge.values import CONFLICTS, read_contests
from plaincrm.core.raw import Raw
from plaincrm.core.timeline_page import Page

_FLAGS = frozenset(
    field.name for kind in builtin.schema().kinds.values() for field in kind.fields.values() if field.type == "bool"
)


def lost(base: str, ours: str, theirs: str, merged: str) -> list[str]:
    """Words for each value, log entry and task that a side added and that is nowhere in `merged`.

    A file kept whole under `## Conflict` has everything.
    """
    old, new = pages.read(base), pages.read(merged)
    known = _leaves(old) | _leaves(new)
    found = []
    for side in map(pages.read, (ours, theirs)):
        gone = [*_values(side, known), *_entries(side, new, old), *_tasks(side, new, old)]
        found += [words for words in gone if words.rpartition(": ")[2] not in merged]
    return found


def _values(side: Page, known: set[tuple[str, str]]) -> Iterator[str]:
    for name, value in sorted(_leaves(side) - known):
        if name not in _FLAGS:
            yield f"{name}: {value}"


def _leaves(page: Page) -> set[tuple[str, str]]:
    contests, _ = read_contests(page.document.fields.get(CONFLICTS))
    found = {leaf for name, raw in page.document.fields.items() if name != CONFLICTS for leaf in _scalars(name, raw)}
    for name, contest in contests.items():
        top = name if name in page.document.fields else name.partition(".")[0]
        found |= {leaf for value in contest.values for leaf in _scalars(top, thaw(value))}
    return found


def _scalars(name: str, raw: Raw) -> Iterator[tuple[str, str]]:
    if isinstance(raw, str):
        if raw:
            yield name, raw
        return
    for each in raw if isinstance(raw, list) else raw.values():
        yield from _scalars(name, each)


def _entries(side: Page, new: Page, old: Page) -> Iterator[str]:
    counts = [Counter(entry.key for entry in page.timeline.entries) for page in (side, old, new)]
    added = counts[0] - (counts[0] & counts[1])
    for key in added - counts[2]:
        yield f"{key[0]} {key[3]}: {key[-1]}"


def _tasks(side: Page, new: Page, old: Page) -> Iterator[str]:
    counts = [Counter(task.text for task in page.timeline.tasks) for page in (side, old, new)]
    for text in counts[0] - (counts[0] & counts[1]) - counts[2]:
        yield f"task: {text}"

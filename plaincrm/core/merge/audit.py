"""Whether a merged record has everything that its sides added: the last look before it is written.

It reads the texts as any reader does and knows nothing of how they were merged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from plaincrm.core.merge import parsed
from plaincrm.core.merge.resolution import thaw
from plaincrm.core.merge.values import CONFLICTS, read_contests
from plaincrm.core.schema import builtin
from plaincrm.core.timeline.document import TimelinePage
from plaincrm.core.values.raw import Raw

_FLAGS = frozenset(
    field.name
    for kind in builtin.schema().kinds.values()
    for field in kind.fields.values()
    if field.value_type.flag
)

NONE: Counter[str] = Counter()


def lost(base: str, ours: str, theirs: str, merged: str) -> list[str]:
    """Words for each value, log entry and task that a side added and that is nowhere in `merged`.

    A file kept whole under `## Conflict` has everything.
    """
    old, new = _Account(parsed.read(base)), _Account(parsed.read(merged))
    found = []
    for side in (_Account(parsed.read(text)) for text in (ours, theirs)):
        gone = [*_values(side, old, new), *_entries(side, old, new), *_tasks(side, old, new)]
        found += [words for words in gone if words.rpartition(": ")[2] not in merged]
    return found


class _Account:
    """What one version has: its values, and how often each entry and task."""

    def __init__(self, page: TimelinePage) -> None:
        self.leaves = _leaves(page)
        self.entries = Counter([entry.key for entry in page.timeline.entries])
        self.tasks = (
            Counter([task.text for task in page.timeline.tasks]) if page.timeline.tasks else NONE
        )


def _values(side: _Account, old: _Account, new: _Account) -> Iterator[str]:
    for name, value in sorted(side.leaves - old.leaves - new.leaves):
        if name not in _FLAGS:
            yield f"{name}: {value}"


def _entries(side: _Account, old: _Account, new: _Account) -> Iterator[str]:
    added = side.entries - (side.entries & old.entries)
    for key in added - new.entries:
        yield f"{key[0]} {key[3]}: {key[-1]}"


def _tasks(side: _Account, old: _Account, new: _Account) -> Iterator[str]:
    for text in side.tasks - (side.tasks & old.tasks) - new.tasks:
        yield f"task: {text}"


def _leaves(page: TimelinePage) -> set[tuple[str, str]]:
    contests, _ = read_contests(page.document.fields.get(CONFLICTS))
    fields = [pair for pair in page.document.fields.items() if pair[0] != CONFLICTS]
    found = {(name, raw) for name, raw in fields if isinstance(raw, str) and raw}
    found |= {
        leaf for name, raw in fields if not isinstance(raw, str) for leaf in _scalars(name, raw)
    }
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

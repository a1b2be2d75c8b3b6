"""What `export --into DIR` and `import DIR --sync` say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plaincrm.core.text.counted import counted

if TYPE_CHECKING:
    from plaincrm.crm.exporting.kept_export import FolderExport
    from plaincrm.crm.importing.card_sync import CardSync
    from plaincrm.crm.importing.task_sync import TaskSync

_FEW = 5  # names that are shown of many


def export_said(done: FolderExport, folder: str) -> Iterator[str]:
    """What was written, and what waits, in lines."""
    written = sum(data is not None for data in done.written.values())
    removed = len(done.written) - written
    parts = [f"{counted(written, 'file')} written in {folder}"]
    parts += [f"{done.same} as they were"] if done.same else []
    parts += [f"{removed} taken away"] if removed else []
    yield ", ".join(parts)
    if done.waiting:
        names = _some(done.waiting)
        yield f"changed over there, and left: {names}; plaincrm import {folder} --sync takes them"
    if done.deleted:
        yield f"deleted over there, and not written again: {_some(done.deleted)}"


def sync_said(done: CardSync, folder: str) -> Iterator[str]:
    """What came from the folder, in lines."""
    fresh = done.imported.counts["created"]
    known = done.added - fresh - done.imported.counts["rejected"]
    parts = [f"{counted(len(done.taken), 'record')} changed over there"]
    parts += [f"{counted(fresh, 'new card')}"] if fresh else []
    parts += [f"{known} of people who are here"] if known else []
    yield f"{folder}: {', '.join(parts)}"
    for each in done.contested:
        yield f"changed on both sides: {each}; plaincrm conflicts shows both"
    yield from done.notes
    if done.gone:
        yield f"deleted over there: {_some(done.gone)}; plaincrm rm takes them out here too"


def tasks_said(done: TaskSync) -> Iterator[str]:
    """What came from a folder of tasks, in lines."""
    yield f"{counted(len(done.records), 'task')} changed over there"
    yield from done.lines


def _some(names: list[str]) -> str:
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {more} more" if more > 0 else "")

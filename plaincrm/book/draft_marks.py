"""What plaincrm knows of a draft and its reader must not: the record that it is about, the template
that it was made of.

It stands beside the drafts, in `outbox/.drafts`, a line of JSON for each mail, by its message id.
Nothing of it is in the mail, so no program that sends one can send it along.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeAlias

from plaincrm.book import atomic, inside
from plaincrm.book.outbox import FOLDER

PATH = f"{FOLDER}/.drafts"
WRITTEN = "written"  # the mark that holds the moment, as ISO text: a draft has no date
_ID = "id"
Marks: TypeAlias = Mapping[str, str]  # such as {"contact": "ada-lovelace", "template": "hello"}


class DraftMarks:
    """The marks of the drafts of the book at `root`, by message id. Write under the book's lock."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / PATH

    def read(self) -> dict[str, Marks]:
        """All of them; lines that can't be read are passed over. Raises PlaincrmError."""
        with atomic.told("read", self._path):
            return _read(inside.read(self._root, PATH) or b"")

    def add(self, marks: Mapping[str, Marks]) -> None:
        """Add those of drafts that are about to be written. Durable."""
        if marks:
            self._write(lambda known: {**known, **marks})

    def drop(self, ids: Collection[str]) -> None:
        """Take off those of drafts that are gone, or whose mails the log has."""
        if self._path.exists():
            self._write(lambda known: {id: each for id, each in known.items() if id not in ids})

    def _write(self, change: Callable[[dict[str, Marks]], dict[str, Marks]]) -> None:
        inside.refuse_folder(self._root, FOLDER)
        before = atomic.present(self._path)
        known = _read(before or b"")
        after = change(known)
        if after == known:
            return
        atomic.make_folder(self._path.parent)
        text = "".join(f"{json.dumps({_ID: id, **each})}\n" for id, each in after.items())
        staged = atomic.stage(self._path, text.encode("ascii"), private=True)
        with atomic.gone_on_error(staged):
            atomic.swap_in(staged, self._path, before)
        atomic.sync_folder(self._path.parent)


def _read(data: bytes) -> dict[str, Marks]:
    found: dict[str, Marks] = {}
    for line in data.splitlines():
        try:
            values = json.loads(line)
        except ValueError:
            continue
        if isinstance(values, dict):
            marks = {str(name): each for name, each in values.items() if isinstance(each, str)}
            found[marks.pop(_ID, "")] = marks
    found.pop("", None)
    return found

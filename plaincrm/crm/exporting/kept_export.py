"""Bring a folder that another program changes too up to the book: cards, calendar entries.

Only what differs is written. What was changed over there is left for `import DIR --sync`; what was
deleted there is not written again, unless the book has changed it since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from plaincrm.book.kept_folder import KeptFile, KeptFolder
from plaincrm.core.value_class import value


@dataclass
class FolderExport:
    """What was written, by file name, None where a file goes; `waiting` were changed over there,
    `deleted` are gone there and stay so.
    """

    written: dict[str, bytes | None] = field(default_factory=dict)
    same: int = 0
    waiting: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)


@value
class WantedFile:
    """One thing of the book: what it is `about`, its `title` for people, the `stem` of a new file,
    and its text under a uid, which is empty for one of its own.
    """

    about: str
    title: str
    stem: str
    text: Callable[[str], str]


@value
class FileReader:
    """How the files of a folder are read: what one says, to be compared, and its uid."""

    said: Callable[[bytes], Any]
    uid: Callable[[bytes], str]


def export_into(
    folder: KeptFolder,
    wanted: Iterable[WantedFile],
    reader: FileReader,
    there: Mapping[str, str],
) -> FolderExport:
    """Write what differs. `there` has the file of each thing that has one."""
    done = _Export(folder, reader).run(wanted, there)
    folder.save(done.written, folder.kept)
    return done


class _Export:
    def __init__(self, folder: KeptFolder, reader: FileReader) -> None:
        self.folder, self.reader = folder, reader
        self.done = FolderExport()

    def run(self, wanted: Iterable[WantedFile], there: Mapping[str, str]) -> FolderExport:
        left = {*self.folder.kept}
        for each in wanted:
            name = there.get(each.about)
            if name is None:
                name = self.folder.free_name(each.stem, self.done.written)
                self._write(name, each, each.text("").encode("utf-8", "surrogateescape"))
            else:
                self._bring_up(name, each)
            left.discard(name)
        for name in sorted(left):
            self._take_away(name)
        return self.done

    def _bring_up(self, name: str, wanted: WantedFile) -> None:
        now, base = self.folder.files.get(name), self._base(name)
        uid = self.reader.uid(now or base or b"")
        new = wanted.text(uid).encode("utf-8", "surrogateescape")
        meant = self.reader.said(new)
        if now is None:
            if base is not None and self.reader.said(base) == meant:
                self.done.deleted.append(wanted.title)
            else:
                self._write(name, wanted, new)
            return
        present = self.reader.said(now)
        if present == meant:
            self.done.same += 1
            self._agree(name, wanted, now)
        elif base is None or self.reader.said(base) != present:
            self.done.waiting.append(wanted.title)
        else:
            self._write(name, wanted, new)

    def _take_away(self, name: str) -> None:
        """The file of what is gone from the book, or no longer asked for; one that was changed over
        there stays.
        """
        now, base = self.folder.files.get(name), self._base(name)
        if now is not None and base is not None:
            if self.reader.said(now) != self.reader.said(base):
                self.done.waiting.append(name)
                return
            self.done.written[name] = None
        del self.folder.kept[name]

    def _base(self, name: str) -> bytes | None:
        kept = self.folder.kept.get(name)
        return kept.base.encode("utf-8", "surrogateescape") if kept else None

    def _write(self, name: str, wanted: WantedFile, data: bytes) -> None:
        self.done.written[name] = data
        self._agree(name, wanted, data)

    def _agree(self, name: str, wanted: WantedFile, data: bytes) -> None:
        self.folder.kept[name] = KeptFile(wanted.about, data.decode("utf-8", "surrogateescape"))

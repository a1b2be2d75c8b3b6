"""What people did to a book's files by hand, as a sync sees it: which are the book's own, which are
gone in bulk, and how the commit of them is worded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from shlex import quote
from typing import TYPE_CHECKING

from plaincrm.book import inside
from plaincrm.book.file_change import FileChange
from plaincrm.book.git.sync import Review
from plaincrm.core.records.file_names import copies, is_record
from plaincrm.core.records.own_files import is_own
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.counted import counted
from plaincrm.core.text.fold import fold
from plaincrm.core.text.text_file import decode
from plaincrm.crm.effects import HISTORIED
from plaincrm.crm.staged import subject
from plaincrm.errors import PlaincrmError, Refused

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

# Files that go at once more often because a disk is missing than because somebody meant it.
MANY = 5
_NAMED = 3  # records that are gone, by their ids
Confirm = Callable[[str], bool]
Tell = Callable[[str], None]


def nobody(said: str) -> bool:  # noqa: ARG001 (there is nobody to read it)
    """The answer where there is nobody to ask."""
    return False


def unheard(said: str) -> None:
    """What is told where nobody listens."""


class HandEdits(Review):
    """What a sync asks the book about files that were edited by hand.

    `confirm` is told what is gone, and answers whether that is meant; `tell` what is published.
    """

    def __init__(self, book: Book, confirm: Confirm, tell: Tell = unheard) -> None:
        self.book = book
        self.editing = book.change("", "sync")
        self._confirm = confirm
        self._tell = tell

    def own(self, new: Sequence[str]) -> set[str]:
        """Those files, of which git doesn't know, that belong to the book."""
        found = {path for path in new if is_own(path) and not self._is_copy(path)}
        for kind in self.book.schema.kinds.values():
            if any(self.book.schema.of_path(path) is kind for path in new):
                found |= self._records(kind)
        return found.intersection(new)

    def _is_copy(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        names = [entry.name for entry in inside.listed(self.book.root, folder)] if folder else []
        return name in copies(names)

    def _records(self, kind: Kind) -> set[str]:
        from plaincrm.book.source import WorkTree

        source = self.book.source
        assert isinstance(source, WorkTree)
        scans = (source.scan(kind.name, each) for each in kind.places)
        return {entry.path for found in scans for entry in found.entries}

    def refuse(self, changes: Sequence[FileChange]) -> None:
        """Raises PlaincrmError where files went or were emptied that hardly anybody meant to."""
        emptied = [each.path for each in changes if _emptied(each)]
        if emptied:
            count = "1 file is" if len(emptied) == 1 else f"{len(emptied)} files are"
            said = f"{count} empty now, such as {emptied[0]}"
            self._ask(said, f"git restore -- {quote(emptied[0])}")
        gone = _gone(changes)
        folders = sorted({path.partition("/")[0] for path in gone if "/" in path})
        missing = [folder for folder in folders if self._is_missing(folder)]
        if len(gone) >= MANY or (missing and len(gone) > 1):
            self._ask(
                self._words_of_missing(gone, missing),
                f"git restore {' '.join(map(quote, folders))}",
            )

    def _is_missing(self, folder: str) -> bool:
        return not inside.listed(self.book.root, folder)

    def _words_of_missing(self, gone: Sequence[str], missing: Sequence[str]) -> str:
        said = f"{len(gone)} files are gone"
        if missing:
            return f"{said}, all that was in {missing[0]}/: is a disk not mounted, or not yet there"
        folders = {path.rpartition("/")[0] for path in gone}
        if any(map(self._has_placeholders, folders)):
            return f"{said}, and a cloud tool keeps placeholders in their place"
        return f"{said}, such as {gone[0]}"

    def _has_placeholders(self, folder: str) -> bool:
        """iCloud keeps `.ada.md.icloud` for a file that it took off the disk."""
        entries = inside.listed(self.book.root, folder)
        return any(entry.name.endswith(".icloud") for entry in entries)

    def _ask(self, said: str, back: str) -> None:
        hint = f"{back} brings them back; plaincrm sync --yes, if it is meant"
        if not self._confirm(said):
            raise PlaincrmError(f"{said}; nothing was committed or sent", hint)

    def committed(self, changes: Sequence[FileChange]) -> tuple[str, Mapping[str, bytes]]:
        """The message for their commit, and the files with the log entries that a new stage
        brings.
        """
        moved = _moved(changes)
        for change in changes:
            if change.path not in moved:
                self._take_in(change)
        told = {file.path: file.new for file in self.editing.files if file.new is not None}
        return subject(f"Hand edits: {in_words(self.book, changes)}"), told

    def publishes(self, paths: Sequence[str], commits: int, where: str) -> None:
        """Told before the first push: what whoever reads the other end can read from now on."""
        kinds = Counter(kind.name if (kind := kind_of(self.book, path)) else "" for path in paths)
        files = [
            counted(kinds[kind.name], kind.name, kind.plural)
            for kind in self.book.schema.kinds.values()
            if kinds[kind.name]
        ]
        files += [counted(kinds[""], "other file")] if kinds[""] else []
        self._tell(
            f"{where} gets for the first time: {', '.join(files)}, and their past,"
            f" {counted(commits, 'commit')}; whoever can read {where} can read them"
        )

    def _take_in(self, change: FileChange) -> None:
        """Stage what follows from one file: the entry of its stage, what the book's rules do."""
        before = record_of(self.book, change.path, change.old)
        after = record_of(self.book, change.path, change.new)
        if after is None or after.damaged or (before is not None and before.damaged):
            return
        with suppress(Refused):  # a stage that does not exist is for `check` to tell
            self.editing.take_in(before, after)


def _moved(changes: Sequence[FileChange]) -> set[str]:
    """The files that are others under a new name, as they were: nothing happened to them."""
    gone = {change.old for change in changes if change.new is None}
    return {change.path for change in changes if change.old is None and change.new in gone}


def kind_of(book: Book, path: str) -> Kind | None:
    """What a file is a record of; None for other files."""
    return book.schema.of_path(path) if is_record(path) else None


def record_of(book: Book, path: str, data: bytes | None) -> Record | None:
    """The record in that version of a file; None for other files and missing ones."""
    if data is None or not is_record(path):
        return None
    text = decode(data, path)[0]
    kind = book.schema.of_path(path, text)
    if kind is None:
        return None
    id = path.rpartition("/")[2].removesuffix(".md")
    return Record.read(kind, id, path, text, book.settings.log_settings)


def in_words(book: Book, changes: Sequence[FileChange]) -> str:
    """`3 deals moved, 2 contacts changed, 1 company new, 2 other files`."""
    paths: dict[tuple[str, str], list[str]] = {}
    for change in changes:
        kind = kind_of(book, change.path)
        key = (kind.name, _what(book, kind, change)) if kind else ("", "changed")
        paths.setdefault(key, []).append(change.path)
    said = [
        _counted(book, kind, what, found)
        for (kind, what), found in sorted(paths.items(), reverse=True)
    ]
    return ", ".join(said)


def _emptied(change: FileChange) -> bool:
    return change.new is not None and not change.new.strip() and bool((change.old or b"").strip())


def _gone(changes: Sequence[FileChange]) -> list[str]:
    """The files that went and were not moved elsewhere as they were."""
    there = {change.new for change in changes if change.old is None}
    return [each.path for each in changes if each.new is None and each.old not in there]


def _what(book: Book, kind: Kind, change: FileChange) -> str:
    if change.old is None or change.new is None:
        return "new" if change.new is not None else "deleted"
    name = HISTORIED.get(kind.name)
    if name is None:
        return "changed"  # only what can move has to be read
    before = record_of(book, change.path, change.old)
    after = record_of(book, change.path, change.new)
    moved = before and after and fold(before.text(name)) != fold(after.text(name))
    return "moved" if moved else "changed"


def _counted(book: Book, kind: str, what: str, paths: Sequence[str]) -> str:
    """So many files; the one that is alone, or gone, by its name."""
    if not kind:
        return paths[0] if len(paths) == 1 else counted(len(paths), "other file")
    if what == "deleted" and len(paths) <= _NAMED:
        ids = ", ".join(path.rpartition("/")[2].removesuffix(".md") for path in paths)
        return f"{counted(len(paths), kind, book.schema.kinds[kind].plural)} deleted: {ids}"
    return f"{counted(len(paths), kind, book.schema.kinds[kind].plural)} {what}"

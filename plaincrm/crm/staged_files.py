"""The files of a change: each as it will be, until all are written in one go and one commit.

A file that was read here and changes before `commit` makes the write fail: nobody's edit is
overwritten (`book.transaction`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from plaincrm.book.git.log import signed
from plaincrm.book.transaction import Transaction, WrittenChange
from plaincrm.core.text.sound import refuse_unsound
from plaincrm.core.text.text_file import decode, encode

if TYPE_CHECKING:
    from plaincrm.book.file_change import Versions
    from plaincrm.book.git.client import Git
    from plaincrm.crm.book_data import BookData


class StagedFiles:
    """Whole files of `book`, staged. `command` is the command's word; undo knows its own commits by
    it.
    """

    def __init__(self, book: BookData, message: str, command: str = "") -> None:
        self.book = book
        self.command = command
        self._transaction = Transaction(
            book.root, book.private, book.git, message, operation=command
        )
        self._seen: dict[str, bytes | None] = {}  # files that were read and are not staged yet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.commit()

    @property
    def files(self) -> tuple[Versions, ...]:
        """The files that differ, sorted by path."""
        return self._transaction.files

    @property
    def written(self) -> WrittenChange:
        """What `commit` did."""
        return self._transaction.written

    def diff(self) -> str:
        """A unified diff of all that is staged."""
        return self._transaction.diff()

    def retitle(self, message: str) -> None:
        """Another commit message than the command's own."""
        self._transaction.message = signed(message, self.command) if self.command else message

    def commit(self, *, no_commit: bool = False) -> WrittenChange:
        """Write everything, in one go, and commit exactly these files.

        Raises Conflict if a file changed since it was read, GitFailed if only the commit failed.
        """
        if no_commit or self.book.settings.commit == "manual":
            self._transaction.git = None
        return self._transaction.commit()

    def text(self, path: str) -> str:
        """The file as it will be: staged, else as it is on disk now. Empty where there is none."""
        data = self.data(path)
        if not self.stages(path):
            self._seen.setdefault(path, data)
        return decode(data or b"", path)[0]

    def data(self, path: str) -> bytes | None:
        """The bytes of the file as it will be; None where there is none."""
        return self._transaction.read(path)

    def stages(self, path: str) -> bool:
        """Whether something is staged for that file."""
        return self._transaction.plans(path)

    def add(self, path: str, text: str) -> None:
        """Stage a new file. Raises Conflict where there is one."""
        self._transaction.add(path, encode(text))

    def write(self, path: str, text: str | None) -> None:
        """Stage the whole text of a file; None deletes it. Raises Refused for text that would break
        the file: not UTF-8, or control characters.
        """
        if text is not None:
            refuse_unsound(self.text(path), text, path)
        self.put(path, None if text is None else encode(text))

    def put(self, path: str, data: bytes | None) -> None:
        """Stage the bytes of a file; None deletes it, or drops it where it was only staged."""
        present = self.data(path)
        seen = self._seen.pop(path, present)
        if data is not None:
            self._transaction.put(path, data, seen)
        elif present is not None:
            self._transaction.delete(path, present if seen is None else seen)

    def expect(self, path: str, data: bytes | None) -> None:
        """The file held `data` (None: there was none) when what is to be staged was made of it."""
        self._seen[path] = data

    def expect_none(self, path: str) -> None:
        """There was no such file, unless it was read here."""
        self._seen.setdefault(path, None)

    @property
    def _git(self) -> Git | None:
        """The git that the change is committed to; None where there is none."""
        return self._transaction.git

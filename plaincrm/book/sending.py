"""What this machine is sending now, in git's private folder: written before, and after, each mail.

The book's own ledger (`.plaincrm/sending`) gets the lines when a run ends, in the commit that logs
the mails. A run that was killed leaves its lines here, and the next one finds them.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from plaincrm.book.atomic import sync_folder, told
from plaincrm.book.private_folder import make_private
from plaincrm.errors import Conflict

_FILE, _LOCK = "sending", "sending.lock"
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


class SendingFile:
    """The lines of runs that have not reached the book's ledger yet."""

    def __init__(self, private: Path) -> None:
        self._private = private
        self._path = private / _FILE

    def read(self) -> str:
        """All lines; empty where there are none."""
        try:
            return self._path.read_text("ascii", "replace")
        except FileNotFoundError:
            return ""

    def append(self, text: str) -> None:
        """Add whole lines; they are on the disk when this returns. Raises PlaincrmError."""
        make_private(self._private)
        with told("write", self._path):
            handle = os.open(self._path, _FLAGS | os.O_APPEND, 0o600)
            try:
                os.write(handle, text.encode("ascii", "replace"))
                os.fsync(handle)
            finally:
                os.close(handle)
        sync_folder(self._private)

    def clear(self) -> None:
        """Forget the lines, once the book's own ledger has them."""
        self._path.unlink(missing_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One sender at a time. Raises Conflict where another one is at work."""
        handle = os.open(make_private(self._private) / _LOCK, _FLAGS, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise Conflict("another plaincrm is sending", "wait until it is done") from None
        finally:
            os.close(handle)

    def trusts(self, words: str, what: str = _FILE) -> bool:
        """Whether the user of this machine said yes to these words of the settings: to sending, or
        to `what` else they start.
        """
        path = self._private / f"{what}.trusted"
        return path.is_file() and path.read_text("ascii", "replace") == _digest(words)

    def trust(self, words: str, what: str = _FILE) -> None:
        """Remember that yes, on this machine only."""
        path = make_private(self._private) / f"{what}.trusted"
        with told("write", path):
            path.write_text(_digest(words), "ascii")


def _digest(words: str) -> str:
    return sha256(words.encode("utf-8", "surrogateescape")).hexdigest()

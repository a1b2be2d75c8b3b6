"""A copy of what was sent, in the Maildir or the mbox that `mail: {copy: …}` names.

The settings travel with the book, so the place is part of the words to which the user of a
machine says yes before it sends (`mailing/post.py`). A Maildir is made where there is none; a file
is added to only if it is an mbox.
"""

from __future__ import annotations

import fcntl
import os
from datetime import datetime
from pathlib import Path

from plaincrm.book import atomic
from plaincrm.book.new_file import write_new
from plaincrm.errors import PlaincrmError, Refused
from plaincrm.interchange.mail.mbox import maildir_name, to_mbox

_DRAFT, _SEEN = ":2,DS", ":2,S"
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC


def place(words: str) -> Path:
    """Where copies go. Raises Refused for a place that depends on where one stands."""
    path = Path(words).expanduser()
    if not path.is_absolute():
        raise Refused(f"mail: {{copy: {words}}} is no whole path", "write it as ~/Mail/Sent")
    return path


def keep(words: str, data: bytes, message_id: str, now: datetime) -> None:
    """Add a mail to the copies, once in a Maildir. Raises PlaincrmError."""
    path = place(words)
    if path.suffix == ".mbox" or path.is_file():
        _append(path, to_mbox([data]))
        return
    name = maildir_name(message_id, now).replace(_DRAFT, _SEEN)
    for part in ("cur", "new", "tmp"):
        atomic.make_folder(path / part)
    digest = name.split(".")[1]
    if any(digest in each.name for each in (path / "cur").iterdir()):
        return
    write_new(path / "tmp" / name, data)
    with atomic.told("write", path / "cur" / name):
        (path / "tmp" / name).rename(path / "cur" / name)


def _append(path: Path, entry: bytes) -> None:
    with atomic.told("write", path):
        handle = os.open(path, _FLAGS, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            begins = os.pread(handle, 5, 0)
            if begins and begins != b"From ":
                raise PlaincrmError(f"{path} is no mbox; nothing was added to it")
            os.write(handle, entry)
            os.fsync(handle)
        finally:
            os.close(handle)

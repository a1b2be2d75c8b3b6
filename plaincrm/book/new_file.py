"""A new file that nobody else may read, never over one that is there: mails and exports outside the
records.
"""

from __future__ import annotations

import os
from pathlib import Path

from plaincrm.book import atomic
from plaincrm.errors import PlaincrmError


def refuse_existing(path: Path) -> None:
    """Raise PlaincrmError where `path` is taken."""
    if path.exists() or path.is_symlink():
        said = f"{path} is there already; nothing was overwritten"
        raise PlaincrmError(said, "name another file, or delete that one")


def write_new(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet, for its owner only, and durably. Raises
    PlaincrmError.
    """
    refuse_existing(path)
    with atomic.told("write", path):
        atomic.make_folder(path.absolute().parent)
        handle = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
        )
        with atomic.gone_on_error(path), open(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    atomic.sync_folder(path.absolute().parent)

"""Reading and replacing one file: whole or not at all, on the disk for good, never over somebody's
save.

A new version is staged in a hidden file beside its target (`.plaincrm-*.tmp`), fsynced, and renamed
over it after a last look that the target still holds what was read. A failed fsync is never tried
again on the same file: the kernel may have dropped the pages and would call the second attempt a
success.
"""

# ruff: noqa: PTH102, PTH104, PTH105, PTH108 (each system call is named as it is; tests fail
# them one by one)
from __future__ import annotations

import errno
import os
import shlex
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from plaincrm.errors import Conflict, Overtaken, PlaincrmError, Refused

_BLOCK = 1 << 16
_REASONS = {
    errno.ENOSPC: "no space left on the disk",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the file system is read-only",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EIO: "the disk reports an error",
}
_ROOM = "make room there, then run the command again: df -h {}"
_RIGHTS = "see who may write there: ls -ld {}"
# O_NONBLOCK, or opening a FIFO would wait for a writer for ever.
_LOOK = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CHUNK = 1 << 16
LARGEST = 64 << 20  # bytes: a mail with all the attachments that any server takes is smaller
ANY_SIZE = sys.maxsize  # for what plaincrm wrote itself: exports, backups
_GROWTH = 16 << 20  # bytes that somebody may add to a file while it is read
_HINTS = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EROFS: "have it mounted for writing, then run the command again: df {}",
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EFBIG: "keep it outside of the book: ls -l {}",
    errno.EIO: "save what is there elsewhere first, then see what the system says: dmesg",
}


def read(path: Path | str, *, settle: bool = False, largest: int = LARGEST) -> bytes:
    """The bytes of a regular file; a symbolic link is refused (OSError, ELOOP), and so is one with
    more than `largest` bytes (OSError, EFBIG).

    `settle` waits up to 50 ms for an empty file to fill: many editors truncate before they write.
    """
    data = _read_once(path, largest)
    for _ in range(5 if settle else 0):
        if data:
            break
        time.sleep(0.01)
        data = _read_once(path, largest)
    return data


def present(path: Path, *, largest: int = LARGEST) -> bytes | None:
    """The bytes of `path`, None where there is no such file. Raises PlaincrmError for anything
    else.
    """
    with told("read", path):
        try:
            return read(path, settle=True, largest=largest)
        except (FileNotFoundError, NotADirectoryError):
            return None


def replace(path: Path, data: bytes | Iterable[bytes], expected: bytes | None) -> None:
    """Puts `data`, whole or in pieces, at `path`, atomically and durably, where that holds
    `expected` (None: is not).

    Keeps the file's mode. Raises Conflict if the file changed or exists, PlaincrmError if the disk
    refuses; then no temporary file is left and the old content stands (unless only the folder's
    sync failed).
    """
    staged = stage(path, data)
    with gone_on_error(staged):
        swap_in(staged, path, expected)
    sync_folder(path.parent)


def remove(path: Path, expected: bytes) -> None:
    """Deletes the file at `path` if it holds `expected`. Raises Conflict, PlaincrmError."""
    unlink(path, expected)
    sync_folder(path.parent)


def stage(
    path: Path, data: bytes | Iterable[bytes], *, durable: bool = True, private: bool = False
) -> Path:
    """Writes `data`, whole or in pieces, to a hidden file beside `path` with the mode that `path`
    has or would get; `private`: that nobody else may read, from its first byte on.

    It is fsynced, unless not `durable`: then `disk.sync_all` has to be called before it is renamed.
    """
    with told("write", path):
        folder = path.parent
        make_folder(folder, durable=durable)
        mode = 0o600 if private else _mode(path)
        staged = folder / f".plaincrm-{os.getpid()}-{os.urandom(4).hex()}.tmp"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(staged, flags, 0o666 if mode is None else 0o600)
        with gone_on_error(staged):
            wanted = None if private else mode  # it has that mode already
            _fill(handle, [data] if isinstance(data, bytes) else data, wanted, durable)
    return staged


@contextmanager
def gone_on_error(path: Path) -> Iterator[None]:
    """Takes a file away that is not yet what it shall be, if the block does not come to its end."""
    try:
        yield
    except BaseException:  # Ctrl-C too: nothing half done stays behind
        discard(path)
        raise


def swap_in(staged: Path, path: Path, expected: bytes | None) -> None:
    """Renames `staged` to `path` if that still holds `expected`. The folder is not yet synced."""
    with told("write", path):
        confirm(path, expected)
        if expected is None:
            _link(staged, path)
        else:
            os.replace(staged, path)


def unlink(path: Path, expected: bytes) -> None:
    """Deletes the file if it still holds `expected`. The folder is not yet synced."""
    with told("delete", path):
        confirm(path, expected)
        os.unlink(path)


def confirm(path: Path | str, expected: bytes | None) -> None:
    """Raises Conflict unless `path` holds `expected` (None: does not exist)."""
    if expected is None and not os.path.lexists(path):
        return
    found = present(Path(path), largest=max(LARGEST, len(expected or b"")))
    if found == expected:
        return
    if expected is None:
        raise Conflict(f"{path} exists already; nothing was overwritten", "run the command again")
    what = "was deleted" if found is None else "was changed"
    raise Overtaken(f"{path} {what} by somebody else in the meantime", "run the command again")


def make_folder(folder: Path, *, durable: bool = True) -> None:
    """Makes a folder and its parents, each (if `durable`) on the disk before anything is put into
    it.
    """
    if folder.is_dir():
        return
    make_folder(folder.parent, durable=durable)
    with suppress(FileExistsError):
        os.mkdir(folder)
    if durable:
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Makes renames in `folder` durable. File systems that can't sync a folder are taken as they
    are.
    """
    with told("write", folder):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(handle)


def sweep(folder: Path) -> None:
    """Removes what a killed command staged in `folder`. Call it under the lock only."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".plaincrm-") and entry.name.endswith(".tmp"):
                discard(Path(entry.path))


def discard(staged: Path) -> None:
    """Removes a staged file, if it is still there."""
    with suppress(OSError):
        os.unlink(staged)


@contextmanager
def told(verb: str, path: Path) -> Iterator[None]:
    """Turns an OSError into one clear sentence, `can't write contacts/x.md: no space left on the
    disk`, and what to do then."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Refused(f"{path} is a symbolic link; plaincrm follows none") from error
        reason = _REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()
        hint = _HINTS.get(error.errno or 0, "").format(shlex.quote(str(path.parent)))
        raise PlaincrmError(f"can't {verb} {path}: {reason}", hint) from error


def _read_once(path: Path | str, largest: int) -> bytes:
    """The whole file in five system calls: a first index reads a hundred thousand of them."""
    handle = os.open(path, _LOOK)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        if status.st_size > largest:
            raise OSError(errno.EFBIG, f"it is larger than {largest >> 20} megabytes")
        data = os.read(handle, status.st_size + 1)
        while more := os.read(handle, _CHUNK):
            data += more
            if len(data) > status.st_size + _GROWTH:
                raise OSError(errno.EFBIG, "it grows while it is read")
        return data
    finally:
        os.close(handle)


def _fill(handle: int, pieces: Iterable[bytes], mode: int | None, durable: bool) -> None:
    try:
        for piece in _blocks(pieces):
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(handle, rest) :]
        if mode is not None:
            os.fchmod(handle, mode)
        if durable:
            os.fsync(handle)
    finally:
        os.close(handle)


def _blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces, small ones joined."""
    block = bytearray()
    for piece in pieces:
        block += piece
        if len(block) >= _BLOCK:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


def _mode(path: Path) -> int | None:
    try:
        return stat.S_IMODE(os.lstat(path).st_mode)
    except FileNotFoundError:
        return None


def _link(staged: Path, path: Path) -> None:
    """Gives a new file its name; unlike a rename, a link can't run over a file that just
    appeared.
    """
    try:
        os.link(staged, path, follow_symlinks=False)
    except FileExistsError:
        raise Conflict(
            f"{path} exists already; nothing was overwritten", "run the command again"
        ) from None
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
            raise
        os.rename(staged, path)  # exFAT, some network drives: no hard links
    else:
        discard(staged)

"""The cache: what was read of the records of one kind, in one file of the private folder, per kind.

It is disposable. Whatever is wrong with it (missing, cut, altered, of another version, not ours)
means that it is not there, without a word; nothing is written where nothing can be written. The
file is

    magic · length of the stamp, length and checksum of the contents · stamp · contents · blobs

where the stamp is text that must be equal to what the reader expects, the contents are a marshalled
table of the blobs (offset, length, checksum), and each blob, a marshalled column, is read and
checked when it is needed.

A record counts as unchanged while the times, size and inode of its file are those that the cache
has. A file that changed within one tick of the clock before it was read may have changed again
since, unseen; so each cache notes when its scan began, by the time stamp of its own file, made
before the scan, and whoever reads it reads anew what had changed so shortly before: git's racy
rule, with no look at any clock.
"""

from __future__ import annotations

import marshal
import os
import struct
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from plaincrm.book.private_folder import make_private
from plaincrm.core.value_class import value
from plaincrm.errors import PlaincrmError

MAGIC = b"plaincrm cache 2\n"
_HEAD = struct.Struct("<III")
_FIRST = 1 << 16  # bytes of the first read, which nearly always takes in stamp and contents
_DEFECTS = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    struct.error,
    MemoryError,
    RecursionError,
)


class CacheFile:
    """A cache file that is whole as far as it was looked at. `since`: when its scan began, in
    nanoseconds; `folder` and `count`: where the records lay, and how many there were."""

    def __init__(self, handle: int, stamp: bytes, start: int, contents: Mapping[str, Any]) -> None:
        self.stamp = stamp
        self.since: int = contents["since"]
        self.folder: str = contents["folder"]
        self.count: int = contents["count"]
        self._blobs: Mapping[str, tuple[int, int, int]] = contents["blobs"]
        self._handle = handle
        self._start = start

    @property
    def state(self) -> str:
        """What tells this file from any other that lay or will lie in its place."""
        found = os.fstat(self._handle)
        return f"{self.since} {found.st_ino} {found.st_mtime_ns} {found.st_size}"

    def __del__(self) -> None:
        with suppress(OSError):
            os.close(self._handle)

    def read(self, name: str) -> Any:
        """The blob of that name; None if it is not there or not whole."""
        try:
            offset, length, checksum = self._blobs[name]
            data = os.pread(self._handle, length, self._start + offset)
            if len(data) != length or zlib.crc32(data) != checksum:
                return None
            return marshal.loads(data)
        except _DEFECTS:
            return None


def find(private: Path, kind: str, stamp: str) -> CacheFile | None:
    """The cache of a kind, if there is one for just this `stamp`."""
    return opened(private, kind, mark(stamp).__eq__)


def kinds(private: Path) -> list[str]:
    """The kinds that there may be a cache of."""
    try:
        return sorted(path.name for path in (private / "cache").iterdir() if not path.suffix)
    except OSError:
        return []


def size(private: Path, kind: str) -> int:
    """Bytes of the cache of a kind, 0 where there is none."""
    try:
        return _path(private, kind).stat().st_size
    except OSError:
        return 0


def clear(private: Path) -> None:
    """Take every cache file away, for what they hold of somebody who was forgotten."""
    with suppress(OSError):
        for path in (private / "cache").iterdir():
            path.unlink(missing_ok=True)


def mark(stamp: str) -> bytes:
    """A stamp as it stands in the file."""
    return stamp.encode("utf-8", "surrogateescape")


def belonging(root: Path) -> str:
    """How each stamp of the book in the folder `root` begins, and of no other: not of a copy of it
    either.
    """
    found = root.stat()
    return f"{found.st_dev} {found.st_ino}\n"


def opened(private: Path, kind: str, fits: Callable[[bytes], object]) -> CacheFile | None:
    """The cache of a kind, if its stamp fits; else nothing of it is unpacked."""
    handle = -1
    try:
        handle = os.open(_path(private, kind), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        if os.name == "posix" and os.fstat(handle).st_uid != os.geteuid():
            raise ValueError("another user's")
        return _read(handle, fits)
    except _DEFECTS:
        if handle >= 0:
            os.close(handle)
        return None


def _read(handle: int, fits: Callable[[bytes], object]) -> CacheFile:
    data = os.pread(handle, _FIRST, 0)
    head = len(MAGIC) + _HEAD.size
    size, length, checksum = _HEAD.unpack_from(data, len(MAGIC))
    start = head + size + length
    if len(data) < start:
        data = os.pread(handle, start, 0)
    contents = data[head + size : start]
    stamp = data[head : head + size]
    if data[: len(MAGIC)] != MAGIC or not fits(stamp) or zlib.crc32(contents) != checksum:
        raise ValueError("not ours")
    return CacheFile(handle, stamp, start, marshal.loads(contents))


@value
class CacheDraft:
    """A cache file to be; `since` is the time stamp that it would have had, had it been written
    when it was begun.

    Until it is written nothing of it lies on the disk: reading many files takes long enough to be
    interrupted.
    """

    path: Path
    since: int

    def write(
        self, stamp: str, columns: Mapping[str, Any], folder: str = "", count: int = 0
    ) -> None:
        """Fill the file and put it in place of the old one, in one go."""
        blobs, offset = {}, 0
        parts = {name: marshal.dumps(column) for name, column in columns.items()}
        for name, data in parts.items():
            blobs[name] = (offset, len(data), zlib.crc32(data))
            offset += len(data)
        contents = marshal.dumps(
            {"since": self.since, "blobs": blobs, "folder": folder, "count": count}
        )
        start = mark(stamp)
        head = (
            MAGIC + _HEAD.pack(len(start), len(contents), zlib.crc32(contents)) + start + contents
        )
        with suppress(OSError):
            try:
                with os.fdopen(_made(self.path), "wb") as file:
                    file.write(head)
                    file.writelines(parts.values())
                self.path.replace(self.path.with_suffix(""))
            finally:
                self.path.unlink(missing_ok=True)


def begin(private: Path, kind: str) -> CacheDraft | None:
    """A new cache file, to be made before the scan whose results it will hold; None where none can
    be made.
    """
    path = _path(private, kind)
    path = path.with_name(f"{path.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        make_private(path.parent)
        handle = _made(path)
        try:
            return CacheDraft(path, os.fstat(handle).st_mtime_ns)
        finally:
            os.close(handle)
            path.unlink()
    except (OSError, PlaincrmError):
        return None


def _made(path: Path) -> int:
    """A new file, open for writing."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _path(private: Path, kind: str) -> Path:
    return private / "cache" / kind

"""Byte strings put aside: the first million bytes of them in memory, many in a file that has no
name.
"""

from __future__ import annotations

import io
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import IO

IN_MEMORY = 1 << 20


class Spool:
    """A list of byte strings that only grows, and takes 8 bytes of memory for each once it is
    large.

    The file lies in `folder`, where only its owner may look, and is gone when the process is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] = io.BytesIO()
        self._starts = array("Q", [0])
        self._at_end = True

    def __del__(self) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._starts) - 1

    def keep(self, data: bytes) -> int:
        """Puts `data` on the spool; by that number it is found again. Raises OSError where there is
        no room.
        """
        end = self._starts[-1]
        if end <= IN_MEMORY < end + len(data):
            self._file = self._moved(self._file)
        if not self._at_end:
            self._file.seek(end)
            self._at_end = True
        self._file.write(data)
        self._starts.append(end + len(data))
        return len(self) - 1

    def __getitem__(self, number: int) -> bytes:
        start, end = self._starts[number], self._starts[number + 1]
        self._file.seek(start)
        self._at_end = False
        return self._file.read(end - start)

    def _moved(self, old: IO[bytes]) -> IO[bytes]:
        from tempfile import TemporaryFile

        new = TemporaryFile(dir=self._folder if self._folder.is_dir() else None)  # noqa: SIM115, as it lives as long
        old.seek(0)
        new.write(old.read())
        self._at_end = True
        return new


@dataclass(frozen=True, slots=True)
class SpooledFile:
    """The versions of a file, on a spool; -1 is no file."""

    path: str
    spool: Spool
    was: int
    now: int
    differs: bool

    @property
    def old(self) -> bytes | None:
        return None if self.was < 0 else self.spool[self.was]

    @property
    def new(self) -> bytes | None:
        return None if self.now < 0 else self.spool[self.now]

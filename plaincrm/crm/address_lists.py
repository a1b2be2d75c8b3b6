"""The book's lists of addresses, as hashes: who takes no bulk mail, who was forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plaincrm.book.source import Source
from plaincrm.core.records.file_names import ERASED, SUPPRESSED

_PATHS = {"suppressed": SUPPRESSED, "erased": ERASED}


class AddressLists(Mapping[str, frozenset[str]]):
    """The lists by name, each read when it is first asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._read: dict[str, frozenset[str]] = {}

    def __getitem__(self, name: str) -> frozenset[str]:
        if name not in self._read:
            data = self._source.file(_PATHS[name]) or b""
            self._read[name] = frozenset(data.decode("ascii", "replace").split())
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_PATHS)

    def __len__(self) -> int:
        return len(_PATHS)

"""The book's lists of addresses, as hashes: who takes no bulk mail, who was forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plaincrm.book.source import Source

SUPPRESSED = ".plaincrm/suppressed"
NAMES = ("suppressed", "erased")


class AddressLists(Mapping[str, frozenset[str]]):
    """The lists by name, each read when it is first asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._read: dict[str, frozenset[str]] = {}

    def __getitem__(self, name: str) -> frozenset[str]:
        if name not in self._read:
            data = self._source.file(_path(name)) or b""
            self._read[name] = frozenset(data.decode("ascii", "replace").split())
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


def _path(name: str) -> str:
    """Where a list lies. Raises KeyError."""
    from plaincrm.core.merge.erasure import PATH  # a warm command asks for no list

    return {"suppressed": SUPPRESSED, "erased": PATH}[name]

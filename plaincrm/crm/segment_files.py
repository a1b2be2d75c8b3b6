"""The book's segments, each file read when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from plaincrm.book.source import Source
from plaincrm.core.text.text_file import decode
from plaincrm.errors import NotFound, Problem, did_you_mean

if TYPE_CHECKING:
    from plaincrm.core.query import Segment

FOLDER = "segments"


class Segments(Mapping[str, "Segment"]):
    """`segments/*.yaml` by name."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: dict[str, tuple[Problem, ...]] = {}
        self._read: dict[str, Segment] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(self.source.names(FOLDER, ".yaml"))

    def __getitem__(self, name: str) -> Segment:
        if name not in self.names:
            raise KeyError(name)
        if name not in self._read:
            path = path_of(name)
            text, problems = decode(self.source.file(path) or b"", path)
            from plaincrm.marketing.segments import parse

            found = parse(name, text, path)
            self._read[name] = found.segment
            self.problems[name] = (*problems, *found.problems)
        return self._read[name]

    def replace(self, segment: Segment) -> None:
        """Let a segment stand for the one of its name, whatever the file says."""
        self._read[segment.name] = segment
        self.problems.setdefault(segment.name, ())
        if segment.name not in self.names:
            self.names = (*self.names, segment.name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def named(self, name: str) -> Segment:
        """The segment of that name, with or without `@`. Raises NotFound."""
        name = name.removeprefix("@")
        if name not in self:
            raise NotFound(
                f'no segment "{name}"', did_you_mean(name, self) or "plaincrm segment list"
            )
        return self[name]


def path_of(name: str) -> str:
    return f"{FOLDER}/{name}.yaml"

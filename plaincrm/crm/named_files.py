"""What a book has by name besides its records: segments, sequences, lists of addresses.

Each is a mapping whose files are read when somebody first asks for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from plaincrm.book.source import Source
from plaincrm.core.records.file_names import ERASED, SUPPRESSED
from plaincrm.core.text.text_file import decode
from plaincrm.errors import NotFound, Problem, did_you_mean

if TYPE_CHECKING:
    from plaincrm.core.records.segment import Segment
    from plaincrm.marketing.sequence_file import Sequence

SEGMENTS = "segments"
SEQUENCES = "sequences"
SHIPPED = "templates/sequences"
_LISTS = {"suppressed": SUPPRESSED, "erased": ERASED}


class Segments(Mapping[str, "Segment"]):
    """`segments/*.yaml` by name."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: dict[str, tuple[Problem, ...]] = {}
        self._read: dict[str, Segment] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(self.source.names(SEGMENTS, ".yaml"))

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
    return f"{SEGMENTS}/{name}.yaml"


class Sequences(Mapping[str, "Sequence"]):
    """Sequences by name: `onboarding.yaml`, and `onboarding.de.yaml` where the book's language is
    German. An own file of a name stands for every shipped one of that name.

    `drafts` gives the hashes of the mails that wait in the outbox.
    """

    def __init__(
        self,
        source: Source,
        language: str = "",
        drafts: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self.source = source
        self._drafts = drafts
        self._language = language.partition("-")[0].casefold()
        self._read: dict[str, Sequence] = {}

    @cached_property
    def waiting(self) -> frozenset[str]:
        """The hashes of the mails that wait in the outbox: their steps are not due again."""
        return self._drafts()

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The stems of the book's own files."""
        return tuple(self.source.names(SEQUENCES, ".yaml"))

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """The file of each sequence, in the book or among those shipped."""
        from plaincrm.book.shipped import shipped

        stems = sorted(file.stem for file in shipped(SHIPPED).glob("*.yaml"))
        found = {name: f"{SHIPPED}/{stem}.yaml" for name, stem in self._chosen(stems).items()}
        own = {name: f"{SEQUENCES}/{stem}.yaml" for name, stem in self._chosen(self.own).items()}
        return dict(sorted((found | own).items()))

    def _chosen(self, stems: tuple[str, ...] | list[str]) -> dict[str, str]:
        """The stem to read of each name: the form in the book's language, else the plain one."""
        found: dict[str, str] = {}
        for stem in stems:
            name, dot, language = stem.rpartition(".")
            if not dot:
                found.setdefault(stem, stem)
            elif language == self._language or name not in found:
                found[name] = stem
        return found

    def __getitem__(self, name: str) -> Sequence:
        path = self.paths[name]
        if name not in self._read:
            from plaincrm.marketing.sequence_file import parse

            text, problems = self._text(path)
            found = parse(name, text, path)
            self._read[name] = found if not problems else _with(found, problems)
        return self._read[name]

    def _text(self, path: str) -> tuple[str, tuple[Problem, ...]]:
        if path.startswith(f"{SHIPPED}/"):
            from plaincrm.book.atomic import read
            from plaincrm.book.shipped import shipped

            text, problems = decode(read(shipped(SHIPPED) / path.rpartition("/")[2]), path)
        else:
            text, problems = decode(self.source.file(path) or b"", path)
        return text, tuple(problems)

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)

    def is_own(self, name: str) -> bool:
        """Whether the sequence is a file of the book."""
        return self.paths[name].startswith(f"{SEQUENCES}/")

    def named(self, name: str) -> Sequence:
        """The sequence of that name. Raises NotFound."""
        if name not in self:
            hint = did_you_mean(name, self) or "plaincrm sequence list shows them"
            raise NotFound(f'no sequence "{name}"', hint)
        return self[name]


def _with(sequence: Sequence, problems: tuple[Problem, ...]) -> Sequence:
    from plaincrm.core.value_class import changed

    return changed(sequence, problems=(*problems, *sequence.problems))


class AddressLists(Mapping[str, frozenset[str]]):
    """The lists by name, each read when it is first asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._read: dict[str, frozenset[str]] = {}

    def __getitem__(self, name: str) -> frozenset[str]:
        if name not in self._read:
            data = self._source.file(_LISTS[name]) or b""
            self._read[name] = frozenset(data.decode("ascii", "replace").split())
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_LISTS)

    def __len__(self) -> int:
        return len(_LISTS)

"""The sequences at hand: the book's `sequences/` over those shipped, each read when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from plaincrm.book.source import Source
from plaincrm.errors import NotFound, Problem, did_you_mean

if TYPE_CHECKING:
    from plaincrm.marketing.sequence_file import Sequence

FOLDER = "sequences"
SHIPPED = "templates/sequences"


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
        return tuple(self.source.names(FOLDER, ".yaml"))

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """The file of each sequence, in the book or among those shipped."""
        from plaincrm.book.shipped import shipped

        stems = sorted(file.stem for file in shipped(SHIPPED).glob("*.yaml"))
        found = {name: f"{SHIPPED}/{stem}.yaml" for name, stem in self._chosen(stems).items()}
        own = {name: f"{FOLDER}/{stem}.yaml" for name, stem in self._chosen(self.own).items()}
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
        from plaincrm.core.text.text_file import decode

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
        return self.paths[name].startswith(f"{FOLDER}/")

    def named(self, name: str) -> Sequence:
        """The sequence of that name. Raises NotFound."""
        if name not in self:
            hint = did_you_mean(name, self) or "plaincrm sequence list shows them"
            raise NotFound(f'no sequence "{name}"', hint)
        return self[name]


def _with(sequence: Sequence, problems: tuple[Problem, ...]) -> Sequence:
    from plaincrm.core.value_class import changed

    return changed(sequence, problems=(*problems, *sequence.problems))

"""The drafts of an import, put aside: a file may have more rows than memory has room for."""

from __future__ import annotations

import marshal
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plaincrm.book.pile import Pile
from plaincrm.core.raw import Raw
from plaincrm.crm.importing.index import Target
from plaincrm.crm.importing.sheet import Item
from plaincrm.interchange.csv.draft import Draft, LinkHint


@dataclass(frozen=True, slots=True)
class Job:
    """A draft that is to go to a record: with its fields as this book has them, from the `sheet`-th file.

    `main`: it is the row's own, not one that stands beside it.
    """

    sheet: int
    draft: Draft
    fields: dict[str, Raw]
    main: bool


class Drafts:
    """Jobs in the order of their rows, each with its record; what they say is on a pile."""

    def __init__(self, folder: Path) -> None:
        self._pile = Pile(folder)
        self._targets: list[Target] = []

    def add(self, job: Job, target: Target) -> int:
        self._targets.append(target)
        return self._pile.keep(pickle.dumps((job.sheet, job.draft, job.fields, job.main), pickle.HIGHEST_PROTOCOL))

    def __getitem__(self, number: int) -> Job:
        return Job(*pickle.loads(self._pile[number]))

    def __iter__(self) -> Iterator[tuple[Job, Target]]:
        return ((self[number], target) for number, target in enumerate(self._targets))


class Items:
    """What goes to logs: rows of activities, meetings, mails, typed lines; each with the number of its file."""

    def __init__(self, folder: Path) -> None:
        self._pile = Pile(folder)

    def add(self, sheet: int, item: Item) -> None:
        self._pile.keep(pickle.dumps((sheet, item), pickle.HIGHEST_PROTOCOL))

    def __iter__(self) -> Iterator[tuple[int, Item]]:
        return (pickle.loads(self._pile[number]) for number in range(len(self._pile)))


def _packed(job: Job) -> bytes:
    """By `marshal`, which takes a quarter of the time of `pickle`, but knows plain values only."""
    draft, fields = job.draft, dict(job.fields)
    links = {name: [_told(hint) for hint in hints] for name, hints in draft.links.items()}
    beside = pickle.dumps(draft.beside) if draft.beside else b""
    told = (draft.kind, draft.line, draft.key, draft.key_field, fields, draft.body, draft.outcome, draft.cells)
    return marshal.dumps((job.sheet, job.main, links, beside, told))


def _unpacked(data: bytes) -> Job:
    sheet, main, links, beside, (kind, line, key, key_field, fields, body, outcome, cells) = marshal.loads(data)
    hints = {name: tuple(_hint(*told) for told in each) for name, each in links.items()}
    others = pickle.loads(beside) if beside else ()  # written by `_packed`, where nobody else can write
    return Job(sheet, Draft(kind, line, key, key_field, fields, hints, body, outcome, others, cells), fields, main)


def _told(hint: LinkHint) -> tuple[object, ...]:
    return hint.kind, hint.by, hint.value, [_told(other) for other in hint.others]


def _hint(kind: str, by: str, value: str, others: list[tuple[str, str, str, list[Any]]]) -> LinkHint:
    return LinkHint(kind, by, value, tuple(_hint(*other) for other in others))

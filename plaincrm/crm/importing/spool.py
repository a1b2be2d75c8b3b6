"""The drafts of an import, put aside: a file may have more rows than memory has room for."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plaincrm.book.spool import Spool
from plaincrm.core.values.raw import Raw
from plaincrm.crm.importing.identity_map import KnownRecord
from plaincrm.crm.importing.source import Item
from plaincrm.interchange.csv.draft import Draft


@dataclass(frozen=True, slots=True)
class Job:
    """A draft that is to go to a record: with its fields as this book has them, from the `sheet`-th
    file.

    `main`: it is the row's own, not one that stands beside it.
    """

    sheet: int
    draft: Draft
    fields: dict[str, Raw]
    main: bool


class Drafts:
    """Jobs in the order of their rows, each with its record; what they say is on a pile."""

    def __init__(self, folder: Path) -> None:
        self._spool = Spool(folder)
        self._targets: list[KnownRecord] = []

    def add(self, job: Job, target: KnownRecord) -> int:
        self._targets.append(target)
        return self._spool.keep(
            pickle.dumps((job.sheet, job.draft, job.fields, job.main), pickle.HIGHEST_PROTOCOL)
        )

    def __getitem__(self, number: int) -> Job:
        return Job(*pickle.loads(self._spool[number]))

    def fields(self, number: int) -> dict[str, Raw]:
        """What the draft of that number says of its record."""
        return self[number].fields

    def __iter__(self) -> Iterator[tuple[Job, KnownRecord]]:
        return ((self[number], target) for number, target in enumerate(self._targets))


class LogItems:
    """What goes to logs: rows of activities, meetings, mails, typed lines; each with the number of
    its file.
    """

    def __init__(self, folder: Path) -> None:
        self._spool = Spool(folder)

    def add(self, sheet: int, item: Item) -> None:
        self._spool.keep(pickle.dumps((sheet, item), pickle.HIGHEST_PROTOCOL))

    def __iter__(self) -> Iterator[tuple[int, Item]]:
        return (pickle.loads(self._spool[number]) for number in range(len(self._spool)))

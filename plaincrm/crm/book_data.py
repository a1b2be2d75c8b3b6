"""What a change, a reference and a letter know of their book: where it lies, its settings, its
records and the moment that counts as now.

`Book` is one. Who takes a `BookData` can't open a change or ask a query by its words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from plaincrm.book.git.client import Git
    from plaincrm.book.source import Source
    from plaincrm.core.records.facts import Context
    from plaincrm.core.records.store import Store
    from plaincrm.core.schema.kinds import Schema
    from plaincrm.core.schema.settings import Settings
    from plaincrm.crm.reference_match import Choose


class BookData(Protocol):
    """The parts of a book. `private` is the folder for what belongs to this machine only; `choose`
    asks which record a word means, where there is somebody to ask.
    """

    root: Path
    choose: Choose | None

    @property
    def private(self) -> Path: ...
    @property
    def git(self) -> Git | None: ...
    @property
    def source(self) -> Source: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def schema(self) -> Schema: ...
    @property
    def store(self) -> Store: ...
    @property
    def context(self) -> Context: ...
    @property
    def now(self) -> datetime: ...

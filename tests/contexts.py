"""Small books made of text, for the tests of the rooms that compute."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.store import Store
from plaincrm.core.schema import settings_file
from plaincrm.core.schema.settings import Settings
from plaincrm.crm.facts import all_facts
from plaincrm.crm.settings_sections import NAMES

TODAY = "2026-11-21"


def context(files: dict[str, str], today: str = TODAY, settings: str | Settings = "") -> Context:
    """The context of a book with `files` (path to text; front matter without fences will do) on
    `today`.
    """
    if isinstance(settings, str):
        settings = settings_file.parse(settings, pillars=NAMES)
        assert not settings.problems, settings.problems
    schema = settings.schema
    records = [record(path, text, settings) for path, text in sorted(files.items())]
    store = Store(schema, lambda kind: [each for each in records if each.kind.name == kind])
    return Context(store, settings, datetime.fromisoformat(today), all_facts())


def record(path: str, text: str, settings: Settings) -> Record:
    kind = settings.schema.of_path(path)
    assert kind is not None, path
    whole = text if text.startswith("---") else f"---\n{text.strip()}\n---\n"
    return Record.read(kind, PurePosixPath(path).stem, path, whole, settings.log_settings)


def deal(text: str, today: str = TODAY, settings: str = "") -> tuple[Record, Context]:
    """One deal, alone in its book."""
    return only("deals/website.md", text, today, settings)


def only(path: str, text: str, today: str = TODAY, settings: str = "") -> tuple[Record, Context]:
    """One record, alone in its book."""
    here = context({path: text}, today, settings)
    return next(iter(here.store.all())), here

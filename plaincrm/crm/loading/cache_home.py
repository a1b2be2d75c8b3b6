"""Where the caches of a book lie, and what they rest on besides the files."""

# ruff: noqa: PTH116 (text: it is asked in every command)
from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plaincrm import __version__
from plaincrm.book.config import SETTINGS
from plaincrm.book.index import cache
from plaincrm.core.value_class import value

if TYPE_CHECKING:
    from plaincrm.core.records.shared_facts import Found

# The folders of all code that reads a record or computes a fact.
CODE = (
    "core",
    "core/merge",
    "core/query",
    "core/records",
    "core/schema",
    "core/text",
    "core/timeline",
    "core/values",
    "core/yaml",
    "crm",
    "crm/loading",
    "crm/reminders",
    "marketing",
    "marketing/templates",
    "sales",
    "support",
)


@value
class CacheHome:
    """The book in the folder `root`, its private folder, and the text of its settings."""

    root: Path
    private: Path
    settings_text: str

    def stamp(self, *more: object) -> str:
        """All that what is cached rests on: the program, the settings, and `more`."""
        return cache.belonging(self.root) + repr((program(), *more, self.settings_text))

    def find(self, name: str, stamp: str) -> Found | None:
        """A shared fact of that stamp (see `core/records/shared_facts`), if it is kept whole."""
        kept = cache.find(self.private, _file(name), self.stamp(stamp))
        found: Found | None = kept.read("values") if kept is not None else None
        return found

    def write(self, name: str, stamp: str, found: Found) -> None:
        """Keep a shared fact; nothing is written where nothing can be written."""
        draft = cache.begin(self.private, _file(name))
        if draft is not None:
            draft.write(self.stamp(stamp), {"values": found})


def kept_mapping(home: CacheHome | None, text: str) -> Any:
    """The settings file as the YAML parser reads it, which is slow to load; None where it has
    problems. Without a home it is read anew.
    """
    stamp = repr((*program(), text))
    kept = cache.find(home.private, SETTINGS, stamp) if home is not None else None
    if kept is not None and (found := kept.read("mapping")) is not None:
        return found
    from plaincrm.core.yaml.front_matter import read_mapping

    mapping = read_mapping(text)
    if mapping.problems:
        return None
    draft = cache.begin(home.private, SETTINGS) if home is not None and text else None
    if draft is not None:
        draft.write(stamp, {"mapping": (mapping.fields, mapping.positions)})
    return mapping.fields, mapping.positions


@lru_cache(maxsize=1)
def program() -> tuple[object, ...]:
    """The program that made a cache: its version, its Python, and when each of `CODE` last changed.

    A checkout that is pulled keeps its version while what a fact computes changes; git and pip
    both replace a file by another one, which changes the folder's time.
    """
    package = f"{Path(__file__).parents[2]}{os.sep}"
    changed = tuple([os.stat(package + folder).st_mtime_ns for folder in CODE])
    return __version__, sys.implementation.cache_tag, changed


def _file(name: str) -> str:
    return f"{name}.fact"

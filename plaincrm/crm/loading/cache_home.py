"""Where the caches of a book lie, and what they rest on besides the files."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from plaincrm import __version__
from plaincrm.book.config import SETTINGS
from plaincrm.book.index import cache
from plaincrm.core.records.shared_facts import Found
from plaincrm.core.value_class import value


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
    """The program that made a cache: its version, its Python, and when the rooms that facts come
    from last changed, for a checkout that is pulled keeps its version while what a fact computes
    changes.
    """
    package = Path(__file__).parents[2]
    rooms = tuple(
        (package / room).stat().st_mtime_ns for room in ("core", "sales", "support", "crm")
    )
    return __version__, sys.implementation.cache_tag, rooms


def _file(name: str) -> str:
    return f"{name}.fact"

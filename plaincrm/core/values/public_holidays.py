"""Public holidays of a country or of one of its regions.

The only home of the library `holidays`. Importing it takes as long as a command does, so it is
loaded when the first holiday is asked for, and not before.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from plaincrm.core.text.pattern import pattern

_COUNTRIES = "holidays.countries"
_PLACE = pattern(r"([A-Z]{2})(?:-([A-Za-z0-9]{1,6}))?")


def is_place(text: str) -> bool:
    """Whether `text` reads as a country or a country and region: `DE`, `DE-BE`, `US-CA`."""
    return _PLACE.fullmatch(text) is not None


@lru_cache(maxsize=256)
def public_holidays(place: str, year: int) -> frozenset[date]:
    """The public holidays of a year in `DE` or `DE-BE`; none for a place that is not known."""
    import holidays

    match = _PLACE.fullmatch(place)
    if match is None:
        return frozenset()
    try:
        with _only_what_is_asked(holidays.__path__):
            found = holidays.country_holidays(match[1], subdiv=match[2], years=[year])
    except NotImplementedError:  # the library's answer for a country or region it does not have
        return frozenset()
    return frozenset(found)


@contextmanager
def _only_what_is_asked(library: Iterable[str]) -> Iterator[None]:
    """With the library's package of countries empty, so that one country imports its own module.

    The package itself imports the modules of all 250, which takes longer than a command.
    """
    if _COUNTRIES in sys.modules:
        yield
        return
    empty = ModuleType(_COUNTRIES)
    empty.__path__ = [str(Path(folder, "countries")) for folder in library]
    sys.modules[_COUNTRIES] = empty
    try:
        yield
    finally:
        sys.modules.pop(_COUNTRIES, None)


def is_known(place: str) -> bool:
    """Whether the library knows the country, and the region if one is named."""
    import holidays

    match = _PLACE.fullmatch(place)
    regions = holidays.list_supported_countries().get(match[1]) if match else None
    if match is None or regions is None:
        return False
    return match[2] is None or match[2] in regions

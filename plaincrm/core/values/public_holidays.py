"""Public holidays of a country or of one of its regions.

The only home of the library `holidays`. Importing it takes as long as a command does, so it is
loaded when the first holiday is asked for, and not before.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from plaincrm.core.text.pattern import pattern

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
        _import_alone(match[1])
        found = holidays.country_holidays(match[1], subdiv=match[2], years=[year])
    except NotImplementedError:  # the library's answer for a country or region it does not have
        return frozenset()
    return frozenset(found)


def _import_alone(country: str) -> None:
    """Have the library import the module of one country, where it has that country.

    It would import its package of countries first, which imports all 250 of them and takes longer
    than a command. A country that is made from another one still does.
    """
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    import holidays

    entity = getattr(holidays, country, None)
    if not isinstance(entity, holidays.registry.EntityLoader) or entity.entity is not None:
        return
    folders = [f"{folder}/countries" for folder in holidays.__path__]
    spec = PathFinder.find_spec(entity.module_name, folders)
    if spec is not None and spec.loader is not None:
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        entity.entity = getattr(module, entity.entity_name)


def is_known(place: str) -> bool:
    """Whether the library knows the country, and the region if one is named."""
    import holidays

    match = _PLACE.fullmatch(place)
    regions = holidays.list_supported_countries().get(match[1]) if match else None
    if match is None or regions is None:
        return False
    return match[2] is None or match[2] in regions

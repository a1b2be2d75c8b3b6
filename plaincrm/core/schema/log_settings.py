"""What the settings of a book say about its logs."""

from __future__ import annotations

from datetime import tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

from plaincrm.core.value_class import value


@value
class LogSettings:
    """`types` are the book's own types of entry. `timezone` is the zone in which times are read; if
    it is empty, each is read as it is written.
    """

    types: frozenset[str] = frozenset()
    timezone: str = ""

    @cached_property
    def zone(self) -> tzinfo | None:
        return ZoneInfo(self.timezone) if self.timezone else None

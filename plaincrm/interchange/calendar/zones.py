"""Time zones by the names that calendar programs give them."""

from __future__ import annotations

import re
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_named(name: str) -> tzinfo | None:
    """`Europe/Berlin`, `/citadel.org/20260101_1/Europe/Berlin`, `W. Europe Standard Time`, and
    `GMT Standard Time 1`, as Outlook numbers its own; None for what nobody knows."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    bare = re.sub(r"\s+\d+$", "", name.strip().strip('"'))
    tail = "/".join(bare.split("/")[-2:])
    for each in (bare, WINDOWS_TO_OLSON.get(bare, ""), tail):
        found = _zone(each)
        if found is not None:
            return found
    return None


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None

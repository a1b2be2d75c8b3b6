"""The texts of one merge, each read once, though several of its steps look at them."""

from __future__ import annotations

from functools import lru_cache

from plaincrm.core.timeline import document
from plaincrm.core.timeline.document import TimelinePage


@lru_cache(maxsize=16)
def read(text: str) -> TimelinePage:
    """The whole file as the timeline sees it. Don't change what you are given."""
    return document.read(text)

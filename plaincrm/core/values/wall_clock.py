"""The one place where a written moment meets the zone of the book.

Whatever compares, sorts, files or shows a time works with what the clock of the book's zone shows
at that moment. A time that names no zone is on that clock already.
"""

from __future__ import annotations

from datetime import datetime, tzinfo


def wall_clock(moment: datetime, zone: tzinfo) -> datetime:
    """What the clock of `zone` shows at that moment, without the zone.

    `fold` tells the second of the two hours that the clock shows twice in autumn. A moment beyond
    the years 1 to 9999 stays as it is written.
    """
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return moment.replace(tzinfo=None)

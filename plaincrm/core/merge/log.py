"""The log merged as a multiset: an entry's identity is the whole of it, and order follows the log's
direction.

`weave` keeps what stands where it stands; these ranks say in which order entries go that both sides
put in at one place: by time, the other way round in a log with the newest first; without a time,
last of their day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from itertools import pairwise

from plaincrm.core.merge.sections import LOG
from plaincrm.core.merge.weave import Id, Rank, Token


def rank(sides: Iterable[Sequence[Token]]) -> Rank:
    """The rank of log entries for these three versions of a section; other pieces have none."""
    sign = -1 if sum(_falling(side) for side in sides) > 0 else 1

    def by_time(id: Id) -> tuple[object, ...]:
        return tuple(sign * part for part in _moment(id, time.max)) if id[0] == LOG else ()

    return by_time


def _falling(tokens: Sequence[Token]) -> int:
    """How many more entries are older than the one above them than newer."""
    moments = [_moment(token.id, time.min) for token in tokens if token.id[0] == LOG]
    return sum((b < a) - (b > a) for a, b in pairwise(moments))


def _moment(id: Id, default: time) -> tuple[int, ...]:
    day, clock = str(id[1]), str(id[2])
    at = time.fromisoformat(clock) if clock else default
    return (date.fromisoformat(day).toordinal(), at.hour * 3600 + at.minute * 60 + at.second)

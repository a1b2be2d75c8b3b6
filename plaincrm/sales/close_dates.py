"""How often the expected end of a deal was put off: its log has an entry of each time.

    - 2026-09-10 close_date: 2026-09-30 -> 2026-11-13

An edit that moves the date of an open deal to a later day writes the entry, as a change of stage
writes its own; `check --fix` adds those of older edits from git. So any view knows the number
without walking through history. The entry is no sign of life: a deal that is only put off goes on
rotting.
"""

from __future__ import annotations

from datetime import date

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import PUT_OFF, changes, own_day

TWICE = 2  # from here on the date is a wish (Microsoft and Pipedrive name two or three times)


def pushes(deal: Record, context: Context) -> int:
    """How many times its close date moved later. The same move from two machines is one."""
    moves = changes(deal, context, PUT_OFF)
    return len({(old, new) for _, old, new in moves if is_later(old, new)})


def is_later(old: str, new: str) -> bool:
    """Whether both are days, and the second comes after the first."""
    first, second = _day(old), _day(new)
    return first is not None and second is not None and first < second


def put_off(before: Record, after: Record) -> str:
    """The text of the entry for a close date that moved later; empty where it did not."""
    old, new = own_day(before, "close_date"), own_day(after, "close_date")
    return f"{old} -> {new}" if old and new and old < new else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


FACTS = (Fact("deal", "pushed", "number", Needs.FILE, "How often its date moved later", pushes),)

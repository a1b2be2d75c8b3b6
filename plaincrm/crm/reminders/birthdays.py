"""Birthdays: the next one, and whose are near."""

from __future__ import annotations

from datetime import date

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values.dated import MonthDay
from plaincrm.core.values.duration import DAY

_YEAR = 366


def next_birthday(record: Record, context: Context) -> date | None:
    day = record.value("birthday")
    return day.next(context.today) if isinstance(day, MonthDay) else None


def candidates(kind: Kind, context: Context, day: date | None = None) -> list[Record]:
    """The records that have a birthday; with a `day`, those that have it between today and a week
    or so after that day. One that is written oddly is always among them.
    """
    if "birthday" not in kind.fields:
        return []
    collection = context.store.collection(kind.name)
    ahead = (day - context.today).days if day is not None else _YEAR
    if ahead >= _YEAR:
        return collection.carrying("birthday")
    near = {f"{DAY.clamped(context.today, n):%m-%d}" for n in range(-1, ahead + 9)}
    # 29 February falls on the 28th in most years, hence a day more at each end too.
    near |= {"02-29"} if near & {"02-28", "03-01"} else set()
    return collection.chosen(
        raw is not None
        and not (isinstance(raw, str) and raw[-3:-2] == "-" and raw[-5:] not in near)
        for raw in collection.column("birthday")
    )


FACTS = (
    Fact(
        "contact",
        "next_birthday",
        "date",
        Needs.DAY,
        "The next birthday, today included",
        next_birthday,
    ),
)

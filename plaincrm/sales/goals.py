"""Goals: what a month, a quarter or a year is to bring (`goals:` of the settings)."""

from __future__ import annotations

import re
from datetime import date

from plaincrm.core.schema.settings import Section, Settings
from plaincrm.core.schema.settings_reader import Reader
from plaincrm.core.value_class import value
from plaincrm.core.values import money
from plaincrm.core.values.money import Money
from plaincrm.core.values.periods import Period, PeriodUnit, period_of
from plaincrm.core.values.raw import Raw

_WORD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.IGNORECASE)


@value
class Goal:
    """What the deals won in `period` are to come to."""

    period: Period
    amount: Money


def named_period(word: str) -> Period:
    """The year, quarter or month that `2026`, `2026-Q4` or `2026-10` names. Raises ValueError."""
    found = _WORD.fullmatch(word.strip())
    if found is None or found[1] == "0000":
        raise ValueError(f'"{word}" is no month, quarter or year; write it as 2026-10 or 2026-Q4')
    year, quarter, month = found.groups()
    unit: PeriodUnit = "year"
    first = date(int(year), 1, 1)
    if quarter:
        unit, first = "quarter", date(int(year), 3 * int(quarter) - 2, 1)
    elif month:
        unit, first = "month", date(int(year), int(month), 1)
    return period_of(unit, first, word.strip())


def _read(reader: Reader, raw: Raw | None, settings: Settings) -> tuple[Goal, ...]:
    goals = []
    for word, amount in reader.map(raw, ("goals",)).items():
        keys = ("goals", word)
        period = reader.attempt(keys, lambda word=word: named_period(word), None)  # type: ignore[misc]
        found = reader.optional(keys, amount, lambda text: _amount(text, settings.currency))
        if period is not None and found is not None:
            goals.append(Goal(period, found))
    return tuple(goals)


def _amount(text: str, currency: str) -> Money:
    found = money.parse(text, currency)
    if found.amount <= 0 or found.per:
        raise ValueError(f'"{text}" is no goal; it is an amount such as 30000 {currency}')
    return found


SECTION = Section("goals", _read)


def goal_for(period: Period, settings: Settings) -> Goal | None:
    """The goal of exactly these days; that of a longer period is not split."""
    goals = settings.section(SECTION)
    days = (period.first, period.last)
    return next((goal for goal in goals if (goal.period.first, goal.period.last) == days), None)

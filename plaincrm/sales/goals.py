"""Goals: what a month, a quarter or a year is to bring (`goals:` of the settings)."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_CEILING, Decimal

from plaincrm.core.schema.settings import Settings, SettingsSection
from plaincrm.core.schema.settings_reader import SettingsReader
from plaincrm.core.value_class import value
from plaincrm.core.values import money
from plaincrm.core.values.money import Money
from plaincrm.core.values.periods import Period, PeriodUnit, period_of
from plaincrm.core.values.raw import Raw

_WORD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.IGNORECASE)


@value
class SalesGoal:
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


def _read(reader: SettingsReader, raw: Raw | None, settings: Settings) -> tuple[SalesGoal, ...]:
    goals = []
    for word, amount in reader.map(raw, ("goals",)).items():
        keys = ("goals", word)
        period = reader.attempt(keys, lambda word=word: named_period(word), None)  # type: ignore[misc]
        found = reader.optional(keys, amount, lambda text: _amount(text, settings.currency))
        if period is not None and found is not None:
            goals.append(SalesGoal(period, found))
    return tuple(goals)


def _amount(text: str, currency: str) -> Money:
    found = money.parse(text, currency)
    if found.amount <= 0 or found.per:
        raise ValueError(f'"{text}" is no goal; it is an amount such as 30000 {currency}')
    return found


SECTION = SettingsSection("goals", _read)


def goal_for(period: Period, settings: Settings) -> SalesGoal | None:
    """The goal of exactly these days; that of a longer period is not split."""
    goals = settings.section(SECTION)
    days = (period.first, period.last)
    return next((goal for goal in goals if (goal.period.first, goal.period.last) == days), None)


@value
class Progress:
    """How a period stands against its goal; amounts in the goal's currency, None where nothing can
    be said.

    `gap` is what is missing; `attained` the share that is won; `pace` what is won a day;
    `projected` what comes of it by the end; `needed` how much must be in the pipeline to close the
    gap at the win rate; `coverage` how often the pipeline holds the gap; `deals` how many average
    deals the gap is.
    """

    gap: Decimal
    attained: Decimal
    pace: Decimal | None
    projected: Decimal | None
    needed: Decimal | None
    coverage: Decimal | None
    deals: int | None


@value
class GoalBasis:
    """What a goal is held against. `win_rate` from 0 to 1; `average`: the mean value of a won deal;
    both None without cases. `gone` and `days`: the days of the period, those that have passed.
    """

    won: Decimal
    open: Decimal
    win_rate: Decimal | None
    average: Decimal | None
    gone: int
    days: int


def progress(goal: Decimal, basis: GoalBasis) -> Progress:
    """The goal beside what is won; see docs/figures.md for each formula."""
    gap = max(goal - basis.won, Decimal(0))
    pace = basis.won / basis.gone if basis.gone else None
    left = basis.days - basis.gone
    return Progress(
        gap,
        basis.won / goal,
        pace,
        None if pace is None else basis.won + pace * left,
        gap / basis.win_rate if basis.win_rate else None,
        basis.open / gap if gap else None,
        _deals_for(gap, basis.average),
    )


def _deals_for(gap: Decimal, average: Decimal | None) -> int | None:
    return int((gap / average).to_integral_value(ROUND_CEILING)) if average else None


def days_gone(period: Period, today: date) -> tuple[int, int]:
    """The days of a period that have passed, today's included, and all its days."""
    days = (period.last - period.first).days + 1
    return min(max((today - period.first).days + 1, 0), days), days

"""What is known of a deal beyond its fields: where it stands, its chance, its age, whether it goes
stale.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.kept_row import KeptRow, iso_text
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import (
    changes,
    contested_fields,
    open_tasks,
    own_day,
    unpaid,
)
from plaincrm.core.schema.settings import Stage
from plaincrm.core.values.dated import Action
from plaincrm.core.values.duration import DAY, Duration
from plaincrm.core.values.money import Money

QUIET = 30  # days without a word from the buyer that are a high risk (Microsoft Dynamics)
_FIXED = {"won": Decimal(100), "lost": Decimal(0), "parked": Decimal(0)}


def stage_of(record: Record, context: Context) -> Stage:
    """The stage in the settings; one that they don't know counts as open and has no probability."""
    found: Stage = context.once(record, "a deal's stage", _stage_of)
    return found


def _stage_of(record: Record, context: Context) -> Stage:
    name = record.text("stage")
    pipeline = context.settings.pipeline(record.text("pipeline"))
    return (pipeline and pipeline.find(name)) or Stage(name)


def value_of(record: Record, context: Context) -> Money | None:
    value = record.value("value", context.settings.currency)
    return value if isinstance(value, Money) else None


def worth(deal: Record, context: Context) -> Money | None:
    """The deal's value, in the book's currency where there is a rate for its own day."""
    value = value_of(deal, context)
    if value is None:
        return None
    return context.settings.rates.convert(value, own_date(deal, context) or context.today) or value


def own_date(deal: Record, context: Context) -> date | None:
    """The day a deal counts on: its end, else its expected close; else today, which is for the
    caller to know.
    """
    found: date | None = context.fact(deal, "ended")
    return found or own_day(deal, "close_date")


def next_of(record: Record) -> Action | None:
    action = record.value("next")
    return action if isinstance(action, Action) else None


def stage_status(record: Record, context: Context) -> str:
    return stage_of(record, context).role


def in_play(record: Record, context: Context) -> bool:
    return stage_status(record, context) in ("open", "parked")


def chance(record: Record, context: Context) -> Decimal | None:
    """Its own probability, else its stage's, in per cent. Won is 100; lost and parked are 0."""
    stage = stage_of(record, context)
    if stage.role in _FIXED:
        return _FIXED[stage.role]
    own = record.value("probability")
    return own if isinstance(own, Decimal) else stage.probability


def is_bare_one(probability: str) -> bool:
    """Whether a probability is exactly 1 without a sign: one per cent, and often meant as all."""
    whole, _, rest = probability.strip().partition(".")
    return whole == "1" and not rest.strip("0")


def weighted(record: Record, context: Context) -> Money | None:
    value, likely = value_of(record, context), chance(record, context)
    if value is None or likely is None:
        return None
    return Money(value.amount * likely / 100, value.currency, value.per)


def mrr(record: Record, context: Context) -> Money | None:
    value = value_of(record, context)
    return Money(value.monthly(), value.currency, "month") if value and value.per else None


def recurring(record: Record, _: Context) -> bool:
    value = record.value("value")
    return isinstance(value, Money) and bool(value.per)


def last_stage_change(record: Record, context: Context) -> date | None:
    return max((day for day, _, _ in changes(record, context, "stage")), default=None)


def stirred(record: Record, context: Context) -> date | None:
    """The latest sign of life: a log entry (stage changes are such), or its beginning."""
    days = (context.fact(record, "last_entry"), context.fact(record, "began"))
    return max((day for day in days if day), default=None)


def idle(record: Record, context: Context) -> Duration | None:
    last = stirred(record, context)
    return days_between(last, context.today) if last else None


def days_between(first: date, last: date) -> Duration:
    """Whole days, none where the first lies after the last."""
    return Duration(max((last - first).days, 0), "d")


def rots_on(record: Record, context: Context) -> date | None:
    """The first day on which it rots if nothing happens; a next action in the future suspends
    it.
    """
    after, last = stage_of(record, context).rots_after, stirred(record, context)
    if stage_status(record, context) != "open" or after is None or last is None:
        return None
    from plaincrm.core.schema.days_off import days_off  # the fact is kept

    day = DAY.clamped(after.clamped(last, off=days_off(context.settings)))
    action = next_of(record)
    return max(day, action.due) if action else day


def rotting(record: Record, context: Context) -> bool:
    day = context.fact(record, "rots_on")
    return day is not None and day <= context.today


def ended(record: Record, context: Context) -> date | None:
    if stage_status(record, context) not in ("won", "lost"):
        return None
    changed: date | None = context.fact(record, "last_stage_change")
    return own_day(record, "closed") or changed or own_day(record, "close_date")


def age(record: Record, context: Context) -> Duration | None:
    first = context.fact(record, "began")
    return days_between(first, ended(record, context) or context.today) if first else None


def cycle(record: Record, context: Context) -> Duration | None:
    first, last = context.fact(record, "began"), ended(record, context)
    won = stage_status(record, context) == "won"
    return days_between(first, last) if won and first and last and first <= last else None


def cancel_by(record: Record, context: Context) -> date | None:
    """The last day to cancel: the end less the notice."""
    ends, notice = own_day(record, "ends"), record.value("notice")
    if ends is None:
        return None
    if not isinstance(notice, Duration):
        return ends
    from plaincrm.core.schema.days_off import days_off  # the fact is kept

    return notice.clamped(ends, -1, days_off(context.settings))


def overdue(record: Record, context: Context) -> bool:
    expected = own_day(record, "close_date")
    return (
        stage_status(record, context) == "open"
        and expected is not None
        and expected < context.today
    )


def no_next(record: Record, context: Context) -> bool:
    return (
        in_play(record, context)
        and next_of(record) is None
        and not any(open_tasks(record, context))
    )


# The fields on which the sums of a pipeline rest.
_COUNTED = frozenset({"pipeline", "stage", "value", "probability", "close_date", "closed"})


class DealFigures(KeptRow):
    """What a deal adds to the sums of a pipeline. Numbers are text, empty where there is none.

    `own_chance`: the probability as the file has it; `chance`: the one that counts. `unit`:
    currency and period of the amount, None without one. `rots`: the day from which it rots, `late`:
    the day after which it is late. `floating`: the amount has no day of its own, and is to be
    converted at today's rate. `stand_in`: `USD 2026-01` where the rate of that later month stood
    in. `contested`: a sync left one of the fields that count to decide on.
    """

    pipeline: str
    stage: str
    status: str
    own_chance: str
    chance: str
    amount: str
    unit: tuple[str, str] | None
    rots: str
    late: str
    floating: bool
    stand_in: str
    contested: bool


class DealCourse(KeptRow):
    """When a deal began, ended and is expected to close; the forecast category written by hand; its
    value as written (amount, currency, period), or an empty tuple.
    """

    began: str
    ended: str
    expected: str
    category: str
    value: tuple[str, ...]


def figures(deal: Record, context: Context) -> DealFigures:
    """What a deal adds to the sums of a pipeline, from the cache if it has it."""
    return DealFigures.read(context.fact(deal, "_figures"))


def _figures(deal: Record, context: Context) -> tuple[Any, ...]:
    status, likely, on = stage_status(deal, context), chance(deal, context), own_date(deal, context)
    value, rots = value_of(deal, context), context.fact(deal, "rots_on")
    stand_in = ""
    if value is not None and on is not None:
        stand_in = context.settings.rates.stand_in(value.currency, on)
        value = context.settings.rates.convert(value, on) or value
    floating = value is not None and on is None and value.currency != context.settings.currency
    late = own_day(deal, "close_date") if status == "open" else None
    return DealFigures(
        pipeline=deal.text("pipeline") or "default",
        stage=deal.text("stage"),
        status=status,
        own_chance=deal.text("probability").strip(),
        chance="" if likely is None else str(likely),
        amount=str(value.amount) if value else "",
        unit=(value.currency, value.per) if value else None,
        rots=iso_text(rots),
        late=iso_text(late),
        floating=floating,
        stand_in=stand_in,
        contested=not _COUNTED.isdisjoint(contested_fields(deal)),
    ).packed()


def course(deal: Record, context: Context) -> DealCourse:
    """The course of a deal, from the cache if it has it."""
    return DealCourse.read(context.fact(deal, "_course"))


def _course(deal: Record, context: Context) -> tuple[Any, ...]:
    value = value_of(deal, context)
    return DealCourse(
        began=iso_text(context.fact(deal, "began")),
        ended=iso_text(context.fact(deal, "ended")),
        expected=iso_text(own_day(deal, "close_date")),
        category=deal.text("forecast").casefold(),
        value=(str(value.amount), value.currency, value.per) if value else (),
    ).packed()


def _has_status(status: str) -> Fact:
    return Fact(
        "deal",
        f"is:{status}",
        "bool",
        Needs.SETTINGS,
        f"Its stage means {status}",
        lambda record, context: stage_status(record, context) == status,
    )


FACTS = (
    *(_has_status(status) for status in ("open", "won", "lost", "parked")),
    Fact("deal", "stage_status", "text", Needs.SETTINGS, "open, won, lost or parked", stage_status),
    Fact(
        "deal",
        "chance",
        "percent",
        Needs.DAY,
        "The probability used: its own, else its stage's",
        chance,
    ),
    Fact(
        "deal",
        "worth",
        "money",
        Needs.DAY,
        "Its value, in the book's currency where there is a rate for its day",
        worth,
    ),
    Fact("deal", "weighted", "money", Needs.DAY, "Value × chance; none without either", weighted),
    Fact("deal", "mrr", "money", Needs.DAY, "The value per month of a deal that recurs", mrr),
    Fact(
        "deal", "is:recurring", "bool", Needs.FILE, "Its value comes again every period", recurring
    ),
    Fact(
        "deal",
        "last_stage_change",
        "date",
        Needs.FILE,
        "Of the latest `stage` entry",
        last_stage_change,
    ),
    Fact(
        "deal",
        "idle",
        "duration",
        Needs.DAY,
        "Days since its last log entry, else since it began",
        idle,
    ),
    Fact(
        "deal",
        "rots_on",
        "date",
        Needs.SETTINGS,
        "The day from which it counts as rotting",
        rots_on,
    ),
    Fact(
        "deal",
        "is:rotting",
        "bool",
        Needs.DAY,
        "Idle for longer than its stage's `rots_after`",
        rotting,
    ),
    Fact("deal", "ended", "date", Needs.SETTINGS, "The day it was won or lost", ended),
    Fact("deal", "age", "duration", Needs.DAY, "Days since it began, until it ended", age),
    Fact("deal", "cycle", "duration", Needs.DAY, "Days from its beginning to its being won", cycle),
    Fact(
        "deal",
        "cancel_by",
        "date",
        Needs.FILE,
        "The last day to cancel: end less notice",
        cancel_by,
    ),
    Fact("deal", "is:overdue", "bool", Needs.DAY, "Open, and its close date has passed", overdue),
    Fact(
        "deal",
        "is:no_next",
        "bool",
        Needs.SETTINGS,
        "In play without `next` or an open task",
        no_next,
    ),
    Fact(
        "deal",
        "_figures",
        "plain",
        Needs.SETTINGS,
        "What it adds to the sums of a pipeline",
        _figures,
    ),
    Fact("deal", "_course", "plain", Needs.SETTINGS, "Its days, forecast and value", _course),
    Fact("deal", "is:unpaid", "bool", Needs.FILE, "An invoice among its tasks is not paid", unpaid),
)

"""The bridge of a pipeline between two days: what the open deals were worth, what came, went and
changed, what they are worth now.

Each deal is looked at as it stood on the first day and as it stands on the last. What happened in
between and left no trace by then is no movement. Opening and closing are what the pipeline of those
days shows as open; the steps between them add up to the cent, in value and in weighted value, for
each currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import own_day
from plaincrm.core.text.fold import fold
from plaincrm.core.values.money import Money, Sums
from plaincrm.sales.deals import stage_of, value_of, worth

STEPS = (
    "new",
    "back",
    "grown",
    "shrunk",
    "rates",
    "advanced",
    "slipped",
    "parked",
    "won",
    "lost",
    "gone",
)
_CENT = Decimal("0.01")
_NOTHING = Decimal(0)


@dataclass(slots=True)
class BridgeStep:
    """One line of the bridge: its deals, what it adds to the pipeline's value and to its weighted
    value.
    """

    name: str
    deals: list[Record] = field(default_factory=list)
    value: Sums = field(default_factory=Sums)
    weighted: Sums = field(default_factory=Sums)

    def add(self, deal: Record, value: Money | None, weight: Decimal, sign: int = 1) -> None:
        """Count the deal once, and `value` with it; `weight` is its chance, from 0 to 1."""
        if not self.deals or self.deals[-1] is not deal:
            self.deals.append(deal)
        if value is not None:
            self.value.add(value, Decimal(sign))
            self.weighted.add(value, sign * weight)


@dataclass(frozen=True, slots=True)
class Bridge:
    """From `opening` by `steps` (those of STEPS, in that order) to `closing`; sums are rounded to
    the cent. `from_log`: the deals' logs told of the first day.
    """

    since: date
    until: date
    opening: BridgeStep
    steps: tuple[BridgeStep, ...]
    closing: BridgeStep
    from_log: bool = False

    @property
    def lines(self) -> tuple[BridgeStep, ...]:
        return (self.opening, *self.steps, self.closing)


@dataclass(frozen=True, slots=True)
class DealOnDay:
    """How a deal stood on a day. `written` is the amount in its file, `value` that in the book's
    currency.
    """

    deal: Record
    status: str
    written: Money | None
    value: Money | None
    chance: Decimal
    stage: tuple[str, int]
    expected: date | None
    ended: date | None

    @property
    def open(self) -> bool:
        return self.status == "open"


def bridge(
    before: Iterable[Record], then: Context, after: Iterable[Record], now: Context
) -> Bridge:
    """What happened to deals between two days: the same deals as they were `then` and as they are
    `now`.

    A deal that was renamed or merged since is known by its aliases.
    """
    first, last = (
        [_standing(deal, context) for deal in deals]
        for deals, context in ((before, then), (after, now))
    )
    found = {name: BridgeStep(name) for name in STEPS}
    for old, new in _pairs(first, last):
        _move(found, old, new, then.today)
    ends = [_end("opening", first), _end("closing", last)]
    _to_the_cent(ends[0], list(found.values()), ends[1])
    return Bridge(then.today, now.today, ends[0], tuple(found.values()), ends[1])


def _standing(deal: Record, context: Context) -> DealOnDay:
    stage, pipeline = stage_of(deal, context), deal.text("pipeline") or "default"
    known = context.settings.pipeline(pipeline)
    names = [fold(each.name) for each in known.stages] if known else []
    place = names.index(fold(stage.name)) if fold(stage.name) in names else -1
    likely = context.fact(deal, "chance") or _NOTHING
    return DealOnDay(
        deal,
        stage.role,
        value_of(deal, context),
        worth(deal, context),
        likely / 100,
        (fold(pipeline), place),
        own_day(deal, "close_date"),
        context.fact(deal, "ended"),
    )


def _pairs(
    first: list[DealOnDay], last: list[DealOnDay]
) -> Iterator[tuple[DealOnDay | None, DealOnDay | None]]:
    """Each deal as it was and as it is; None for a day on which it was not there."""
    was = {fold(each.deal.id): each for each in first}
    for new in last:
        names = [fold(name) for name in (new.deal.id, *new.deal.aliases())]
        yield next((was.pop(name) for name in names if name in was), None), new
    yield from ((old, None) for old in was.values())


def _end(name: str, standing: Iterable[DealOnDay]) -> BridgeStep:
    found = BridgeStep(name)
    for each in standing:
        if each.open:
            found.add(each.deal, each.value, each.chance)
    return found


def _move(
    steps: dict[str, BridgeStep], old: DealOnDay | None, new: DealOnDay | None, since: date
) -> None:
    """Account for one deal: it comes in or changes, and it stays or leaves."""
    if new is None:
        if old is not None and old.open:
            steps["gone"].add(old.deal, old.value, old.chance, -1)
    elif old is not None and old.open:
        _revalue(steps, old, new)
        if new.open:
            _progress(steps, old, new)
        else:
            steps[new.status].add(new.deal, new.value, old.chance, -1)
    elif _came(old, new, since):
        weight = new.chance if new.open else _NOTHING
        steps["back" if old else "new"].add(new.deal, new.value, weight)
        if not new.open:
            steps[new.status].add(new.deal, new.value, weight, -1)


def _came(old: DealOnDay | None, new: DealOnDay, since: date) -> bool:
    """Whether a deal that was not in the pipeline was in it since; one brought in when it had long
    ended was not.
    """
    if old is not None:
        return new.open or (old.status == "parked" and new.status != "parked")
    return new.ended is None or new.ended > since


def _revalue(steps: dict[str, BridgeStep], old: DealOnDay, new: DealOnDay) -> None:
    """What its value gained or lost, at the chance that it had."""
    if old.value == new.value:
        return
    one, other = old.value, new.value
    if old.written == new.written:
        down = up = "rates"
    elif one and other and one.unit == other.unit:
        down = up = "grown" if other.amount > one.amount else "shrunk"
    else:
        down, up = "shrunk", "grown"
    for name, value, sign in ((down, one, -1), (up, other, 1)):
        if value is not None:
            steps[name].add(new.deal, value, old.chance, sign)


def _progress(steps: dict[str, BridgeStep], old: DealOnDay, new: DealOnDay) -> None:
    """Nearer to being won, or further off: by its chance, else by its stage. Slipped is put off,
    too.
    """
    gain = new.chance - old.chance
    same = old.stage[0] == new.stage[0] and -1 not in (old.stage[1], new.stage[1])
    way = gain or (new.stage[1] - old.stage[1] if same else 0)
    if way:
        step = steps["advanced" if way > 0 else "slipped"]
        step.add(new.deal, None, _NOTHING)
        if new.value is not None:
            step.weighted.add(new.value, gain)
    if way >= 0 and old.expected and new.expected and new.expected > old.expected:
        steps["slipped"].add(new.deal, None, _NOTHING)


def _to_the_cent(opening: BridgeStep, steps: list[BridgeStep], closing: BridgeStep) -> None:
    """Round every sum, so that the rounded ones add up: what rounding leaves over goes where it
    errs least.
    """
    for which in ("value", "weighted"):
        ends, parts = (
            [getattr(each, which) for each in (opening, closing)],
            [getattr(each, which) for each in steps],
        )
        for unit in dict.fromkeys(unit for sums in (*ends, *parts) for unit in sums):
            for sums in ends:
                if unit in sums:
                    sums[unit] = sums[unit].quantize(_CENT, ROUND_HALF_UP)
            there = [sums for sums in parts if unit in sums]
            whole = ends[1].get(unit, _NOTHING) - ends[0].get(unit, _NOTHING)
            for sums, amount in zip(
                there, _shared(whole, [sums[unit] for sums in there]), strict=True
            ):
                sums[unit] = amount


def _shared(whole: Decimal, parts: list[Decimal]) -> list[Decimal]:
    """`parts` rounded to cents, with `whole`, which is their sum rounded, as their sum."""
    rounded = [part.quantize(_CENT, ROUND_HALF_UP) for part in parts]
    cents = int((whole - sum(rounded, _NOTHING)) / _CENT)
    sign = 1 if cents > 0 else -1
    order = sorted(range(len(parts)), key=lambda n: sign * (rounded[n] - parts[n]))
    for turn in range(abs(cents)):
        rounded[order[turn % len(order)]] += sign * _CENT
    return rounded

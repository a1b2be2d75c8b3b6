"""The bridge between two days: every deal accounted for, and sums that add up to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.records.facts import Context
from plaincrm.sales.bridge import STEPS, Bridge, bridge
from plaincrm.sales.pipeline import pipelines
from tests.contexts import context

SETTINGS = "currency: EUR\nrates: {USD: {2026-10: 0.9137, 2026-11: 0.9333}}\n"
THEN, NOW = "2026-10-31", "2026-11-21"


def worlds(before: dict[str, str], after: dict[str, str]) -> tuple[Context, Context]:
    then, now = (
        {f"deals/{id}.md": f"name: {id}\n{text}" for id, text in each.items()}
        for each in (before, after)
    )
    return context(then, THEN, SETTINGS), context(now, NOW, SETTINGS)


def between(before: dict[str, str], after: dict[str, str]) -> Bridge:
    then, now = worlds(before, after)
    return bridge(then.store.records("deal"), then, now.store.records("deal"), now)


def moved(before: str | None, after: str | None) -> dict[str, tuple[str, str]]:
    """The steps that one deal takes, with value and weighted value in EUR."""
    found = between(
        {"a": before} if before is not None else {}, {"a": after} if after is not None else {}
    )
    return {
        s.name: (str(s.value.get("EUR", 0)), str(s.weighted.get("EUR", 0)))
        for s in found.steps
        if s.deals
    }


LEAD, WON = "stage: lead\nvalue: 1000", "stage: won\nvalue: 1000"


@pytest.mark.parametrize(
    ("before", "after", "steps"),
    [
        (LEAD, LEAD, {}),
        (None, LEAD, {"new": ("1000.00", "100.00")}),
        (LEAD, None, {"gone": ("-1000.00", "-100.00")}),
        (LEAD, "stage: lead\nvalue: 1500", {"grown": ("500.00", "50.00")}),
        (LEAD, "stage: lead\nvalue: 400.50", {"shrunk": ("-599.50", "-59.95")}),
        ("stage: lead", LEAD, {"grown": ("1000.00", "100.00")}),
        (LEAD, "stage: proposal\nvalue: 1000", {"advanced": ("0", "400.00")}),
        ("stage: proposal\nvalue: 1000", LEAD, {"slipped": ("0", "-400.00")}),
        (
            LEAD,
            "stage: proposal\nvalue: 2000",
            {"grown": ("1000.00", "100.00"), "advanced": ("0", "800.00")},
        ),
        (LEAD, f"{LEAD}\nprobability: 5", {"slipped": ("0", "-50.00")}),
        (
            f"{LEAD}\nclose_date: 2026-11-30",
            f"{LEAD}\nclose_date: 2026-12-31",
            {"slipped": ("0", "0")},
        ),
        (f"{LEAD}\nclose_date: 2026-12-31", f"{LEAD}\nclose_date: 2026-11-30", {}),
        (LEAD, WON, {"won": ("-1000.00", "-100.00")}),
        (
            LEAD,
            "stage: won\nvalue: 1200",
            {"grown": ("200.00", "20.00"), "won": ("-1200.00", "-120.00")},
        ),
        (LEAD, "stage: lost\nvalue: 1000", {"lost": ("-1000.00", "-100.00")}),
        (LEAD, "stage: parked\nvalue: 1000", {"parked": ("-1000.00", "-100.00")}),
        ("stage: parked\nvalue: 1000", LEAD, {"back": ("1000.00", "100.00")}),
        ("stage: parked\nvalue: 1000", WON, {"back": ("1000.00", "0"), "won": ("-1000.00", "0")}),
        ("stage: lost\nvalue: 1000", LEAD, {"back": ("1000.00", "100.00")}),
        (None, f"{WON}\nclosed: 2026-11-10", {"new": ("1000.00", "0"), "won": ("-1000.00", "0")}),
        (None, f"{WON}\nclosed: 2025-01-10", {}),
        (WON, "stage: lost\nvalue: 1000", {}),
    ],
)
def test_what_a_deal_did(
    before: str | None, after: str | None, steps: dict[str, tuple[str, str]]
) -> None:
    found = {
        name: tuple(each.replace("0.00", "0") if each == "0.00" else each for each in pair)
        for name, pair in moved(before, after).items()
    }
    assert found == steps


def test_a_rename_and_a_merge_are_no_movement() -> None:
    found = between({"a": LEAD, "b": LEAD}, {"c": f"{LEAD}\naliases: [a, b]"})
    assert {step.name: len(step.deals) for step in found.steps if step.deals} == {"gone": 1}


def test_another_rate_is_no_growth_and_another_currency_is() -> None:
    text = "stage: lead\nvalue: 1000 USD\nclose_date: "
    assert moved(text + "2026-10-31", text + "2026-11-21") == {
        "rates": ("19.60", "1.96"),
        "slipped": ("0", "0"),
    }
    found = between({"a": "stage: lead\nvalue: 10 CHF"}, {"a": "stage: lead\nvalue: 9 EUR"})
    steps = {step.name: dict(step.value) for step in found.steps if step.deals}
    assert steps == {"shrunk": {"CHF": Decimal("-10.00")}, "grown": {"EUR": Decimal("9.00")}}


AMOUNTS = st.decimals(0, 10**7, places=3).map(lambda each: f"{each:f}")
UNITS = st.sampled_from(["", " EUR", " USD", " USD", " CHF", " EUR/month"])
STAGES = ["lead", "contacted", "proposal", "negotiation", "parked", "won", "lost", "unheard"]


@st.composite
def deals(draw: st.DrawFn) -> str:
    lines = [f"stage: {draw(st.sampled_from(STAGES))}"]
    if draw(st.booleans()):
        lines.append(f"value: {draw(AMOUNTS)}{draw(UNITS)}")
    if draw(st.booleans()):
        lines.append(f"probability: {draw(st.integers(0, 100))}")
    if draw(st.booleans()):
        lines.append(f"close_date: 2026-{draw(st.sampled_from(['10', '11', '12']))}-15")
    return "\n".join(lines)


BOOKS = st.dictionaries(st.sampled_from("abcdefghijklmnop"), deals(), max_size=16)


@given(BOOKS, BOOKS)
def test_it_adds_up_to_the_cent_and_ends_as_the_pipelines_of_the_days(
    before: dict[str, str], after: dict[str, str]
) -> None:
    then, now = worlds(before, after)
    found = bridge(then.store.records("deal"), then, now.store.records("deal"), now)
    assert tuple(step.name for step in found.steps) == STEPS
    for which in ("value", "weighted"):
        opening, *steps, closing = (getattr(step, which) for step in found.lines)
        for unit in {unit for sums in (opening, *steps, closing) for unit in sums}:
            total = sum((sums.get(unit, Decimal(0)) for sums in (opening, *steps)), Decimal(0))
            assert total == closing.get(unit, Decimal(0))
            assert all(
                sums[unit] == sums[unit].quantize(Decimal("0.01")) for sums in steps if unit in sums
            )
    for end, day in ((found.opening, then), (found.closing, now)):
        views = pipelines(day.store.records("deal"), day)
        assert len(end.deals) == sum(view.open.count for view in views)
        for unit, total in end.value.items():
            exact = sum((view.open.value.get(unit, Decimal(0)) for view in views), Decimal(0))
            assert abs(total - exact) <= Decimal("0.005")
    counts = {step.name: len(step.deals) for step in found.lines}
    come, gone = ("opening", "new", "back"), ("parked", "won", "lost", "gone")
    assert (
        sum(counts[name] for name in come) - sum(counts[name] for name in gone) == counts["closing"]
    )

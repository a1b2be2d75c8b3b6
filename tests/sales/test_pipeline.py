from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.records.facts import Context
from plaincrm.core.values.money import Sums
from plaincrm.sales.pipeline import PipelineView, pipelines
from plaincrm.views.pipeline import results
from tests.contexts import context


def view(here: Context, by: str = "stage") -> PipelineView:
    (found,) = pipelines(here.store.records("deal"), here, by)
    return found


def deals(*texts: str) -> dict[str, str]:
    return {f"deals/d{n}.md": f"name: D{n}\n{text}" for n, text in enumerate(texts)}


def salesforce(rows: list[dict[str, str]]) -> Context:
    stages = {row["STAGENAME"]: row for row in rows}
    roles = {name: "won" if row["ISWON"] == "true" else "open" for name, row in stages.items()}
    settings = "currency: USD\npipelines:\n  default:\n" + "".join(
        f'    "{name}": {{status: {role}}}\n' for name, role in roles.items()
    )
    texts = [
        f"stage: {row['STAGENAME']}\nvalue: {row['AMOUNT']}\nprobability: {row['PROBABILITY']}\n"
        for row in rows
    ]
    return context(deals(*texts), settings=settings)


def test_the_figures_of_salesforces_own_sample(shared_data: Path) -> None:
    with open(
        shared_data / "salesforce_dataloader" / "opportunityData.csv", encoding="utf-8"
    ) as file:
        found = view(salesforce(list(csv.DictReader(file))))
    assert found.count == 38
    assert (found.open.count, found.open.value) == (30, {"USD": 4_070_000})
    assert found.open.weighted == {"USD": 2_658_000}
    assert (found.won.count, found.won.value) == (8, {"USD": 2_200_000})
    assert found.open.without_value + found.won.without_value == 5
    assert found.open.unknown == 0
    still_open = [row.total.weighted for row in found.stages if row.status == "open"]
    assert Sums().merge(still_open) == {"USD": 2_658_000}


def test_stages_stand_in_the_settings_order_and_unknown_ones_after_them() -> None:
    found = view(context(deals("stage: odd\nvalue: 5", "stage: Proposal", "stage: won")))
    names = [row.stage for row in found.stages]
    assert names == ["lead", "contacted", "proposal", "negotiation", "parked", "won", "lost", "odd"]
    odd = found.stages[-1]
    assert (odd.known, odd.status, odd.probability) == (False, "open", None)
    assert (odd.total.count, odd.total.unknown) == (1, 1)
    assert found.stages[2].total.count == 1


def test_currencies_and_what_recurs_stay_apart() -> None:
    found = view(
        context(deals("value: 100 EUR", "value: 100 USD", "value: 1200 EUR/year", "value: 50"))
    )
    assert found.open.value == {"EUR": 150, "USD": 100, "EUR/year": 1200}
    assert found.open.mrr == {"EUR": 100}


def test_a_rate_converts_at_the_deals_own_date() -> None:
    rates = "rates: {USD: {2026-10: 0.9, 2026-11: 0.5}}"
    texts = ("value: 100 USD\nclose_date: 2026-10-31", "value: 100 USD\nclose_date: 2026-11-01")
    here = context(deals(*texts), settings=rates)
    assert view(here).open.value == {"EUR": 140}
    assert view(here).open.weighted == {"EUR": 14}


def test_parked_deals_are_counted_and_weigh_nothing() -> None:
    found = view(context(deals("stage: parked\nvalue: 100", "stage: lead\nvalue: 100")))
    assert (found.parked.count, found.parked.value, found.parked.weighted) == (
        1,
        {"EUR": 100},
        {"EUR": 0},
    )
    assert found.open.count == 1


def test_each_pipeline_is_a_view_of_its_own() -> None:
    settings = "pipelines: {sales: {a: {probability: 10}}, care: {b: {probability: 20}}}"
    here = context(
        deals("pipeline: care", "pipeline: Sales", "pipeline: gone\nstage: x"), settings=settings
    )
    found = pipelines(here.store.records("deal"), here)
    assert [(each.pipeline, each.count) for each in found] == [
        ("sales", 1),
        ("care", 1),
        ("gone", 1),
    ]


def test_by_another_field_the_rows_are_its_values() -> None:
    here = context(deals("owner: ola", "owner: Ola\nvalue: 5", "", "owner: kari\nstage: won"))
    rows = view(here, "owner").stages
    assert [(row.stage, row.total.count) for row in rows] == [("kari", 1), ("ola", 2), ("", 1)]
    assert [row.stage for row in view(here, "stage_status").stages] == ["open", "won"]


def test_warnings_name_what_makes_the_sums_doubtful() -> None:
    flat = "pipelines: {default: {a: {probability: 100}, b: {}, won: {status: won}}}"
    doubtful = view(context(deals("stage: a"), settings=flat)).warnings
    assert any("weighted says nothing" in each for each in doubtful)
    assert not any("weighted says" in each for each in view(context(deals("stage: lead"))).warnings)
    warnings = view(
        context(deals("probability: 1", "probability: 1%", "value: 4", "stage: odd"))
    ).warnings
    assert any(each.startswith("1 deal with `probability: 1`") for each in warnings)
    assert any(each == "3 deals without an amount" for each in warnings)
    assert any(each.startswith("1 deal without a probability") for each in warnings)


def test_the_json_has_the_documented_keys() -> None:
    (found,) = results([view(context(deals("value: 1000.05 USD", "stage: won\nvalue: 10 USD")))])
    assert found["stages"][0] == {
        "stage": "lead",
        "status": "open",
        "probability": 10,
        "known": True,
        "count": 1,
        "value": {"USD": 1000.05},
        "weighted": {"USD": 100.01},
        "rotting": 0,
        "overdue": 0,
        "unknown": 0,
        "withoutValue": 0,
        "mrr": {},
    }
    assert found["open"] == {"count": 1, "value": {"USD": 1000.05}, "weighted": {"USD": 100.01}}
    assert found["won"] == {"count": 1, "value": {"USD": 10.0}}
    assert found["lost"] == {"count": 0, "value": {}}


def test_an_empty_book_has_its_stages() -> None:
    assert [row.total.count for row in view(context({})).stages] == [0] * 7


_stage = st.sampled_from(["lead", "proposal", "parked", "won", "lost", "odd"])
_value = st.decimals(0, 10**9, places=2).map(str) | st.just("")
_unit = st.sampled_from(["EUR", "USD", "EUR/month"])
_chance = st.integers(0, 100).map(str) | st.just("")


@given(st.lists(st.tuples(_stage, _value, _unit, _chance), max_size=12))
def test_rows_add_up_to_the_totals_exactly(drawn: list[tuple[str, str, str, str]]) -> None:
    texts = [
        f"stage: {stage}\nprobability: {chance}\n" + (f"value: {value} {unit}" if value else "")
        for stage, value, unit, chance in drawn
    ]
    found = view(context(deals(*texts)))
    assert sum(row.total.count for row in found.stages) == found.count == len(drawn)
    for name in ("value", "weighted"):
        rows = Sums().merge(getattr(row.total, name) for row in found.stages)
        assert rows == Sums().merge(getattr(total, name) for total in found.totals.values())

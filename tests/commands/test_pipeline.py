from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.sales.pipeline import cards, pipelines
from plaincrm.views.paint import plain
from plaincrm.views.pipeline import bar, boards, pipeline
from plaincrm.views.table import columns
from tests.conftest import Crm
from tests.worlds import world

STAGE = ["stage", "status", "probability", "count", "value", "weighted", "rotting"]


def test_json_is_the_contract(crm: Crm) -> None:
    found = crm("pipeline", "--json").json
    assert [found[key] for key in ("schemaVersion", "kind", "asOf", "total")] == [1, "pipeline", "2026-11-21", 40]
    assert [each["pipeline"] for each in found["results"]] == ["default", "workshops"]
    lead = found["results"][0]["stages"][0]
    assert set(STAGE) <= set(lead) and lead["stage"] == "lead" and lead["value"] == {"EUR": 34315.0}
    assert set(found["results"][0]["open"]) == {"count", "value", "weighted"}
    assert set(found["results"][0]["won"]) == set(found["results"][0]["lost"]) == {"count", "value"}


def test_a_table_with_totals_and_a_board(crm: Crm) -> None:
    table, board = crm("pipeline"), crm("pipeline", "--board")
    assert "750 EUR/month" in table.out and "█" in table.out and "open" in table.out
    assert "1 deal without an amount" in table.err
    for title in ("River series,", "9,600 EUR !", "negotiation 4", "1 rotting !"):
        assert title in board.out
    for ran in (table, board):
        assert max(map(columns, ran.out.splitlines())) <= 80


def test_a_query_a_field_and_one_pipeline(crm: Crm) -> None:
    rows = crm("pipeline", "is:open", "--by", "company", "--json").json["results"][0]["stages"]
    assert {row["company"]: row["count"] for row in rows}["prairie-solar"] == 2
    one = crm("pipeline", "--pipeline", "Workshops", "--json").json["results"]
    assert [each["pipeline"] for each in one] == ["workshops"]
    assert crm("pipeline", "stage:lead", "--count").out == "5\n"
    assert crm("pipeline", "stage:lead", "--ids").out.count("deal/") == 5
    header, *_ = crm("pipeline", "--pipeline", "workshops", "--csv").out.splitlines()
    assert header == "pipeline,stage,count,value,weighted,rotting"
    assert crm("pipeline", "stage:held", "--template", "{{ pipeline }} {{ stage }} {{ count }}").out.count("\n") >= 1


@pytest.mark.parametrize("words", [["--by", "compny"], ["--pipeline", "workshop"], ["stage:leed"]])
def test_what_is_not_known_is_an_error(crm: Crm, words: list[str]) -> None:
    ran = crm("pipeline", *words)
    assert (ran.code, ran.out) == (2, "") and "did you mean" in ran.err


def test_no_deals_is_no_error(crm: Crm) -> None:
    ran = crm("pipeline", "value:99999999..")
    assert (ran.code, ran.out.strip()) == (0, "") and "no deals" in ran.err


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(st.lists(NAMES, min_size=1, max_size=8), st.sampled_from([40, 60, 80, 120]))
def test_a_board_fits_whatever_deals_are_called(names: list[str], width: int) -> None:
    from plaincrm.core.emit import new_file

    stages = ("lead", "contacted", "proposal", "negotiation", "parked")
    files = {f"deals/d{n}.md": new_file({"name": name, "stage": stages[n % 5], "value": f"{10**n} EUR"}, "")
             for n, name in enumerate(names)}  # fmt: skip
    here = world(files)
    views = pipelines(here.store.records("deal"), here)
    found = {each.pipeline: cards(each, here.store.records("deal"), here) for each in views}
    text = boards(views, found, width, plain)
    head, _, _ = text.partition("\n\nopen")
    assert max(map(columns, head.split("\n"))) <= width
    assert not any(char in text for char in "\x1b\r\u202e")


def test_currencies_without_a_rate_stand_apart() -> None:
    here = world({"deals/a.md": "name: A\nvalue: 100 USD", "deals/b.md": "name: B\nvalue: 50 EUR"})
    text = pipeline(pipelines(here.store.records("deal"), here), 80, plain)
    assert "100 USD" in text and "50 EUR" in text and "150" not in text


@pytest.mark.parametrize(("share", "drawn"), [("1", "██████████"), ("0.5", "█████"), ("0.0001", "▏"), ("0.05", "▌")])
def test_a_bar_is_true_to_an_eighth(share: str, drawn: str) -> None:
    assert bar(Decimal(share), 10) == drawn


def test_an_empty_book_has_a_table_and_nothing_beneath(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "plaincrm.yaml").write_text("currency: EUR\n")
    out = crm("pipeline", cwd=tmp_path / "empty").out
    assert out.startswith("STAGE")
    assert not out.endswith("\n\n")

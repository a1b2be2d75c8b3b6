"""`plaincrm forecast`."""

from __future__ import annotations

from tests.conftest import Crm


def test_the_keys_are_those_of_the_contract(crm: Crm) -> None:
    answer = crm("forecast", "--json").json
    assert (answer["kind"], answer["by"], answer["asOf"]) == ("forecast", "month", "2026-11-21")
    assert {"overdue", "undated"} <= set(answer)
    row = answer["results"][0]
    names = ("period", "from", "to", "deals", "won", "commit", "best", "open", "weighted")
    assert {*names, "goal", "attained"} <= set(row)
    assert (row["period"], row["goal"]) == ("2026-11", None)
    rows = (*answer["results"], answer["overdue"], answer["undated"])
    assert answer["total"] == sum(each["deals"] for each in rows)


def test_quarters_stand_against_their_goals(crm: Crm) -> None:
    answer = crm("forecast", "--by", "quarter", "--json").json
    (first, second, *_) = answer["results"]
    assert (first["period"], first["goal"]) == ("2026-Q4", {"EUR": 30000.0})
    assert first["attained"] == first["won"]["EUR"] / 30000
    assert (second["period"], second["goal"]) == ("2027-Q1", {"EUR": 20000.0})
    out = crm("forecast", "--by", "quarter").out
    assert "goals" in out and "win rate of the last year" in out


def test_open_is_what_list_gives(crm: Crm) -> None:
    december = crm("forecast", "--from", "2026-12", "--to", "2026-12", "--json").json["results"][0]
    deals = crm("list", "deals", "is:open", "close_date:2026-12", "--json").json
    assert december["deals"] == deals["total"]


def test_won_is_what_the_reports_say(crm: Crm) -> None:
    row = crm("forecast", "--by", "year", "--from", "2025", "--json").json["results"][0]
    assert row["period"] == "2025"
    for name in ("sales", "money"):
        figures = crm("report", name, "--period", "2025", "--json").json["results"]
        won = {f["currency"]: f["value"] for f in figures if f["figure"] == "won_value"}
        assert {unit: sum for unit, sum in won.items() if sum} == row["won"]


def test_why_lists_the_deals_of_each_cell_and_they_add_up(crm: Crm) -> None:
    out = crm("forecast", "--why").out
    assert "deal/fjord-website-2027" in out.partition("why")[2]


def test_a_query_a_pipeline_and_ids(crm: Crm) -> None:
    whole = set(crm("forecast", "--ids").out.split())
    workshops = set(crm("forecast", "--pipeline", "workshops", "--ids").out.split())
    assert workshops and workshops < whole
    assert set(crm("forecast", "pipeline:workshops", "--ids").out.split()) == workshops
    assert crm("forecast", "--pipeline", "workshop").code == 2


def test_a_category_by_hand_and_a_deal_left_out(crm: Crm) -> None:
    crm("set", "fjord-website-2027", "forecast=commit", "-y")
    before = crm("forecast", "--json").json
    crm("set", "fjord-website-2027", "forecast=omitted", "-y")
    after = crm("forecast", "--json").json
    assert after["omitted"] == before["omitted"] + 1
    assert after["total"] == before["total"] - 1
    assert crm("set", "fjord-website-2027", "forecast=surely", "-y").code == 5
    assert "left out" in crm("forecast").out

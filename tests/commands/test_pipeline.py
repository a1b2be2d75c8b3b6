from __future__ import annotations

import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.sales.pipeline import cards, pipelines
from plaincrm.views.formats import write
from plaincrm.views.layout import Layout
from plaincrm.views.pipeline import bar, boards, pipeline
from plaincrm.views.rows import Rows
from plaincrm.views.table import columns
from tests.conftest import TODAY, Crm, git
from tests.contexts import context

NOTHING = Rows("deals", 0, [], [], lambda row: row)
STAGE = ["stage", "status", "probability", "count", "value", "weighted", "rotting"]


def test_json_is_the_contract(crm: Crm) -> None:
    found = crm("pipeline", "--json").json
    assert [found[key] for key in ("schemaVersion", "kind", "asOf", "total")] == [
        1,
        "pipeline",
        "2026-11-21",
        40,
    ]
    assert [each["pipeline"] for each in found["results"]] == ["default", "workshops"]
    lead = found["results"][0]["stages"][0]
    assert set(STAGE) <= set(lead) and lead["stage"] == "lead" and lead["value"] == {"EUR": 34315.0}
    assert set(found["results"][0]["open"]) == {"count", "value", "weighted"}
    assert set(found["results"][0]["won"]) == set(found["results"][0]["lost"]) == {"count", "value"}


@pytest.mark.parametrize("words", [(), ("stage:lead", "or", "stage:held"), ("--by", "source")])
def test_why_each_sum_is_what_the_printed_query_lists(crm: Crm, words: tuple[str, ...]) -> None:
    pipelines_told = crm("pipeline", *words, "--why", "--json").json["results"]
    figures = [figure for each in pipelines_told for figure in each["why"]]
    assert {figure["figure"] for figure in figures} >= {"open", "weighted", "won"}
    for figure in figures:
        assert figure["value"] == pytest.approx(sum(term["value"] for term in figure["terms"]))
        assert figure["n"] >= 1
        for term in figure["terms"]:
            assert listed(crm, term["query"], figure) == pytest.approx(term["value"]), term["query"]


def listed(crm: Crm, query: str, figure: dict[str, Any]) -> float:
    """The sum of the deals that a printed command lists."""
    found = crm(*shlex.split(query), "--json").json
    if figure["figure"] != "weighted":
        total: float = found["sums"]["worth"][figure["currency"]]
        return total
    facts = (each["computed"] for each in found["results"])
    amounts = [(each["worth"], each["chance"]) for each in facts if each["worth"]]
    return sum(
        worth["amount"] * chance / 100
        for worth, chance in amounts
        if chance is not None and unit_of(worth) == figure["currency"]
    )


def unit_of(money: dict[str, Any]) -> str:
    return "/".join(filter(None, (money["currency"], money["per"])))


def test_why_is_shown_beneath_the_table_and_the_board(crm: Crm) -> None:
    for more in ((), ("--board",)):
        told = crm("pipeline", "--pipeline", "workshops", "--why", *more)
        assert "plaincrm list deals pipeline:workshops stage:enquiry" in told.out
    assert crm("pipeline", "--since", "last-month", "--why").code == 2


def test_one_pipeline_of_a_query_with_or(crm: Crm) -> None:
    asked = ("pipeline", "stage:lead", "or", "stage:held", "--pipeline", "workshops")
    assert [each["pipeline"] for each in crm(*asked, "--json").json["results"]] == ["workshops"]


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
    assert (
        crm(
            "pipeline", "stage:held", "--template", "{{ pipeline }} {{ stage }} {{ count }}"
        ).out.count("\n")
        >= 1
    )


@pytest.mark.parametrize("words", [["--by", "compny"], ["--pipeline", "workshop"], ["stage:leed"]])
def test_what_is_not_known_is_an_error(crm: Crm, words: list[str]) -> None:
    ran = crm("pipeline", *words)
    assert (ran.code, ran.out) == (2, "") and "did you mean" in ran.err


def test_no_deals_is_no_error(crm: Crm) -> None:
    ran = crm("pipeline", "value:99999999..")
    assert (ran.code, ran.out.strip()) == (0, "") and "no deals" in ran.err


def test_rows_by_the_month_in_which_deals_close(crm: Crm) -> None:
    rows = crm("pipeline", "--by", "month", "--pipeline", "default", "--json").json["results"][0]
    found = {row["month"]: row["count"] for row in rows["stages"]}
    won = crm("list", "deals", "pipeline:default", "ended:2026-10", "--count").out
    due = crm("list", "deals", "pipeline:default", "is:open", "close_date:2026-12", "--count").out
    assert (found["2026-10"], found["2026-12"]) == (int(won), int(due)) != (0, 0)
    assert list(found)[-1] == ""  # those without a day stand last
    assert "2026-Q4" in crm("pipeline", "--by", "quarter").out
    assert sum(found.values()) == int(crm("list", "deals", "pipeline:default", "--count").out)


def test_several_pipelines_are_summed_in_the_end(crm: Crm) -> None:
    ran = crm("pipeline", "--json").json
    for status in ("open", "won", "lost", "parked"):
        counts = [each[status]["count"] for each in ran["results"]]
        values = [each[status]["value"].get("EUR", 0) for each in ran["results"]]
        assert ran["all"][status]["count"] == sum(counts)
        assert ran["all"][status]["value"]["EUR"] == pytest.approx(sum(values))
    shown = crm("pipeline").out.partition("all pipelines\n\n")[2]
    assert " ".join(shown.split()).startswith("open 25 deals 144,733 EUR, 750 EUR/month")
    assert "all pipelines" not in crm("pipeline", "workshops").out


def test_the_bars_have_a_heading_and_what_is_open_is_bold(crm: Crm) -> None:
    assert crm("pipeline").out.splitlines()[2].split()[-1] == "SIZE"
    shown = crm("--color", "always", "pipeline", "default").out
    assert "\x1b[1mopen " in shown and "\x1b[2mwon " not in shown
    assert "no deals here that fit" in crm("pipeline", "xyzzy").err


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(st.lists(NAMES, min_size=1, max_size=8), st.sampled_from([40, 60, 80, 120]))
def test_a_board_fits_whatever_deals_are_called(names: list[str], width: int) -> None:
    from plaincrm.core.yaml.write import new_file

    stages = ("lead", "contacted", "proposal", "negotiation", "parked")
    files = {
        f"deals/d{n}.md": new_file(
            {"name": name, "stage": stages[n % 5], "value": f"{10**n} EUR"}, ""
        )
        for n, name in enumerate(names)
    }
    here = context(files)
    views = pipelines(here.store.records("deal"), here)
    found = {each.pipeline: cards(each, here.store.records("deal"), here) for each in views}
    text = write(boards(views, NOTHING, "stage", TODAY, found), "table", Layout(width))
    head, _, _ = text.partition("\n\nopen")
    assert max(map(columns, head.split("\n"))) <= width
    assert not any(char in text for char in "\x1b\r\u202e")


def test_currencies_without_a_rate_stand_apart() -> None:
    here = context(
        {"deals/a.md": "name: A\nvalue: 100 USD", "deals/b.md": "name: B\nvalue: 50 EUR"}
    )
    doc = pipeline(pipelines(here.store.records("deal"), here), NOTHING, "stage", TODAY)
    text = write(doc, "table", Layout(80))
    assert "100 USD" in text and "50 EUR" in text and "150" not in text


@pytest.mark.parametrize(
    ("share", "drawn"), [("1", "██████████"), ("0.5", "█████"), ("0.0001", "▏"), ("0.05", "▌")]
)
def test_a_bar_is_true_to_an_eighth(share: str, drawn: str) -> None:
    assert bar(Decimal(share), 10) == drawn


def test_an_empty_book_has_a_table_and_nothing_beneath(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "plaincrm.yaml").write_text("currency: EUR\n")
    out = crm("pipeline", cwd=tmp_path / "empty").out
    assert out.startswith("STAGE")
    assert not out.endswith("\n\n")


@pytest.fixture
def october(crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch) -> Crm:
    """The book committed in October, and some days of work since."""
    git(studio, "commit", "-q", "--amend", "--no-edit", "--date", "2026-10-01T12:00:00+02:00")
    for day, words in {
        "2026-10-01": [],
        "2026-11-02": ["win", "fjord-website-2027"],
        "2026-11-10": ["add", "deal", "A new one", "value=1000.10", "stage=lead"],
        "2026-11-12": ["rename", "a-new-one", "Another name"],
        "2026-11-20": ["set", "another-name", "value=1500.15", "stage=proposal"],
    }.items():
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00+01:00")
        if words:
            assert crm("--today", day, *words).code == 0
        else:
            git(studio, "commit", "-q", "--amend", "--no-edit")
    return crm


def test_a_bridge_over_a_period_takes_in_the_whole_of_it(october: Crm) -> None:
    """Since a month: from the end of the day before it; until a month: to its last day."""
    ran = october(
        "--today", "2026-12-05", "pipeline", "--since", "2026-11", "--until", "last-month", "--json"
    )
    assert (ran.json["since"], ran.json["until"]) == ("2026-10-31", "2026-11-30")
    assert "2026-11 is Sun 2026-11-01" in ran.err and "last-month is" in ran.err
    assert (
        october("--today", "2026-12-05", "list", "deals", "--as-of", "last-month", "--count").code
        == 0
    )


def test_the_bridge_between_two_days(october: Crm) -> None:
    found = october("pipeline", "--since", "2026-10-31", "--json").json
    assert [found[key] for key in ("kind", "since", "until", "total")] == [
        "bridge",
        "2026-10-31",
        "2026-11-21",
        2,
    ]
    steps = {step["step"]: step for step in found["results"]}
    assert [*steps][:: len(steps) - 1] == ["opening", "closing"]
    assert set(steps["new"]) == {"step", "count", "value", "weighted", "deals"}
    assert steps["won"]["deals"] == ["deal/fjord-website-2027"]
    assert (steps["new"]["value"], steps["new"]["deals"]) == (
        {"EUR": 1500.15},
        ["deal/another-name"],
    )
    for name, day in (("opening", "2026-10-31"), ("closing", "2026-11-21")):
        views = october("pipeline", "--as-of", day, "--json").json["results"]
        assert steps[name]["count"] == sum(view["open"]["count"] for view in views)
    table = october("pipeline", "--since", "2026-10-31").out.splitlines()
    assert table[0].split() == ["STEP", "DAY", "DEALS", "VALUE", "WEIGHTED"]
    assert [row.split()[0] for row in table if row[0] != " "][1:] == [
        "opening",
        "new",
        "won",
        "closing",
    ]


def test_the_bridge_to_a_day_before_and_of_some_deals(october: Crm) -> None:
    def steps(*words: str) -> dict[str, int]:
        results = october("pipeline", "--since", *words, "--json").json["results"]
        return {step["step"]: step["count"] for step in results if step["count"] and step["deals"]}

    whole = steps("2026-11-10", "--until", "2026-11-20")
    assert {name: whole[name] for name in ("grown", "advanced")} == {"grown": 1, "advanced": 1}
    assert steps("2026-11-10", "--as-of", "2026-11-12").keys() == {"opening", "closing"}
    assert steps("2026-10-31", "is:won") == {
        "opening": 1,
        "won": 1,
    }, "a deal that fits on either day, on both"
    former = {"opening": 1, "grown": 1, "advanced": 1, "closing": 1}
    assert steps("2026-11-10", 'name:"A new one"') == former, "whatever its name is now"
    assert (
        october("pipeline", "--since", "2026-10-31", "--ids").out
        == "deal/another-name\ndeal/fjord-website-2027\n"
    )
    assert october("pipeline", "--since", "2026-10-31", "--count").out == "2\n"
    assert october("pipeline", "--since", "2026-10-31", "--csv").out.count("\n") == 14


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--since", "today"], 2),
        (["--until", "2026-11-01"], 2),
        (["--since", "2026-11-01", "--board"], 2),
        (["--since", "2026-11-20", "--until", "2026-11-01"], 2),
        (["--since", "2026-11-01", "--until", "tomorrow"], 2),
        (["--since", "gestern"], 2),
    ],
)
def test_a_bridge_that_leads_nowhere(october: Crm, words: list[str], code: int) -> None:
    ran = october("pipeline", *words)
    assert (ran.code, ran.out) == (code, "")


def test_rows_by_a_path_and_by_the_id_that_a_company_has_now(crm: Crm, studio: Path) -> None:
    rows = crm("pipeline", "--by", "company.country", "is:won", "--json").json["results"][0]
    assert {"DE", "GB", "NO", "US"} <= {row["company.country"] for row in rows["stages"]}
    deal = studio / "deals" / "kestrel-alias.md"
    deal.write_text("---\nname: By its alias\nstage: lead\ncompany: kestrel-books\n---\n", "utf-8")
    rows = crm("pipeline", "--by", "company", "--json").json["results"][0]["stages"]
    names = {row["company"] for row in rows}
    assert "kestrel-books" not in names and "kestrel-and-daughters-books" in names


def test_a_negative_sum_has_no_bar(crm: Crm, studio: Path) -> None:
    deal = studio / "deals" / "credit.md"
    deal.write_text("---\nname: Credit\nstage: lead\nvalue: -900000 EUR\n---\n", "utf-8")
    ran = crm("pipeline")
    assert ran.code == 0 and "-865,685 EUR" in ran.out


def test_the_bridge_shows_what_only_its_weighted_value_lost() -> None:
    from plaincrm.core.values.money import Money
    from plaincrm.sales.bridge import BridgeStep
    from plaincrm.views.bridge import _lines

    step = BridgeStep("advanced")
    step.weighted.add(Money(Decimal(100), "EUR"))
    assert list(_lines(step, None)) == [["advanced", "", "0", "", "+100 EUR"]]

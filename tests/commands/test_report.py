"""`plaincrm report`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Crm, git

REPORTS = {
    "sales": (
        "new_deals won_count won_value lost_count win_rate win_rate_by_value average_deal"
        " cycle_mean cycle_median velocity"
    ),
    "money": "won_value invoiced paid outstanding overdue uninvoiced recurring_per_month",
    "customers": "customers repeat_rate retention lifetime_value largest_share",
    "support": "opened solved backlog breach_rate reopens one_touch csat nps",
    "funnel": "",
    "sources": "",
    "campaigns": "",
    "products": "",
    "activity": "",
    "health": "",
    "hygiene": "",
    "forecast-accuracy": "",
    "closing": "",
}


def figures(answer: dict[str, Any]) -> dict[tuple[str, str | None], Any]:
    return {(each["figure"], each["currency"]): each["value"] for each in answer["results"]}


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_has_its_figures_in_every_form(crm: Crm, name: str) -> None:
    answer = crm("report", name, "--json").json
    assert (answer["kind"], answer["name"]) == ("report", name)
    month = name == "closing"  # what will close soon is asked of this month
    wanted = ("2026-11-01", "2026-11-30") if month else ("2026-01-01", "2026-12-31")
    assert (answer["from"], answer["to"]) == wanted
    found = {each["figure"] for each in answer["results"]}
    assert set(REPORTS[name].split()) <= found
    for each in answer["results"]:
        assert each["unit"] != "percent" or each["n"] is not None
        assert each["n"] != 0 or each["value"] is None
    for form in ((), ("--md",), ("--csv",), ("--why",)):
        assert crm("report", name, *form).out


def test_columns_of_the_tables_are_those_of_the_contract(crm: Crm) -> None:
    wanted = {
        "funnel": ("stages", "stage reached went_on rate median_days"),
        "sources": ("sources", "source leads won win_rate revenue"),
        "products": ("products", "product quantity revenue cost margin"),
        "health": ("health", "kind id health"),
        "customers": ("segments", "segment customers"),
    }
    for report, (table, names) in wanted.items():
        answer = crm("report", report, "--json", "--period", "2025").json
        (found,) = (each for each in answer["tables"] if each["name"] == table)
        columns = [column["name"] for column in found["columns"]]
        assert columns[: len(names.split())] == names.split()


def test_money_is_one_figure_wherever_it_is_shown(crm: Crm) -> None:
    for period in ("2024", "2025-Q2", "2026-10"):
        sales, money = (
            figures(crm("report", name, "--json", "--period", period).json)
            for name in ("sales", "money")
        )
        for key in sales:
            if key[0] in ("won_value", "revenue"):
                assert money[key] == sales[key], (period, key)


def test_the_rows_of_a_table_add_up_to_the_figures(crm: Crm) -> None:
    answer = crm("report", "sales", "--json", "--period", "2025", "--by", "company.country").json
    by_name = {each["figure"]: each["value"] for each in answer["results"]}
    (table,) = answer["tables"]
    names = [column["name"] for column in table["columns"]]
    for column, figure in (("new", "new_deals"), ("won", "won_count"), ("lost", "lost_count")):
        place = names.index(column)
        assert sum(row[place] for row in table["rows"]) == by_name[figure]
    place = names.index("won_value")
    whole = sum(row[place].get("EUR", 0) for row in table["rows"])
    assert round(whole, 2) == figures(answer)["won_value", "EUR"]


def test_a_query_narrows_and_ids_name_what_was_counted(crm: Crm) -> None:
    whole = crm("report", "sales", "--ids", "--period", "2026").out.split()
    workshops = crm(
        "report", "sales", "pipeline:workshops", "--ids", "--period", "2026"
    ).out.split()
    assert set(workshops) < set(whole)
    assert all(ref.startswith("deal/workshop") for ref in workshops)


def test_compare_shows_the_period_before(crm: Crm) -> None:
    answer = crm("report", "sales", "--period", "2025", "--compare", "--json").json
    before = crm("report", "sales", "--period", "2024", "--json").json
    old = figures(before)
    for each in answer["results"]:
        assert each["previous"] == old.get((each["figure"], each["currency"]))


def test_before_all_there_is_lies_nothing(crm: Crm) -> None:
    ran = crm("report", "compare", "is:recurring", "is:won", "--compare")
    assert ran.code == 2 and "no period to compare with" in ran.err


def test_a_deal_that_ended_on_no_day_is_told(crm: Crm, studio: Path) -> None:
    (studio / "deals/old.md").write_text("---\nname: Old\nstage: won\nvalue: 9 EUR\n---\n")
    assert "1 deal ended on no day that is known and is in no period" in crm("report", "sales").out


def test_why_names_the_records(crm: Crm) -> None:
    out = crm("report", "money", "--why").out
    assert "deal/prairie-logo" in out and "2026-028" in out


@pytest.mark.parametrize("by", ["month", "weekday", "quarter", "owner", "stage", "contact.status"])
def test_groups_may_be_any_field_or_a_period(crm: Crm, by: str) -> None:
    tables = crm("report", "sales", "--by", by, "--period", "2025", "--json").json["tables"]
    assert [table["name"] for table in tables] == [f"by {by}"]
    assert tables[0]["rows"]


def test_the_findings_of_hygiene_are_what_list_gives(crm: Crm) -> None:
    (table,) = crm("report", "hygiene", "--json").json["tables"]
    assert table["rows"]
    for _, count, command in table["rows"]:
        assert crm(*command.split(), "--count").out == f"{count}\n"


def test_a_trait_is_held_against_an_outcome(crm: Crm) -> None:
    done = crm("report", "compare", "has:source", "is:won", "--json")
    by_name = {each["figure"]: each for each in done.json["results"]}
    assert by_name["with"]["n"] and by_name["without"]["n"]
    assert [term["name"] for term in by_name["difference"]["terms"]] == ["low", "high"]
    assert crm("report", "compare", "has:source").code == 2
    assert crm("report", "compare", "has:nonsense", "is:won").code == 2


def test_list_tells_what_each_says(crm: Crm) -> None:
    answer = crm("report", "list", "--json").json
    assert {"sales", "money", "compare"} <= {each["name"] for each in answer["results"]}
    assert all(each["doc"] for each in answer["results"])


def test_a_book_has_reports_of_its_own(crm: Crm, studio: Path) -> None:
    (studio / "reports").mkdir(exist_ok=True)
    own = studio / "reports" / "held.yaml"
    own.write_text(
        "doc: Workshops that were held\nquery: pipeline:workshops is:won ended:{first}..{last}\n"
        "by: month\nfigures: [count, value.sum, cycle.median]\n",
        encoding="utf-8",
    )
    answer = crm("report", "held", "--period", "2026", "--json").json
    found = figures(answer)
    listed = crm("list", "deals", "pipeline:workshops", "is:won", "ended:2026", "--count").out
    assert found["count", None] == int(listed) > 0
    assert [each["name"] for each in answer["tables"][0]["columns"]] == [
        "month",
        "count",
        "value.sum",
        "cycle.median",
    ]
    assert "held" in crm("report", "list").out
    own.write_text("query: sorce:x\n", encoding="utf-8")
    done = crm("report", "held")
    assert done.code == 5 and "sorce" in done.err


def test_as_of_a_day_is_the_report_of_that_day(crm: Crm, studio: Path, tmp_path: Path) -> None:
    crm("win", "fjord-website-2027", "-y")
    now = crm("report", "sales", "--json").json
    past = tmp_path / "past"
    git(studio, "worktree", "add", "-q", str(past), "HEAD~1")
    there = crm("-C", str(past), "report", "sales", "--json").json
    assert figures(there) != figures(now)
    assert figures(crm("report", "sales", "--json").json) == figures(now)


def test_an_unknown_report_is_told(crm: Crm) -> None:
    done = crm("report", "salse")
    assert done.code == 3 and "sales" in done.err


@pytest.mark.parametrize("name", ["x.csv", "x.json", "x.md", "x.txt"])
def test_into_a_file(crm: Crm, tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    for _ in range(2):
        assert crm("report", "sales", "-o", str(place)).code == 0
    assert "won_value" in place.read_text() or "won value" in place.read_text()
    place.write_text("something else", encoding="utf-8")
    assert crm("report", "sales", "-o", str(place)).code == 5
    assert crm("report", "sales", "-o", str(tmp_path / "x.pdf")).code == 2


def test_a_page_says_what_is_few_and_what_is_none(crm: Crm, tmp_path: Path) -> None:
    def page(name: str, *words: str) -> str:
        place = tmp_path / f"{name}.html"
        assert crm("report", name, *words, "-o", str(place)).code == 0
        return place.read_text(encoding="utf-8")

    customers = page("customers")
    share = customers.partition("Largest share")[2].partition("</section>")[0]
    assert "n = 16" in share and " to " not in share.partition("<details")[0]  # no sample
    repeat = customers.partition("Repeat rate")[2].partition("</section>")[0]
    assert "n = 16 · 23% to 67%" in repeat
    assert "n too small" in page("funnel")  # one of four went on
    empty = page("products", "--period", "2001")
    assert ">None</p>" in empty and "<td" not in empty


def test_support_by_product_and_what_the_example_was_rated(crm: Crm) -> None:
    found = crm("report", "support", "--json").json
    figures = {each["figure"]: each for each in found["results"]}
    assert (figures["nps"]["n"], figures["nps"]["value"]) == (4, 75)
    assert figures["csat"]["n"] == 7


def test_support_by_the_products_of_the_deal_or_of_the_ticket(crm: Crm) -> None:
    assert _products(crm) == {"label-design": 1}
    assert crm("set", "ticket/label-glue-d9wq", "product=logo-package").code == 0
    assert _products(crm) == {"logo-package": 1}


def _products(crm: Crm) -> dict[str, int]:
    """The tickets of 2025 by product, from the report as it usually is."""
    tables = crm("report", "support", "--period", "2025", "--json").json["tables"]
    found = next(each for each in tables if each["name"] == "by product")
    return {row[0]: row[1] for row in found["rows"] if row[0] != "—"}


@pytest.mark.parametrize(("chart", "mark"), [("bars", "<rect"), ("line", "<polyline")])
def test_a_books_own_report_says_how_it_is_drawn(
    crm: Crm, studio: Path, chart: str, mark: str
) -> None:
    text = f"doc: Begun\nkind: deals\nby: month\nfigures: [count]\nchart: {chart}\n"
    (studio / "reports" / "begun.yaml").write_text(text, "utf-8")
    assert crm("report", "begun", "-o", "begun.html").code == 0
    assert mark in (studio / "begun.html").read_text("utf-8")
    assert "COUNT" in crm("report", "begun").out  # in the terminal its table stands for it

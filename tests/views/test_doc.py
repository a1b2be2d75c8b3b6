"""Documents: sections of text, figures and tables, in every format."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from plaincrm.core.values.figure import Figure, FigureColumn, FigureTable, Term, rate
from plaincrm.errors import UsageError
from plaincrm.views.doc import Chart, Doc, DocSection
from plaincrm.views.formats import write
from plaincrm.views.layout import Layout
from plaincrm.views.table import columns

RATE = rate("win_rate", 12, 19, 19, (Term("won", 12), Term("decided", 19)))
WON = Figure(
    "won_value",
    Decimal("4200.50"),
    "money",
    "EUR",
    terms=(Term("website", Decimal("4200.50"), "deal/website"),),
    previous=Decimal(100),
)
NOTHING = rate("repeat_rate", 0, 0, 0)
SOURCES = FigureTable(
    "sources",
    (FigureColumn("source"), FigureColumn("leads", "count"), FigureColumn("revenue", "money")),
    (
        ("=referral", 3, {"EUR": Decimal(4200), "USD": Decimal("10.50")}),
        ("[a](http://x)|b", 1, None),
    ),
)
DOC = Doc(
    "report",
    "Sales",
    (
        DocSection("Figures", (RATE, WON, NOTHING)),
        DocSection("Sources", ("Where they came\x1b[31m from.", Chart(SOURCES))),
    ),
    19,
    {"name": "sales", "from": "2026-01-01", "to": "2026-12-31"},
)


def test_on_a_terminal() -> None:
    assert (
        write(DOC, "table", Layout(80))
        == """\
Sales

Figures
win rate            63.2%  n=19
won value    4,200.50 EUR        before: 100 EUR
repeat rate             —  n=0

Sources
Where they came\\x1b[31m from.

SOURCE           LEADS               REVENUE
=referral            3  4,200 EUR, 10.50 USD
[a](http://x)|b      1                     —
"""
    )


def test_the_terms_stand_beneath_with_why() -> None:
    plain, why = (write(DOC, "table", Layout(80, why=each)) for each in (False, True))
    assert "deal/website" not in plain
    assert "    website  4,200.50 EUR  deal/website" in why
    assert why.index("win rate") < why.index("    won      12") < why.index("won value")


def test_it_fits_and_is_harmless() -> None:
    for width in (40, 80, 120):
        text = write(DOC, "table", Layout(width, why=True))
        assert max(map(columns, text.split("\n"))) <= width
        assert "\x1b" not in text


def test_a_rate_without_cases_is_no_number() -> None:
    assert "repeat rate" in write(DOC, "table", Layout())
    assert json.loads(write(DOC, "json", Layout()))["results"][2]["value"] is None


def test_json_is_the_contract_of_reports() -> None:
    found = json.loads(write(DOC, "json", Layout()))
    keys = "schemaVersion kind name from to total results tables"
    assert list(found) == keys.split()
    assert found["results"][1] == {
        "figure": "won_value",
        "value": 4200.5,
        "unit": "money",
        "currency": "EUR",
        "n": None,
        "previous": 100,
        "terms": [{"name": "website", "value": 4200.5, "ref": "deal/website"}],
    }
    assert found["tables"] == [
        {
            "name": "sources",
            "columns": [
                {"name": "source", "unit": "text"},
                {"name": "leads", "unit": "count"},
                {"name": "revenue", "unit": "money"},
            ],
            "rows": [["=referral", 3, {"EUR": 4200, "USD": 10.5}], ["[a](http://x)|b", 1, None]],
        }
    ]


def test_csv_has_its_tables_and_no_formula() -> None:
    figures, sources = write(DOC, "csv", Layout()).split("\n\n")
    assert figures.splitlines()[0] == "figure,value,unit,currency,n,previous"
    assert figures.splitlines()[2] == "won_value,4200.50,money,EUR,,100"
    assert sources.splitlines()[:2] == [
        "source,leads,revenue",
        '\'=referral,3,"4200 EUR, 10.50 USD"',
    ]


def test_markdown_has_headings_and_escapes() -> None:
    text = write(DOC, "md", Layout(why=True))
    assert "# Sales\n" in text and "## Sources\n" in text and "**win rate**" in text
    assert "\\|b" in text and "\x1b" not in text


def test_a_template_runs_over_its_first_table() -> None:
    text = write(DOC, "template", Layout(argument="{{ figure }}={{ value }}"))
    assert text.splitlines()[1] == "won_value=4200.5"


def test_count_and_names() -> None:
    assert write(DOC, "count", Layout()) == "19\n"
    with pytest.raises(UsageError, match="no single records"):
        write(DOC, "ids", Layout())

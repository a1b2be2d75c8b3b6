"""`plaincrm sql`: SQLite over the book, read-only."""

from __future__ import annotations

import pytest

from tests.conftest import Crm

WRITES = [
    "DELETE FROM contacts",
    "INSERT INTO contacts(id) VALUES ('x')",
    "DROP TABLE deals",
    "CREATE TABLE x (y)",
    "ATTACH DATABASE '/tmp/plaincrm-attached.db' AS other",
    "VACUUM INTO '/tmp/plaincrm-vacuumed.db'",
    "PRAGMA journal_mode = WAL",
    "PRAGMA writable_schema = 1",
    "SELECT load_extension('x')",
    "BEGIN",
]


def test_a_question_is_answered_as_a_table_and_in_the_usual_forms(crm: Crm) -> None:
    query = (
        "SELECT id, value, value_currency FROM deals WHERE value_currency = 'NOK' ORDER BY value"
        " DESC, id LIMIT 2"
    )
    assert crm("sql", query).out.splitlines()[0].split() == ["ID", "VALUE", "VALUE_CURRENCY"]
    found = crm("sql", query, "--json").json
    assert (found["kind"], found["total"]) == ("sql", 2)
    assert found["results"][0]["value_currency"] == "NOK"
    assert crm("sql", query, "--csv").out.splitlines()[0] == "id,value,value_currency"
    assert crm("sql", query, "--count").out == "2\n"


def test_it_counts_what_list_counts(crm: Crm) -> None:
    for kind in ("contacts", "companies", "deals", "tickets", "articles"):
        asked = crm("sql", f"SELECT count(*) FROM {kind}", "--tsv").out.split()[-1]
        assert asked == crm("list", kind, "--count").out.strip()


def test_full_text_links_and_views_answer(crm: Crm) -> None:
    assert "ola-nordmann" in crm("sql", "SELECT id FROM search WHERE search MATCH 'Bergen'").out
    linked = "SELECT from_id FROM links WHERE field = 'company' AND to_id = 'fjord-ferries'"
    assert "ola-nordmann" in crm("sql", linked).out
    assert crm("sql", "SELECT * FROM pipeline").code == 0


def test_two_columns_of_one_name_both_show(crm: Crm) -> None:
    assert crm("sql", "SELECT 1 AS a, 2 AS a", "--json").json["results"] == [{"a": 1, "a_2": 2}]


@pytest.mark.parametrize("statement", WRITES)
def test_what_writes_or_opens_files_is_refused(crm: Crm, statement: str) -> None:
    ran = crm("sql", statement)
    assert ran.code == 5 and "only reads" in ran.err and not ran.out


@pytest.mark.parametrize(
    "statement", ["SELEC", "SELECT nothing FROM contacts", "SELECT 1; SELECT 2"]
)
def test_bad_sql_names_the_tables(crm: Crm, statement: str) -> None:
    ran = crm("sql", statement)
    assert ran.code == 2 and "contacts" in ran.err

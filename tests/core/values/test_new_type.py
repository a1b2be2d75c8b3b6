"""Adding a type is adding an object: it then works in files, queries, tables, JSON, JSON Schema,
CSV and SQLite.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Any

import pytest

from plaincrm.core.value_class import value
from plaincrm.core.values import types
from plaincrm.core.values.value_type import Cell, CellReader, Question, Span, Type
from tests.conftest import Crm


@value
class Stars:
    """From one star to five."""

    count: int


class StarsType(Type):
    """Written `3*`."""

    name = "stars"
    spoken = "a number of stars"
    values = Stars
    textual = False
    ordered = True
    figure = True
    json_typed = True
    sql_columns = (("", "INTEGER"), ("_of", "INTEGER"))

    def read(self, text: str, currency: str = "") -> Stars:
        if text.removesuffix("*") not in ("1", "2", "3", "4", "5"):
            raise ValueError(f'"{text}" is no number of stars; write it as 3*')
        return Stars(int(text.removesuffix("*")))

    def place(self, value: Any, zone: tzinfo) -> int:
        return int(value.count)

    def span(self, text: str, question: Question) -> Span:
        edge = self.read(text).count
        return Span(edge, edge, lambda value, _: value.count)

    def cell(self, value: Stars) -> str:
        return "★" * value.count

    def plain(self, value: Stars) -> str:
        return f"{value.count}*"

    def json(self, value: Stars) -> int:
        return value.count

    def json_schema(self, values: Iterable[str] = ()) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^[1-5]\*?$"}

    def sql(self, value: Any) -> tuple[Cell, ...]:
        return (None, None) if value is None else (value.count, 5)

    def from_cell(self, text: str, cells: CellReader) -> str:
        return f"{text.count('★')}*" if "★" in text else text


@pytest.fixture(autouse=True)
def stars(studio: Path) -> Iterator[None]:
    """The type, and a field of it in the example book."""
    types.register(StarsType())
    settings = studio / "plaincrm.yaml"
    text = settings.read_text("utf-8")
    field = "    appeal: {type: stars, doc: How much I want it}\n"
    settings.write_text(text.replace("    hours: {", f"{field}    hours: {{"), "utf-8")
    yield
    types.forget("stars")


@pytest.fixture
def rated(crm: Crm) -> tuple[str, ...]:
    """Three deals with 2, 5 and 4 stars."""
    ids = tuple(each["id"] for each in crm("list", "deals", "limit:3", "--json").json["results"])
    for id, appeal in zip(ids, ("2", "5*", "4*"), strict=True):
        ran = crm("set", id, f"appeal={appeal}")
        assert ran.code == 0, ran.err
    return ids


def listed(crm: Crm, *words: str) -> list[str]:
    ran = crm("list", "deals", *words, "--ids")
    assert ran.code == 0, ran.err
    return [line.rpartition("/")[2] for line in ran.out.split()]


def test_a_value_is_taken_and_another_refused(crm: Crm, rated: tuple[str, ...]) -> None:
    refused = crm("set", rated[0], "appeal=lots")
    assert refused.code == 5
    assert "no number of stars" in refused.err


def test_check_names_a_value_that_the_type_refuses(crm: Crm, studio: Path) -> None:
    path = next(iter(sorted((studio / "deals").rglob("*.md"))))
    text = path.read_text("utf-8")
    path.write_text(text.replace("---\n", "---\nappeal: lots\n", 1), "utf-8")
    ran = crm("check")
    assert ran.code == 1
    assert "no number of stars" in ran.out


def test_queries_compare_and_sort_it(crm: Crm, rated: tuple[str, ...]) -> None:
    two, five, four = rated
    assert set(listed(crm, "appeal:3..")) == {five, four}
    assert listed(crm, "appeal<4") == [two]
    assert listed(crm, "appeal:5") == [five]
    assert listed(crm, "has:appeal", "sort:-appeal") == [five, four, two]
    assert "number of stars" in crm("list", "deals", "appeal:many").err


@pytest.mark.usefixtures("rated")
def test_a_table_shows_it_to_the_right(crm: Crm) -> None:
    out = crm("list", "deals", "has:appeal", "sort:appeal", "--columns", "id,appeal").out
    lines = [line for line in out.splitlines() if "★" in line]
    assert [line.split()[-1] for line in lines] == ["★★", "★★★★", "★★★★★"]
    assert len({len(line) for line in lines}) == 1


@pytest.mark.usefixtures("rated")
def test_json_and_json_schema_have_it(crm: Crm) -> None:
    found = crm("list", "deals", "appeal:5", "--json").json["results"][0]
    assert found["fields"]["appeal"] == 5
    schema = crm("schema", "--json-schema", "deal").json
    assert schema["properties"]["appeal"]["pattern"] == r"^[1-5]\*?$"


def test_csv_has_it_and_reads_a_foreign_form(
    crm: Crm, rated: tuple[str, ...], tmp_path: Path
) -> None:
    out = crm("list", "deals", "appeal:5", "--columns", "id,appeal", "--csv").out
    assert list(csv.DictReader(io.StringIO(out))) == [{"id": rated[1], "appeal": "5*"}]
    foreign = tmp_path / "deals.csv"
    foreign.write_text("name,appeal\nA new stairway,★★★\n", "utf-8")
    ran = crm("import", str(foreign), "--kind", "deal", "-y")
    assert ran.code == 0, ran.err
    assert crm("list", "deals", "appeal:3", "--json").json["results"][0]["fields"]["appeal"] == 3


def test_sqlite_has_its_columns(crm: Crm, rated: tuple[str, ...]) -> None:
    asked = "SELECT id, appeal, appeal_of FROM deals WHERE appeal > 4"
    rows = crm("sql", asked, "--json").json["results"]
    assert rows == [{"id": rated[1], "appeal": 5, "appeal_of": 5}]

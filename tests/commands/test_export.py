"""`plaincrm export`, and the way back through `plaincrm import`."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Crm, git, run_in

FORMATS = ("csv", "json", "jsonl")


def whole(crm: Crm) -> dict[tuple[str, str], Any]:
    """Every record of a book as JSON, by kind and id; without what depends on where it lies in the
    files.
    """
    found = crm("export", "json").json["results"]
    return {
        (each["kind"], each["id"]): {name: each[name] for name in ("fields", "body", "tasks")}
        for each in found
    }


@pytest.mark.parametrize("form", FORMATS)
def test_into_an_empty_book_it_makes_the_same_records(
    crm: Crm, studio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    file, copy = tmp_path / f"all.{form}", tmp_path / "copy"
    assert crm("export", form, "-o", str(file)).code == 0
    run_in(monkeypatch, tmp_path, ["init", str(copy)])
    (copy / "plaincrm.yaml").write_bytes((studio / "plaincrm.yaml").read_bytes())

    def other(*words: str) -> Any:
        return run_in(monkeypatch, copy, list(words))

    ran = other("import", str(file), "-y", "--json")
    there, here = whole(other), whole(crm)
    assert (ran.code, ran.json["created"], ran.json["rows"]) == (0, len(here), len(here)), ran.err
    assert there.keys() == here.keys()
    for key, record in here.items():
        assert _without_lines(there[key]) == _without_lines(record), key


def _without_lines(record: dict[str, Any]) -> dict[str, Any]:
    """Comments of the front matter are no part of an export, so lines move."""
    return record | {
        "tasks": [{k: v for k, v in task.items() if k != "line"} for task in record["tasks"]]
    }


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("update", ["fill", "overwrite"])
def test_into_the_same_book_it_changes_nothing(
    crm: Crm, studio: Path, tmp_path: Path, form: str, update: str
) -> None:
    file = tmp_path / f"all.{form}"
    crm("export", form, "-o", str(file))
    ran = crm("import", str(file), "-y", "--update", update, "--json")
    assert (ran.code, ran.json["unchanged"]) == (0, ran.json["rows"]), ran.err
    assert git(studio, "status", "--porcelain") == ""


def test_a_query_chooses_and_csv_has_a_column_a_field(crm: Crm) -> None:
    ran = crm("export", "csv", "deals", "is:won")
    header, *rows = list(csv.reader(io.StringIO(ran.out)))
    assert header[:3] == ["kind", "id", "name"] and header[-1] == "body"
    assert {row[0] for row in rows} == {"deal"}
    assert [row[1] for row in rows] == crm("list", "deals", "is:won", "--ids").out.replace(
        "deal/", ""
    ).split()


def test_json_has_body_tasks_log_and_links(crm: Crm) -> None:
    ran = crm("export", "json", "contacts").json
    assert (ran["kind"], ran["total"]) == ("contacts", len(ran["results"]))
    assert all(
        {"body", "tasks", "log", "links", "fields", "computed"} <= set(each)
        for each in ran["results"]
    )
    assert any(each["log"] for each in ran["results"]) and any(
        each["links"] for each in ran["results"]
    )


def test_jsonl_is_an_object_a_line(crm: Crm) -> None:
    lines = crm("export", "jsonl", "companies").out.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["company"] * 20


def test_the_file_is_the_owners_only_and_never_written_over(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    assert crm("export", "csv", "-o", str(file)).code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    assert crm("export", "csv", "contacts", "-o", str(file)).code == 1
    assert file.read_bytes() == before


def test_the_folders_of_records_are_for_records(crm: Crm, studio: Path) -> None:
    assert crm("export", "csv", "-o", "contacts/all.csv").code == 5
    assert crm("export", "json", "-o", str(studio / "deals" / "all.md")).code == 5
    assert not (studio / "contacts" / "all.csv").exists()


def test_formulas_are_disarmed_and_come_back(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    formula = '=HYPERLINK("http://evil.example")'
    crm("set", "jens-petersen", f"greeting={formula}")
    file = tmp_path / "people.csv"
    crm("export", "csv", "contacts", "-o", str(file))
    cells = [cell for row in csv.reader(io.StringIO(file.read_bytes().decode())) for cell in row]
    assert f"'{formula}" in cells and formula not in cells
    run_in(monkeypatch, tmp_path, ["init", str(tmp_path / "copy")])
    run_in(monkeypatch, tmp_path / "copy", ["import", str(file), "-y"])
    shown = run_in(monkeypatch, tmp_path / "copy", ["show", "jens-petersen", "--json"])
    assert formula in shown.out.replace('\\"', '"')


def test_a_mended_export_says_which_rows_are_wrong(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    file.write_text(
        "kind,id,name,body\ncontact,new-one,New One,\nnonsense,x,X,\ncontact,../up,Up,\n"
    )
    ran = crm("import", str(file), "-y", "--json")
    assert (ran.code, ran.json["created"], ran.json["rejected"]) == (1, 1, 2)
    reasons = [each["reason"] for each in ran.json["results"] if each["reason"]]
    assert any("kind" in reason for reason in reasons) and any(
        "../up" in reason for reason in reasons
    )


@pytest.mark.parametrize("form", ["csv", "hubspot", "pipedrive"])
@pytest.mark.parametrize("value", ["=cmd|x", " =cmd|x", "\t=cmd|x"])
def test_no_form_of_csv_holds_a_formula(crm: Crm, studio: Path, form: str, value: str) -> None:
    text = f'---\nname: "E {value}"\nemail: e@x.example\njob: "{value}"\n---\n'
    (studio / "contacts" / "e-x.md").write_text(text.replace("\t", "\\t"))
    rows = csv.reader(io.StringIO(crm("export", form, "contacts", "id:e-x").out))
    cells = [cell for row in rows for cell in row if "=cmd|x" in cell]
    assert cells and not [cell for cell in cells if cell.lstrip().startswith("=")], cells

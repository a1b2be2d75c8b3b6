"""Several tables of one system given at once: one plan for all, in any order of the files."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from plaincrm.core.records.record import Record
from plaincrm.crm.book import Book
from plaincrm.crm.importing.related_files import survey
from plaincrm.crm.importing.report import Import
from plaincrm.crm.importing.run import InputFile, run
from tests.conftest import run_in
from tests.crm.importing.dumps import GERMAN, LETTERED, NUMBERED, written


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "book").mkdir()
    (tmp_path / "book/plaincrm.yaml").write_text("currency: EUR\ncountry: DE\nlanguage: de\n")
    return tmp_path / "book"


def imported(root: Path, files: Sequence[Path]) -> Import:
    done = run(Book.open(root), [InputFile(path.name, path) for path in files])
    done.change.commit()
    return done


def files(root: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(root.rglob("*.md"))}


def one(root: Path, kind: str, title: str) -> Record:
    found = [each for each in Book.open(root).store.records(kind) if each.title == title]
    assert len(found) == 1
    return found[0]


ORDERS = [list(NUMBERED), list(reversed(NUMBERED)), sorted(NUMBERED)]


@pytest.mark.parametrize("order", ORDERS)
def test_small_numbers_are_followed_by_the_names_of_their_columns(
    root: Path, tmp_path: Path, order: list[str]
) -> None:
    written(tmp_path / "dump", NUMBERED)
    done = imported(root, [tmp_path / "dump" / name for name in order])
    assert done.counts == {
        "rows": 25,
        "created": 19,
        "updated": 3,
        "unchanged": 0,
        "skipped": 1,
        "rejected": 2,
    }
    assert Counter(row.kind for row in done.rows if row.action == "created") == {
        "contact": 4,
        "product": 3,
        "deal": 3,
        "log": 9,
    }
    assert not Book.open(root).store.records("ticket")


def test_a_lead_without_a_name_is_its_contact_with_a_status(root: Path, tmp_path: Path) -> None:
    done = imported(root, written(tmp_path / "dump", NUMBERED))
    joerg = one(root, "contact", "Jörg Müller")
    assert (joerg.text("status"), joerg.text("source")) == ("prospect", "Referral")
    assert one(root, "deal", "Roof").text("contact") == joerg.id  # through leads.csv
    reasons = [row.reason for row in done.rows if row.action == "rejected"]
    assert reasons[0].startswith("no contact has the contact_id 99")
    assert reasons[1] == "its order is not imported here"


def test_lines_of_a_sale_are_the_items_of_one_order(root: Path, tmp_path: Path) -> None:
    imported(root, written(tmp_path / "dump", NUMBERED))
    order = next(each for each in one(root, "deal", "Roof").log if each.type == "order")
    assert order.people == ("joerg-mueller",)
    assert order.text == "4100 EUR #1; 1000 x Roof tile 2.50 EUR; 20 x hour-roofer 80 EUR"
    ada = next(each for each in Book.open(root).store.records("contact") if each.log)
    assert [each.text for each in ada.log] == ["250 EUR #2; 100 x Roof tile 2.50 EUR"]
    sold = run_in_json(root, "report", "products", "--period", "2024")
    rows = {row[0]: row[1:] for row in sold["tables"][0]["rows"]}
    assert rows["roof-tile"][:3] == [1100, {"EUR": 2750.0}, {"EUR": 1210.0}]  # the cost by product
    assert rows["hour-roofer"][:3] == [20, {"EUR": 1600.0}, {"EUR": 900.0}]


def run_in_json(root: Path, *words: str) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        return run_in(patch, root, [*words, "--json"]).json


def test_an_activity_is_an_entry_or_a_task_and_never_a_ticket(root: Path, tmp_path: Path) -> None:
    imported(root, written(tmp_path / "dump", NUMBERED))
    roof, harbour = one(root, "deal", "Roof"), one(root, "deal", "Harbour")
    assert [each.type for each in roof.log] == ["call", "meeting", "order"]
    assert [(each.text, str(each.due)) for each in harbour.tasks] == [
        ("call: Ask again", "2024-11-20")
    ]


@pytest.mark.parametrize("dump", [NUMBERED, LETTERED, GERMAN])
def test_the_same_dump_again_changes_nothing(
    root: Path, tmp_path: Path, dump: dict[str, str]
) -> None:
    paths = written(tmp_path / "dump", dump)
    imported(root, paths)
    before = files(root)
    again = imported(root, paths)
    assert files(root) == before
    assert again.counts["created"] == again.counts["updated"] == 0


def test_telling_ids_lead_to_their_table_whatever_the_column_is_called(
    root: Path, tmp_path: Path
) -> None:
    done = imported(root, written(tmp_path / "dump", LETTERED))
    assert done.counts["rejected"] == 0
    harbour = one(root, "deal", "Harbour")
    assert harbour.text("contact") == "ola-nordmann"
    assert harbour.text("owner") == "Kim Seller"
    assert [item.text for item in harbour.items("items")] == ["2 x Pier 1500 EUR"]
    lamps = one(root, "deal", "Lamps")
    assert [item.text for item in lamps.items("items")] == ["10 x Lamp 45.05 EUR"] * 2
    assert one(root, "contact", "Ola Nordmann").text("company") == "fjord-as"
    assert one(root, "company", "Acme GmbH").text("region") == "North"
    assert {each.title for each in Book.open(root).store.records("contact")} == {
        "Ada Byron",
        "Ola Nordmann",
        "Lu Min",
    }
    assert [each.type for each in one(root, "contact", "Lu Min").log] == ["meeting"]


@pytest.mark.parametrize("dump", [NUMBERED, LETTERED, GERMAN])
def test_the_plan_is_the_same_in_any_order(
    root: Path, tmp_path: Path, dump: dict[str, str]
) -> None:
    paths, book = written(tmp_path / "dump", dump), Book.open(root)

    def plans(order: Sequence[Path]) -> dict[str, tuple[object, ...]]:
        found = survey(book, order)
        return {path.name: (each.mapping, each.says, each.turn) for path, each in found.items()}

    first = plans(paths)
    assert len(first) == len(dump)
    for order in itertools.islice(itertools.permutations(paths), 0, 5000, 617):
        assert plans(order) == first


def test_all_is_shown_before_anything_is_written(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [str(path) for path in written(tmp_path / "dump", NUMBERED)]
    shown = run_in(monkeypatch, root, ["import", *paths, "-n"])
    assert "orders, entries of logs; opportunity_id leads to opportunities.csv" in shown.err
    assert "leads, contacts with a status; contact_id leads to contacts.csv" in shown.err
    assert "leads.csv:5: rejected: no contact has the contact_id 99" in shown.err
    assert not list((root).rglob("*.md"))
    asked = run_in(monkeypatch, root, ["import", *paths])
    assert asked.code != 0 and not list(root.rglob("*.md"))


def test_tables_without_anything_in_common_are_read_as_ever(root: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "people.csv", tmp_path / "firms.csv"
    one.write_text("Name,E-Mail\nAda,ada@x.example\n")
    two.write_text("Company,Website\nAcme,https://acme.example\n")
    assert survey(Book.open(root), [one, two]) == {}
    assert imported(root, [one, two]).counts["created"] == 2


def test_words_grown_together_and_lines_that_end_as_their_order_does(
    root: Path, tmp_path: Path
) -> None:
    done = imported(root, written(tmp_path / "dump", GERMAN))
    assert [(row.file, row.line, row.reason) for row in done.rows if row.reason] == [
        ("Aufträge.csv", 3, "the order is storniert"),
        ("Auftragspositionen.csv", 4, "the order is storniert"),
        ("Aufträge.csv", 4, "nobody here is K999; import the people first"),
        ("Auftragspositionen.csv", 5, "its order is not imported here"),
    ]
    joerg = one(root, "contact", "Jörg Müller")
    assert [each.text for each in joerg.log] == [
        "590.50 EUR #A1; 2 x Dachfenster 250 EUR; 1 x Montage 90.50 EUR"
    ]
    assert [each.text for each in joerg.tasks] == ["invoice R-2026-01 1190 EUR"]
    assert done.counts["rows"] == 13


LONE = {
    "activities.csv": "activity_id,contact_email,activity_type,subject,activity_date,status\n"
    "1,ada@x.example,Site Visit,Roof,2026-03-01,Completed\n"
    "2,ada@x.example,Demo call,Lamps,2026-03-02,Planned\n",
    "Aktivitäten.csv": "ID,Type,Title,Date,Person\n1,Workshop,Roof,01.03.2026,Ada\n"
    "2,Besuch,Lamps,02.03.2026,Ada\n",
}


@pytest.mark.parametrize("name", LONE)
def test_a_lone_file_of_activities_is_entries_and_tasks(
    root: Path, tmp_path: Path, name: str
) -> None:
    people = tmp_path / "people.csv"
    people.write_text("Name,E-Mail\nAda,ada@x.example\n")
    imported(root, [people])
    (tmp_path / name).write_text(LONE[name], "utf-8")
    assert imported(root, [tmp_path / name]).counts["created"] == 2
    ada = one(root, "contact", "Ada")
    said = [each.text for each in ada.log] + [each.text for each in ada.tasks]
    assert len(said) == 2 and "Roof" in said[0] and "Lamps" in said[1]

"""`plaincrm export` for other programs; vcf also for the way back."""

from __future__ import annotations

import csv
import io
import mailbox
import sqlite3
from pathlib import Path
from typing import Any

import icalendar
import pytest

from tests.conftest import Crm, run_in


def contacts(crm: Any) -> dict[str, Any]:
    found = crm("export", "json", "contacts").json["results"]
    return {each["id"]: (each["fields"], each["body"]) for each in found}


def test_contacts_as_vcards_come_back_as_they_were(
    crm: Crm, studio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, copy = str(tmp_path / "all.vcf"), tmp_path / "copy"
    crm("export", "vcf", "--log", "-o", file)
    same = crm("import", file, "-y", "--json").json
    assert same["unchanged"] == same["rows"] and "beside" in same and same["beside"] == 0
    run_in(monkeypatch, tmp_path, ["init", str(copy)])
    (copy / "plaincrm.yaml").write_bytes((studio / "plaincrm.yaml").read_bytes())

    def other(*words: str) -> Any:
        return run_in(monkeypatch, copy, list(words))

    assert other("import", file, "-y").code == 0
    there, here = contacts(other), contacts(crm)
    assert there.keys() == here.keys()
    assert there == here


def test_vcards_for_others_have_the_notes_but_no_log(crm: Crm, tmp_path: Path) -> None:
    crm("log", "ahmed-el-sayed", "note", "he never pays in time")
    file = tmp_path / "people.vcf"
    assert crm("export", "vcf", "-o", str(file)).code == 0
    text = file.read_text().replace("\r\n ", "")
    assert "never pays" not in text and "## Log" not in text and "- [ ]" not in text
    found = crm("import", str(file), "-y", "--json").json
    assert found["unchanged"] == found["rows"] > 0
    assert "never pays" in crm("export", "vcf", "--log").out.replace("\r\n ", "").replace("\n ", "")
    assert crm("export", "csv", "--log").code == 2


@pytest.mark.parametrize("shape", ["hubspot", "pipedrive", "salesforce", "zoho"])
def test_other_crms_get_the_notes_but_no_log(crm: Crm, shape: str) -> None:
    crm("log", "ahmed-el-sayed", "note", "he never pays in time")
    out = crm("export", shape, "contacts").out
    assert "never pays" not in out and "## Log" not in out and "- [" not in out


def test_money_in_a_csv_is_a_number_and_a_currency(crm: Crm, studio: Path) -> None:
    deal = next(path for path in (studio / "deals").rglob("*.md") if "value: " in path.read_text())
    rows = list(csv.DictReader(io.StringIO(crm("export", "csv", "deals").out)))
    row = next(row for row in rows if row["id"] == deal.stem)
    said = f"value: {row['value']} {row['value_currency']}"
    assert float(row["value"]) > 0 and said in deal.read_text()


def test_a_calendar_of_what_is_dated_has_alarms_and_stays_itself(crm: Crm) -> None:
    def events() -> dict[str, Any]:
        return {
            str(e["UID"]): e
            for e in icalendar.Calendar.from_ical(crm("export", "ics").out).walk("VEVENT")
        }

    found = events()
    assert found and all(event.walk("VALARM") for event in found.values())
    assert found.keys() == events().keys()
    deals = icalendar.Calendar.from_ical(crm("export", "ics", "deals").out).walk("VEVENT")
    assert 0 < len(deals) < len(found)


def test_the_mails_of_the_log_as_an_mbox_are_known_again(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "log.mbox"
    crm("export", "mbox", "contacts", "-o", str(file))
    box = mailbox.mbox(file)
    found = list(box)
    box.close()
    assert found and all(
        mail["Date"] and mail["Message-ID"] and not mail["X-Unsent"] for mail in found
    )
    known = [mail for mail in found if "@studio.example" in mail["Message-ID"]]
    ran = crm("import", str(file), "-n", "--json").json
    assert known and ran["unchanged"] >= len(known) and ran["rejected"] == 0


def test_one_file_of_sqlite_holds_the_book(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "book.db"
    assert crm("export", "sqlite", "-o", str(file)).code == 0
    database = sqlite3.connect(file)
    ((number,),) = database.execute("SELECT count(*) FROM contacts")
    assert str(number) == crm("list", "contacts", "--count").out.strip()
    database.close()


@pytest.mark.parametrize("dialect", ["ledger", "hledger", "beancount"])
def test_what_was_sold_balances(crm: Crm, dialect: str) -> None:
    text = crm("export", dialect).out
    assert "Fjord Ferries AS" in text and "60000.00 NOK" in text and "-60000.00 NOK" in text
    only = crm("export", dialect, "deals", "company:fjord-ferries").out
    assert 0 < len(only) < len(text)


@pytest.mark.parametrize(
    ("form", "unit", "begins"),
    [
        ("vcf", "cards", "BEGIN:VCARD"),
        ("ics", "entries", ("BEGIN:VTODO", "BEGIN:VEVENT")),
        ("mbox", "mails", "From "),
        ("todotxt", "tasks", ""),
        ("taskwarrior", "tasks", "{"),
        ("remind", "reminders", "REM "),
        ("mutt", "aliases", "alias "),
        ("testimonials", "testimonials", "<figure>"),
    ],
)
def test_an_export_says_what_it_wrote(
    crm: Crm, tmp_path: Path, form: str, unit: str, begins: str | tuple[str, ...]
) -> None:
    file = tmp_path / "out"
    said = crm("export", form, "-o", str(file)).err.splitlines()[0]
    lines = file.read_text("utf-8").splitlines()
    number = sum(1 for line in lines if line.startswith(begins))
    assert number and said == f"{number} {unit} in {file}"


def test_a_database_has_the_whole_book_whatever_was_asked_for(crm: Crm, tmp_path: Path) -> None:
    whole, one = tmp_path / "whole.db", tmp_path / "one.db"
    said = crm("export", "sqlite", "-o", str(whole)).err
    asked = crm("export", "sqlite", "deals", "lumen-retainer", "-o", str(one)).err
    assert said.split()[:2] == asked.split()[:2] and int(said.split()[0]) > 100


def test_a_table_of_markdown(crm: Crm) -> None:
    text = crm("export", "md", "companies").out
    assert text.startswith("| name") and "| fjord-ferries" in text


@pytest.mark.parametrize("shape", ["hubspot", "pipedrive"])
@pytest.mark.parametrize("kind", ["contacts", "companies", "deals"])
def test_other_crms_get_their_columns_which_import_knows(
    crm: Crm, tmp_path: Path, shape: str, kind: str
) -> None:
    file = tmp_path / "out.csv"
    assert crm("export", shape, kind, "-o", str(file)).code == 0
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8"), newline="")))
    assert len(rows) - 1 == int(crm("list", kind, "--count").out)
    assert all(len(row) == len(rows[0]) for row in rows)
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "@")]
    read = crm("import", str(file), "-n", "--json").json
    assert read["rows"] == len(rows) - 1
    assert read["files"][0]["preset"].startswith(shape)


def test_other_crms_take_one_kind_a_file(crm: Crm) -> None:
    ran = crm("export", "hubspot")
    assert ran.code == 2 and "contacts, companies, deals, tickets" in ran.err
    assert crm("export", "pipedrive", "tickets").code == 2

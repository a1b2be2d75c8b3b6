"""`plaincrm import`: what a user sees, and what is in the book afterwards."""

from __future__ import annotations

import json
import os
import pty
import sys
from pathlib import Path

import pytest

from plaincrm.core.records.record import Record
from plaincrm.crm.book import Book
from tests.conftest import ROOT, Crm, git, run_in

PEOPLE = """\
Name,E-Mail,Company,Rating
Ada Lovelace,ada@analytical.example,Analytical Engines,7
Ola Nordmann,ola@fjord.example,Analytical Engines,8
"""


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crm:
    """Run the program in a new, empty book in `tmp_path / "book"`."""
    place = tmp_path / "book"
    run_in(monkeypatch, tmp_path, ["init", str(place)])
    return lambda *words, input="": run_in(monkeypatch, place, list(words), input)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "book"


def table(folder: Path, text: str, name: str = "people.csv") -> str:
    path = folder / name
    path.write_text(text, "utf-8", newline="")
    return str(path)


def records(place: Path, kind: str) -> dict[str, Record]:
    return {record.id: record for record in Book.open(place).store.records(kind)}


def commits(place: Path) -> int:
    return int(git(place, "rev-list", "--count", "HEAD"))


def test_salesforces_own_sample_gives_salesforces_own_figures(
    fresh: Crm, place: Path, shared_data: Path
) -> None:
    files = [
        str(shared_data / "salesforce_dataloader" / name)
        for name in ("accountData.csv", "opportunityData.csv")
    ]
    before = commits(place)
    ran = fresh("import", *files, "--currency", "USD", "-y", "--json")
    assert ran.code == 0, ran.err
    counts = {
        name: ran.json[name]
        for name in ("rows", "created", "updated", "unchanged", "skipped", "rejected")
    }
    assert counts == {
        "rows": 461,
        "created": 461,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "rejected": 0,
    }
    assert commits(place) == before + 1
    pipeline = fresh("pipeline", "--json").json
    assert pipeline["total"] == 38
    (found,) = (each for each in pipeline["results"] if each["pipeline"] == "salesforce")
    assert found["open"] | {"warnings": None} == {
        "count": 30,
        "value": {"USD": 4070000.0},
        "weighted": {"USD": 2658000.0},
        "warnings": None,
    }
    assert (found["won"]["count"], found["won"]["value"]) == (8, {"USD": 2200000.0})
    assert all(
        deal.text("company") in records(place, "company")
        for deal in records(place, "deal").values()
    )
    again = fresh("import", *files, "--currency", "USD", "-y", "--json")
    assert (again.code, again.json["unchanged"]) == (0, 461)
    assert commits(place) == before + 1


def test_the_books_currency_holds_where_none_is_named(fresh: Crm, shared_data: Path) -> None:
    fresh("import", str(shared_data / "salesforce_dataloader" / "opportunityData.csv"), "-y")
    totals = [each["won"]["value"] for each in fresh("pipeline", "--json").json["results"]]
    assert {"EUR": 2200000.0} in totals


def test_rows_become_records_and_firms_that_they_name_are_made(
    fresh: Crm, place: Path, tmp_path: Path
) -> None:
    ran = fresh("import", table(tmp_path, PEOPLE), "-y")
    assert ran.code == 0, ran.err
    assert "E-Mail" in ran.err and "email" in ran.err
    ada = records(place, "contact")["ada-lovelace"]
    assert ada.fields == {
        "name": "Ada Lovelace",
        "email": "ada@analytical.example",
        "company": "analytical-engines",
        "created": "2026-11-21",
        "rating": "7",
    }
    assert list(records(place, "company")) == ["analytical-engines"]


def test_the_same_file_twice_changes_nothing(fresh: Crm, place: Path, tmp_path: Path) -> None:
    path = table(tmp_path, PEOPLE)
    fresh("import", path, "-y")
    before = commits(place)
    ran = fresh("import", path, "-y", "--json")
    assert (ran.json["unchanged"], ran.json["created"], commits(place)) == (2, 0, before)


def test_one_import_is_one_undo(fresh: Crm, place: Path, tmp_path: Path) -> None:
    fresh("import", table(tmp_path, PEOPLE), "-y")
    assert fresh("undo", "-y").code == 0
    assert not records(place, "contact") and not records(place, "company")


def test_many_records_are_not_written_unasked(fresh: Crm, place: Path, tmp_path: Path) -> None:
    ran = fresh("import", table(tmp_path, PEOPLE))
    assert ran.code == 1 and "-y" in ran.err
    assert not records(place, "contact")


def test_a_dry_run_shows_and_writes_nothing(fresh: Crm, place: Path, tmp_path: Path) -> None:
    ran = fresh("import", table(tmp_path, PEOPLE), "-n")
    assert ran.code == 0 and "+name: Ada Lovelace" in ran.out
    assert not records(place, "contact")
    assert fresh("import", table(tmp_path, PEOPLE), "-n", "--json").json["dryRun"] is True


def test_blanks_are_filled_and_only_overwrite_sets_what_differs(
    fresh: Crm, place: Path, tmp_path: Path
) -> None:
    fresh("import", table(tmp_path, "Name,E-Mail,City\nAda,ada@x.example,Oslo\n"), "-y")
    changed = table(tmp_path, "Name,E-Mail,City,Job\nAda,ada@x.example,Bergen,Poet\n", "later.csv")
    assert fresh("import", changed, "-y", "--json").json["updated"] == 1
    ada = records(place, "contact")["ada"]
    assert (ada.text("city"), ada.text("job")) == ("Oslo", "Poet")
    assert fresh("import", changed, "-y", "--update", "overwrite", "--json").json["updated"] == 1
    assert records(place, "contact")["ada"].text("city") == "Bergen"


def test_rejected_rows_can_be_mended_and_imported(fresh: Crm, place: Path, tmp_path: Path) -> None:
    rows = "Name,E-Mail\nAda,ada@x.example\nOla,not an address\n"
    ran = fresh("import", table(tmp_path, rows), "-y", "--json")
    assert ran.code == 1
    assert (ran.json["created"], ran.json["rejected"], ran.json["rejects"]) == (1, 1, "rejects.csv")
    rejects = place / "rejects.csv"
    assert rejects.stat().st_mode & 0o777 == 0o600
    rejects.write_text(rejects.read_text().replace("not an address", "ola@x.example"))
    ran = fresh("import", "rejects.csv", "-y", "--json")
    assert (ran.code, ran.json["rows"], ran.json["created"]) == (0, 1, 1)
    assert set(records(place, "contact")) == {"ada", "ola"}


def test_rejects_are_never_written_over_a_file(fresh: Crm, place: Path, tmp_path: Path) -> None:
    kept = place / "rejects.csv"
    kept.write_text("mine\n")
    path = table(tmp_path, "Name,E-Mail\nOla,not an address\n")
    assert fresh("import", path, "-y", "--json").json["rejects"] == "rejects-2.csv"
    assert fresh("import", path, "-y", "--rejects", "rejects.csv").code == 1
    assert kept.read_text() == "mine\n"


def test_a_link_that_fits_two_is_told_of_and_kept_as_text(
    fresh: Crm, place: Path, tmp_path: Path
) -> None:
    fresh("add", "company", "Fjord AS")
    fresh("add", "company", "Fjord AS", "--new", "city=Bergen")
    ran = fresh("import", table(tmp_path, "Name,Company\nOla,Fjord AS\n"), "-y", "--json")
    ola = records(place, "contact")["ola"]
    assert ran.code == 0 and "Fjord AS" in ran.json["warnings"][0]
    assert (ola.text("company"), ola.fields["company_imported"]) == ("", "Fjord AS")


def test_only_rows_that_a_query_selects(fresh: Crm, place: Path, tmp_path: Path) -> None:
    ran = fresh("import", table(tmp_path, PEOPLE), "-y", "--where", "rating:8", "--json")
    assert (ran.json["created"], ran.json["skipped"]) == (1, 1)
    assert list(records(place, "contact")) == ["ola-nordmann"]


def test_a_mapping_is_saved_changed_and_used(fresh: Crm, place: Path, tmp_path: Path) -> None:
    path, saved = table(tmp_path, PEOPLE), tmp_path / "map.yaml"
    fresh("import", path, "-n", "--save-map", str(saved))
    saved.write_text(saved.read_text().replace("Rating: rating", "Rating: rank"))
    assert "rank" in saved.read_text()
    fresh("import", path, "-y", "--map", str(saved))
    assert records(place, "contact")["ada-lovelace"].fields["rank"] == "7"


def test_words_of_a_description_are_no_log_and_no_tasks(
    fresh: Crm, place: Path, tmp_path: Path
) -> None:
    notes = '"Met in Oslo\n## Log\n- 2026-01-01 call: no\n- [ ] not a task"'
    fresh("import", table(tmp_path, f"Name,E-Mail,Body\nAda,ada@x.example,{notes}\n"), "-y")
    ada = records(place, "contact")["ada"]
    assert "not a task" in ada.body
    assert not ada.log and not ada.tasks


def test_a_foreign_pipeline_goes_into_the_settings_that_somebody_wrote(
    fresh: Crm, place: Path, tmp_path: Path
) -> None:
    settings = place / "plaincrm.yaml"
    before = settings.read_text().splitlines()
    deals = (
        "Deal name,Stage,Probability,Value\nSite,Pitch,30,100\nShop,Pitch,30,200\nApp,Won,100,5\n"
    )
    assert (
        fresh(
            "import", table(tmp_path, deals), "--kind", "deals", "--pipeline", "agency", "-y"
        ).code
        == 0
    )
    after = settings.read_text().splitlines()
    assert [line for line in after if line in before] == before
    book = Book.open(place)
    assert not book.settings.problems
    assert [(s.name, s.role) for s in book.settings.pipelines["agency"].stages] == [
        ("Pitch", "open"),
        ("Won", "won"),
        ("lost", "lost"),
    ]
    assert {deal.text("pipeline") for deal in book.store.records("deal")} == {"agency"}


def test_settings_in_one_line_take_the_new_pipeline_and_keep_theirs(
    fresh: Crm, place: Path, tmp_path: Path
) -> None:
    text = "pipelines: {default: {lead: {}, won: {status: won}}}\n"
    (place / "plaincrm.yaml").write_text(text)
    ran = fresh("import", table(tmp_path, "Deal name,Stage\nSite,Pitch\n"), "--kind", "deals", "-y")
    assert ran.code == 0 and "new pipeline imported: Pitch" in ran.err
    after = (place / "plaincrm.yaml").read_text()
    assert after.startswith(text.removesuffix("}\n"))
    settings = Book.open(place).settings
    assert not settings.problems
    assert [stage.name for stage in settings.pipelines["default"].stages] == ["lead", "won"]
    assert settings.pipelines["imported"].stages[0].name == "Pitch"


def test_activities_go_to_the_logs_of_those_they_name(
    fresh: Crm, place: Path, tmp_path: Path
) -> None:
    people = "Record ID,First Name,Last Name,Email\n1,Ada,Lovelace,ada@x.example\n"
    header = "Activity Type,Activity Date,Note body,Associated Contact IDs\n"
    calls = f"{header}Call,2026-10-01 10:30,Scope,1\nCall,2026-10-02,Who,9\n"
    paths = [table(tmp_path, people), table(tmp_path, calls, "calls.csv")]
    ran = fresh("import", *paths, "-y", "--json")
    assert (ran.json["created"], ran.json["rejected"]) == (2, 1)
    (entry,) = records(place, "contact")["ada-lovelace"].log
    assert (entry.type, entry.text, str(entry.time)) == ("call", "Scope", "10:30:00")
    assert fresh("import", *paths, "-y", "--json").json["unchanged"] == 2


LINKEDIN = """\
CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER
1,,Kari Traa,https://l.example/in/kari,Ada Example,https://l.example/in/ada,2026-11-18 09:10:00 UTC,,A logo?,INBOX
1,,Ada Example,https://l.example/in/ada,Kari Traa,https://l.example/in/kari,2026-11-18 10:20:00 UTC,,Gladly.,INBOX
"""


def test_messages_of_linkedin_go_in_and_out(crm: Crm, studio: Path, tmp_path: Path) -> None:
    people = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    people += "Kari,Traa,https://l.example/in/kari,,,,05 Mar 2024\n"
    paths = [table(tmp_path, people, "Connections.csv"), table(tmp_path, LINKEDIN, "messages.csv")]
    ran = crm("import", *paths, "-y", "--json")
    assert (ran.json["created"], ran.json["rejected"]) == (3, 0), ran.err
    log = records(studio, "contact")["kari-traa"].log
    assert [(e.type, e.direction, e.text) for e in log] == [
        ("message", "in", "A logo?"),
        ("message", "out", "Gladly."),
    ]
    assert crm("import", *paths, "-y", "--json").json["unchanged"] == 3


NO_TABLES = [
    b"---\nname: Ada\n---\n",
    b"PK\x03\x04rest",
    b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    b'{"a": 1}',
    b"",
]


@pytest.mark.parametrize("content", NO_TABLES)
def test_what_is_no_table_is_refused(
    fresh: Crm, place: Path, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "thing"
    path.write_bytes(content)
    ran = fresh("import", str(path), "-y")
    assert ran.code == 5 and str(path) in ran.err
    assert git(place, "status", "--porcelain") == ""


def test_wrong_words_name_what_is_wrong(fresh: Crm, tmp_path: Path) -> None:
    path = table(tmp_path, PEOPLE)
    assert fresh("import", str(tmp_path / "no.csv"), "-y").code == 3
    assert fresh("import", path, "--as", "salesfarce", "-y").code == 2
    assert fresh("import", path, "--kind", "contakts", "-y").code == 2
    assert fresh("import", path, "--where", "scoer:8", "-y").code == 2
    assert fresh("import", path, "--currency", "dollars", "-y").code == 2


def test_standard_input(fresh: Crm, place: Path) -> None:
    assert fresh("import", "-", "-y", input=PEOPLE).code == 0
    assert "ada-lovelace" in records(place, "contact")


def test_every_row_is_in_the_results_once(fresh: Crm, tmp_path: Path) -> None:
    rows = PEOPLE + "Ola,broken,,\n"
    answer = json.loads(fresh("import", table(tmp_path, rows), "-y", "--json").out)
    assert answer["rows"] == 3 == len(answer["results"]) == answer["total"]
    parts = ("created", "updated", "unchanged", "skipped", "rejected")
    assert sum(answer[part] for part in parts) == answer["rows"]


def test_a_preset_that_there_is_not_names_those_that_are(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Name\nAda\n")
    ran = crm("import", str(tmp_path / "a.csv"), "--as", "zzzz")
    assert ran.code == 2
    assert "presets: " in ran.err
    assert "salesforce" in ran.err


@pytest.mark.parametrize(("answer", "created"), [("1", 0), ("n", 1)])
def test_who_a_name_alone_means_is_asked_on_a_terminal(
    studio: Path, tmp_path: Path, answer: str, created: int
) -> None:
    """Driven on a terminal: the number of a record takes the row for it, `n` makes somebody new."""
    (tmp_path / "people.csv").write_text("Name,City\nOla Nordmann,Vaduz\n")
    words = ["import", str(tmp_path / "people.csv"), "--match", "ask", "-y"]
    command = [sys.executable, "-m", "plaincrm", "-C", str(studio), *words]
    child, terminal = pty.fork()
    if not child:
        os.execve(command[0], command, {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb"})
    said = b""
    try:
        while piece := os.read(terminal, 4096):
            if b"Which (" in piece:
                os.write(terminal, f"{answer}\n".encode())
            said += piece
    except OSError:  # Linux says so where the other end of the terminal is closed
        pass
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, said
    assert b'"Ola Nordmann" may be: 1 contact/ola-nordmann' in said
    assert f"{created} created".encode() in said
    assert len(list((studio / "contacts").glob("ola-nordmann*.md"))) == 1 + created

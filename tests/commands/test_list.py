from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Crm, git

FORMS = ("--json", "--jsonl", "--csv", "--tsv", "--md", "--ids", "--paths", "--count")


def test_json_has_the_envelope_and_every_field(crm: Crm) -> None:
    ran = crm("list", "deals", "is:open", "--limit", "1", "--json")
    assert ran.code == 0
    assert list(ran.json) == ["schemaVersion", "kind", "total", "results"]
    assert ran.json["schemaVersion"] == 1 and ran.json["kind"] == "deals" and ran.json["total"] > 1
    deal = ran.json["results"][0]
    assert list(deal) == ["kind", "id", "path", "fields", "computed"]
    assert set(deal["fields"]["value"]) == {"amount", "currency", "per"}
    assert deal["fields"]["lost_reason"] is None and deal["fields"]["links"] == []
    assert not [name for name in deal["computed"] if name.startswith("_")]


def test_what_is_asked_for_by_name_is_computed(crm: Crm) -> None:
    words = ("list", "contacts", "id:ola-nordmann", "--json")
    assert "last_touch" not in crm(*words).json["results"][0]["computed"]
    asked = crm(
        *words, "--columns", "id,last_touch,company.country,deals.count", "--sort", "idle"
    ).json
    computed = asked["results"][0]["computed"]
    assert computed["last_touch"] == "2026-11-13" and computed["company.country"] == "NO"
    assert computed["deals.count"] == 2 and "idle" in computed


@pytest.mark.parametrize("form", FORMS)
def test_every_form_answers_for_records_and_lines(crm: Crm, form: str) -> None:
    for kind in ("contacts", "tasks", "log"):
        ran = crm("list", kind, "--limit", "3", form)
        assert ran.code == 0 and ran.out


def test_csv_is_for_programs(crm: Crm) -> None:
    ran = crm(
        "list",
        "deals",
        "id:fjord-website-2027",
        "--csv",
        "--columns",
        "id,value,weighted,close_date",
    )
    assert list(csv.reader(io.StringIO(ran.out))) == [
        ["id", "value", "weighted", "close_date"],
        ["fjord-website-2027", "180000 NOK", "90000 NOK", "2026-12-18"],
    ]


def test_ids_end_in_nul_with_0(crm: Crm) -> None:
    assert crm("list", "deals", "id:fjord-website-2027", "-0").out == "deal/fjord-website-2027\0"
    assert (
        crm("list", "deals", "id:fjord-website-2027", "--paths", "-0").out
        == "deals/fjord-website-2027.md\0"
    )
    assert crm("list", "deals", "--csv", "-0").code == 2


def test_sort_limit_and_count(crm: Crm) -> None:
    ids = crm("list", "deals", "is:open", "--sort", "-value", "--limit", "2", "--ids").out.split()
    assert ids == ["deal/alpenhaus-wayfinding", "deal/prairie-website"]
    assert int(crm("list", "deals", "is:open", "--limit", "2", "--count").out) > 2


def test_words_without_a_kind_search_contacts(crm: Crm) -> None:
    assert crm("list", "+vip", "--ids").out == crm("list", "contacts", "+vip", "--ids").out != ""
    ran = crm("list", "dealz")
    assert (ran.code, ran.out) == (0, "")
    assert 'did you mean "deals"?' in ran.err


def test_dates_that_were_understood_are_echoed(crm: Crm) -> None:
    ran = crm("list", "deals", "close_date:..eom", "--count")
    assert "2026-11-30" in ran.err and ran.out.strip().isdigit()


def test_tasks_have_the_handles_of_today(crm: Crm) -> None:
    tasks = {
        row["handle"]: row for row in crm("list", "tasks", "is:open", "--json").json["results"]
    }
    due = [item for item in crm("today", "--json").json["results"] if item["reason"] == "task"]
    assert due
    for item in due:
        row = tasks[item["handle"]]
        assert (row["record"], row["due"]) == (f"{item['kind']}/{item['id']}", item["due"])
    assert crm("list", "tasks", "is:done", "--json").json["results"][0]["handle"] is None


def test_lines_as_json(crm: Crm) -> None:
    entry = crm("list", "log", "type:call", "at:2026-10..", "--limit", "1", "--json").json[
        "results"
    ][0]
    assert entry["type"] == "call" and entry["at"] >= "2026-10" and isinstance(entry["with"], list)
    assert entry["path"].endswith(f"{entry['id']}.md")
    first, *_ = crm("list", "log", "--jsonl").out.splitlines()
    assert '"at": "2026-11-' in first, "the newest entry stands first"


def test_a_template_a_row(crm: Crm) -> None:
    words = ("list", "deals", "id:fjord-website-2027", "--template")
    assert (
        crm(*words, r"{{ id }}\t{{ name }}\t{{ value }}{{ probability }}").out
        == "fjord-website-2027\tFjord Ferries web site 2027\t180000 NOK\n"
    )
    for template, said in (
        ("{{ nme }}", 'did you mean "name"?'),
        ("{{%", "--template"),
        ("{{ 1 / 0 }}", "--template"),
        ("{{ id.__class__ }}", "--template"),
    ):
        ran = crm(*words, template)
        assert (ran.code, ran.out) == (2, "") and said in ran.err


@pytest.mark.parametrize(
    "words", [["--columns", "nxt"], ["statis:x"], ["--sort", "valeu"], ["--csv", "--json"]]
)
def test_what_is_not_known_is_an_error(crm: Crm, words: list[str]) -> None:
    ran = crm("list", "deals", *words)
    assert (ran.code, ran.out) == (2, "") and ran.err


def test_as_of_a_day_in_the_past(crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    past(studio, monkeypatch)
    before = ("--as-of", "2026-07-01", "--json")
    assert (
        crm("list", "deals", "id:fjord-website-2027", *before).json["results"][0]["fields"]["stage"]
        == "lead"
    )
    assert (
        crm("list", "deals", "id:fjord-website-2027", "--json").json["results"][0]["fields"][
            "stage"
        ]
        == "proposal"
    )
    assert (
        crm("show", "fjord-website-2027", *before).json["results"][0]["fields"]["stage"] == "lead"
    )
    assert "lead" in crm("show", "fjord-website-2027", "--as-of", "2026-07-01").out
    assert (
        crm("pipeline", *before).json["asOf"] == crm("today", *before).json["asOf"] == "2026-07-01"
    )
    assert crm("list", "deals", "--as-of", "2026-05-01").code == 3
    assert crm("list", "deals", "--as-of", "gestern").code == 2


def past(studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the book a history: a commit of June in which a deal was a lead, and one of November."""
    deal = studio / "deals" / "fjord-website-2027.md"
    now = deal.read_text("utf-8")
    for day, text in (
        ("2026-06-01", now.replace("stage: proposal", "stage: lead")),
        ("2026-11-20", now),
    ):
        deal.write_text(text, "utf-8")
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00+0000")
        git(studio, "checkout", "-q", "--orphan", "history") if day == "2026-06-01" else None
        git(studio, "add", "-A")
        git(studio, "commit", "-q", "-m", day)
    monkeypatch.delenv("GIT_COMMITTER_DATE")


@pytest.mark.parametrize(
    ("words", "loaded"),
    [
        (["is:open"], {"deal"}),
        (["stage:lead", "--columns", "id,weighted"], {"deal"}),
        (["company.country:NO"], {"deal", "company"}),
        (["--columns", "id,contact.name"], {"deal", "contact"}),
    ],
)
def test_only_what_the_question_needs_is_read(
    studio: Path, words: list[str], loaded: set[str]
) -> None:
    script = (
        "import sys\nfrom plaincrm.crm import book\nbooks, make = [], book.Book.open.__func__\ndef"
        " kept(*args):\n    books.append(make(*args))\n    return books[-1]\nbook.Book.open ="
        " classmethod(kept)\nfrom plaincrm.cli import run\nassert run(['list', 'deals',"
        f" *{words!r}, '--json']) == 0\nprint(' '.join(sorted(books[0].store.loaded)),"
        " file=sys.stderr)\nprint([m for m in ('tabulate', 'jinja2', 'watchdog', 'wcwidth') if m"
        " in sys.modules], file=sys.stderr)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=studio,
        capture_output=True,
        text=True,
        check=True,
        env=_env(),
    )
    *_, kinds, modules = ran.stderr.splitlines()
    assert set(kinds.split()) == loaded and modules == "[]"


def _env() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}


def test_a_sum_stands_under_the_list_per_currency(crm: Crm) -> None:
    words = ["list", "deals", "is:open", "--sort", "-value", "--limit", "3", "--sum", "value"]
    last = crm(*words).out.splitlines()[-1]
    assert last == "value of 3 of 25 deals: 28,000 EUR, 22,000 USD, 180,000 NOK"
    assert crm(*words, "--json").json["sums"] == {
        "value": {"EUR": 28000.0, "USD": 22000.0, "NOK": 180000.0}
    }
    refused = crm("list", "deals", "--sum", "stage")
    assert refused.code == 2 and "stage has no sum; these have: value" in refused.err

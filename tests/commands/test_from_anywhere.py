"""Paths lead to the file from wherever one stands; a file, or what an editor holds of it, is
checked alone; texts of a calendar do not grow old.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Crm, git

BROKEN = "contacts/magnus-dahl.md"
LINE = ":9:1: error: "


def test_paths_lead_to_the_files_from_a_folder_of_the_book(crm: Crm, studio: Path) -> None:
    for folder in (studio, studio / "deals", studio.parent):
        out = crm("-C", str(studio), "list", "deals", "stage:lead", "--paths", cwd=folder).out
        assert out.split() and all((folder / path).is_file() for path in out.split())


def test_paths_are_absolute_from_outside(crm: Crm, studio: Path) -> None:
    elsewhere = studio.parent / "elsewhere"
    elsewhere.mkdir()
    out = crm("-C", str(studio), "list", "deals", "stage:lead", "--paths", cwd=elsewhere).out
    assert all(Path(path).is_absolute() and Path(path).is_file() for path in out.split())


def test_json_has_paths_of_the_book(crm: Crm, studio: Path) -> None:
    found = crm("list", "deals", "stage:lead", "--json", cwd=studio / "contacts").json["results"]
    assert all(each["path"].startswith("deals/") for each in found)


@pytest.mark.parametrize("word", ["ola-nordmann.md", "../contacts/ola-nordmann.md"])
def test_a_path_from_here_is_a_ref(crm: Crm, studio: Path, word: str) -> None:
    assert "Ola Nordmann" in crm("show", word, "--brief", cwd=studio / "contacts").out


@pytest.mark.parametrize("form", ["text", "gcc"])
def test_check_leads_to_the_file_from_wherever_one_stands(
    crm: Crm, studio: Path, form: str
) -> None:
    for folder in (studio, studio / "deals", studio.parent):
        out = crm("-C", str(studio), "check", "--format", form, cwd=folder).out
        paths = re.findall(r"(?m)^(\S+?):\d+:\d+: ", out)
        assert paths and all((folder / path).is_file() for path in paths)


def test_github_counts_from_the_root_of_the_repository(crm: Crm, studio: Path) -> None:
    outer = studio.parent / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    shutil.copytree(studio, outer / "book", ignore=shutil.ignore_patterns(".git"))
    out = crm("check", "--format", "github", cwd=outer / "book" / "deals").out
    assert "::error file=book/contacts/magnus-dahl.md,line=9" in out


def test_a_file_is_checked_alone(crm: Crm, studio: Path) -> None:
    ran = crm("check", BROKEN, "--format", "gcc")
    assert (ran.code, ran.out.count("\n")) == (1, 1)
    assert ran.out.startswith(BROKEN + LINE)
    good = crm("check", "ola-nordmann.md", cwd=studio / "contacts")
    assert (good.code, good.out, good.err) == (0, "", "no problems in 1 record\n")
    assert crm("check", "contacts/nobody.md").code == 3
    assert crm("check", "/etc/hostname").code == 3
    assert crm("check", BROKEN, "--fix").code == 2


def test_what_an_editor_holds_is_checked_before_it_is_saved(crm: Crm, studio: Path) -> None:
    text = (studio / "contacts" / "ola-nordmann.md").read_text("utf-8")
    wrong = text.replace("birthday: 03-17", "birthday: 03-32")
    assert wrong != text
    words = ("check", "-", "--path", "contacts/ola-nordmann.md", "--format", "gcc")
    ran = crm(*words, input=wrong)
    assert ran.code == 1
    assert re.match(r"contacts/ola-nordmann\.md:\d+:\d+: error: 03-32 does not exist", ran.out)
    assert crm(*words, input=text).out == ""
    assert "link-dangling" in crm(*words, input=text.replace("fjord-ferries", "nobody-ltd")).out
    new = crm("check", "-", "--path", "deals/new.md", input="---\nname: N\nstage: nix\n---\n")
    assert "deals/new.md:3:8: error" in new.out
    assert crm("check", "-", input=text).code == 2
    assert (studio / "contacts" / "ola-nordmann.md").read_text("utf-8") == text


def _entries(crm: Crm, day: str) -> dict[str, tuple[str, str]]:
    """The entries of the calendar that is made on a day: date and text, by their uid."""
    text = crm("--today", day, "agenda", "--ics", "-").out.replace("\r\n ", "").replace("\r", "")
    found = {}
    for each in text.split("BEGIN:VEVENT")[1:]:
        uid, start, said = (
            re.search(rf"(?m)^{name}[^:\n]*:(.*)$", each) for name in ("UID", "DTSTART", "SUMMARY")
        )
        assert uid and start and said
        found[uid[1]] = (start[1], said[1])
    return found


def test_the_texts_of_a_calendar_do_not_grow_old(crm: Crm) -> None:
    first, later = _entries(crm, "2026-11-21"), _entries(crm, "2026-11-24")
    both = first.keys() & later.keys()
    same_day = [uid for uid in both if first[uid][0] == later[uid][0]]
    assert len(same_day) > 30
    assert [first[uid] for uid in same_day if first[uid] != later[uid]] == []
    assert any("idle" in text for _, text in first.values())


def test_the_agenda_says_what_will_be_on_its_day(crm: Crm) -> None:
    # Its last touch was on 13 November, and it rots after ten days.
    assert "Fjord Ferries web site 2027: idle 11 days in proposal" in crm("agenda").out

"""`plaincrm log`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.writes import changed_lines, clean, editing, read, subject, touched
from tests.conftest import Crm, git


def test_an_entry_of_now(crm: Crm, studio: Path) -> None:
    assert crm("log", "kari-berg", "call", "Sent her", "the reference", "--out").code == 0
    assert changed_lines(studio) == ["+- 2026-11-21 12:00 call out: Sent her the reference"]
    assert touched(studio) == ["contacts/kari-berg.md"]
    assert subject(studio) == "Log call contact/kari-berg: Sent her the reference"


def test_words_for_the_time_are_read_backwards_and_echoed(crm: Crm, studio: Path) -> None:
    ran = crm(
        "log",
        "kari-berg",
        "meeting",
        "Lunch",
        "--at",
        "fri 12:30",
        "--with",
        "ola-nordmann,Marlene Fuchs",
    )
    assert "at: fri 12:30 is Fri 2026-11-20 12:30, yesterday" in ran.err
    assert changed_lines(studio) == [
        "+- 2026-11-20 12:30 meeting with ola-nordmann,marlene-fuchs: Lunch"
    ]
    assert crm("log", "kari-berg", "note", "Old news", "--at", "12-24").code == 0
    assert changed_lines(studio) == ["+- 2025-12-24 note: Old news"]


def test_the_next_step_goes_with_it(crm: Crm, studio: Path) -> None:
    ran = crm("log", "kari-berg", "call", "x", "--next", "next fri Ask her again")
    assert "next: next fri is Fri 2026-11-27, in 6 days" in ran.err
    assert "next: 2026-11-27 Ask her again\n" in read(studio, "contacts/kari-berg.md")
    assert crm("log", "browser-keeps-the-old-icon", "note", "x", "--next", "fri y").code == 5
    assert clean(studio)


def test_standard_input_and_the_editor(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert crm("log", "kari-berg", "note", "-", input="First\n\n- [ ] no task\n").code == 0
    assert changed_lines(studio) == ["+- 2026-11-21 12:00 note: First", "+", "+  \\- [ ] no task"]
    editing(monkeypatch, tmp_path, "sed -i '1i Typed' \"$1\"")
    assert crm("log", "kari-berg", "note").code == 0
    assert changed_lines(studio) == ["+- 2026-11-21 12:00 note: Typed"]
    editing(monkeypatch, tmp_path, "true")
    assert crm("log", "kari-berg", "note").code == 1
    assert clean(studio)


def test_a_typed_text_outlives_a_refusal(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    editing(monkeypatch, tmp_path, "sed -i '1i Typed at length' \"$1\"")
    ran = crm("log", "kari-berg", "note", "--at", "2026-02-31")
    assert ran.code == 5
    kept = Path(ran.err.split("kept in ")[1].strip())
    assert "Typed at length" in kept.read_text()
    assert clean(studio)


def test_any_kind_has_a_log(crm: Crm, studio: Path) -> None:
    assert crm("log", "fjord-ferries", "note", "They merge").code == 0
    assert touched(studio) == ["companies/fjord-ferries.md"]


def test_several_records_ask(crm: Crm, studio: Path) -> None:
    words = ("log", "-", "note", "Sent the newsletter")
    assert crm(*words, input="kari-berg\nola-nordmann\n").code == 1
    assert crm(*words, "-y", input="kari-berg\nola-nordmann\n").code == 0
    assert touched(studio) == ["contacts/kari-berg.md", "contacts/ola-nordmann.md"]


def test_a_deal_or_a_ticket_stands_for_its_contact_as_company(crm: Crm, studio: Path) -> None:
    ran = crm(
        "log",
        "kari-berg",
        "meeting",
        "All three",
        "--with",
        "deal/fjord-website-2027,alpenhaus-wayfinding",
    )
    assert ran.code == 0, ran.err
    entry = (studio / "contacts/kari-berg.md").read_text("utf-8").splitlines()[-1]
    assert entry == "- 2026-11-21 12:00 meeting with ola-nordmann,reto-aebischer: All three"


def test_a_day_to_come_is_refused_where_nobody_can_be_asked(crm: Crm, studio: Path) -> None:
    file = studio / "contacts" / "ola-nordmann.md"
    before = file.read_bytes()
    ran = crm("log", "ola-nordmann", "call", "Hello", "--at", "2062-11-20")
    assert ran.code == 5 and "lies ahead" in ran.err and "plaincrm task add" in ran.err
    assert file.read_bytes() == before
    assert crm("log", "ola-nordmann", "call", "Hello", "--at", "2062-11-20", "-y").code == 0
    assert "2062-11-20 call: Hello" in file.read_text("utf-8")


@pytest.mark.parametrize(
    "words",
    [("log", "ola-nordmann", "note"), ("task", "add", "ola-nordmann")],
)
@pytest.mark.parametrize("text", ["Caf\udce9 called", "a\x07b", "a\x1b[2Jb", "a\x00b"])
def test_text_that_would_break_the_file_is_refused(
    crm: Crm, studio: Path, words: tuple[str, ...], text: str
) -> None:
    assert crm(*words, text).code == 5
    assert git(studio, "status", "--porcelain") == ""
    assert crm("set", "ola-nordmann", "city=Rome").code == 0


def test_in_a_field_control_characters_are_written_as_yaml_spells_them(
    crm: Crm, studio: Path
) -> None:
    assert crm("set", "ola-nordmann", "job=a\x07b").code == 0
    assert '\njob: "a\\u0007b"\n' in read(studio, "contacts/ola-nordmann.md")
    assert crm("set", "ola-nordmann", "job=Caf\udce9").code == 5

"""`plaincrm import` without a FILE: what lies in `inbox/`."""

from __future__ import annotations

from pathlib import Path

from tests.commands.test_import_forms import HIM, ME, contact, counts, mail, put
from tests.conftest import Crm, git

LINES = "2026-11-20 ola call: wants Norwegian too\n"


def waiting(book: Path) -> list[str]:
    files = (path for path in (book / "inbox").rglob("*") if path.is_file())
    return sorted(path.relative_to(book / "inbox").as_posix() for path in files)


def test_what_goes_in_moves_to_done_and_what_can_not_stays(crm: Crm, studio: Path) -> None:
    put(studio, "inbox/phone.txt", LINES)
    put(studio, "inbox/other.txt", "2026-11-20 nobody-at-all call: hm\n")
    put(studio, "inbox/Maildir/cur/1", mail(HIM, ME, "1@x.example"))
    put(studio, "inbox/Maildir/new/2", mail("N <new@x.example>", ME, "2@x.example"))
    put(studio, "inbox/Maildir/tmp/3", "half a mail")
    (studio / "inbox" / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    ran = crm("import", "--json", "-y")
    assert (ran.code, counts(ran)) == (1, (2, 0, 0, 1, 2)), ran.err
    assert waiting(studio) == [
        "Maildir/new/2",
        "Maildir/tmp/3",
        "done/Maildir/cur/1",
        "done/phone.txt",
        "other.txt",
        "picture.png",
    ]
    assert git(studio, "status", "--porcelain") == ""
    inbox = [item for item in crm("today", "--json").json["results"] if item["title"] == "Inbox"]
    assert [(item["reason"], item["command"]) for item in inbox] == [("draft", "plaincrm import")]
    assert "3 files" in inbox[0]["text"]


def test_what_waited_for_its_people_goes_in_when_they_are_here(crm: Crm, studio: Path) -> None:
    put(studio, "inbox/mail", mail("N <new@x.example>", ME, "2@x.example"))
    assert crm("import").code == 0 and waiting(studio) == ["mail"]
    crm("add", "contact", "N <new@x.example>")
    assert counts(crm("import", "--json")) == (1, 0, 0, 0, 0)
    assert waiting(studio) == ["done/mail"]
    assert not [item for item in crm("today", "--json").json["results"] if item["title"] == "Inbox"]


def test_after_a_crash_before_the_move_nothing_goes_in_twice(crm: Crm, studio: Path) -> None:
    for _ in range(2):
        put(studio, "inbox/phone.txt", LINES)
        put(studio, "inbox/mail", mail(HIM, ME, "1@x.example"))
        assert crm("import", "-y").code == 0
    assert waiting(studio) == ["done/mail", "done/mail-2", "done/phone-2.txt", "done/phone.txt"]
    log = contact(studio, "ola-nordmann").log
    assert (
        len([e for e in log if "Norwegian too" in e.text or e.message_id == "<1@x.example>"]) == 2
    )


def test_a_dry_run_and_a_refused_import_move_nothing(crm: Crm, studio: Path) -> None:
    put(studio, "inbox/people.csv", "Name,E-Mail\nA B,a@b.example\nC D,c@d.example\n")
    assert crm("import", "-n").code == 0 and waiting(studio) == ["people.csv"]
    assert crm("import").code == 1 and waiting(studio) == ["people.csv"]
    assert crm("import", "-y").code == 0 and waiting(studio) == ["done/people.csv"]


def test_an_empty_inbox_says_so(crm: Crm) -> None:
    ran = crm("import")
    assert ran.code == 0 and "empty" in ran.err

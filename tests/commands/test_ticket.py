"""`plaincrm ticket`: from the first word to the last."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from plaincrm.book.draft_marks import DraftMarks
from tests.conftest import Crm, git


def lines(studio: Path, ref: str) -> list[str]:
    return (
        (studio / "tickets" / f"{ref.removeprefix('ticket/')}.md")
        .read_text(encoding="utf-8")
        .splitlines()
    )


def test_open_writes_the_links_and_prints_the_id(crm: Crm, studio: Path) -> None:
    ran = crm(
        "ticket",
        "open",
        "Logo",
        "too dark",
        "--contact",
        "kari-berg",
        "--due",
        "tomorrow",
        "--text",
        "It is.",
    )
    assert ran.code == 0
    ref = ran.out.strip()
    assert ref.startswith("ticket/logo-too-dark-")
    found = lines(studio, ref)
    for line in (
        "subject: Logo too dark",
        "contact: kari-berg",
        "company: fjord-ferries",
        "status: new",
        "opened: 2026-11-21 12:00",
        "due: 2026-11-22",
        "- 2026-11-21 12:00 reply in: It is.",
    ):
        assert line in found
    assert git(studio, "log", "-1", "--format=%s").startswith(f"Open {ref}")
    assert crm("check", "--format", "gcc").out.count(ref) == 0


def test_open_for_a_deal_takes_its_contact(crm: Crm, studio: Path) -> None:
    ref = crm("ticket", "open", "Proofs", "--contact", "fjord-website-2027").out.strip()
    found = lines(studio, ref)
    assert "contact: ola-nordmann" in found
    assert "deal: fjord-website-2027" in found


def test_reply_and_the_customers_answer_change_the_status(crm: Crm, studio: Path) -> None:
    assert crm("ticket", "reply", "login-broken-k7m2", "On it").code == 0
    found = lines(studio, "login-broken-k7m2")
    assert "status: pending" in found
    assert found[-2:] == [
        "- 2026-11-21 12:00 reply out: On it",
        "- 2026-11-21 12:00 status: open -> pending",
    ]
    assert (
        crm(
            "ticket", "reply", "login-broken-k7m2", "-", "--in", input="It works.\nThank you.\n"
        ).code
        == 0
    )
    found = lines(studio, "login-broken-k7m2")
    assert "status: open" in found
    assert found[-3:-1] == ["- 2026-11-21 12:00 reply in: It works.", "  Thank you."]


def test_a_note_is_no_answer(crm: Crm, studio: Path) -> None:
    assert crm("ticket", "note", "shop-photo-sizes-x4dq", "Look at it").code == 0
    found = lines(studio, "shop-photo-sizes-x4dq")
    assert found[-1] == "- 2026-11-21 12:00 note: Look at it"
    assert "status: new" in found


def test_solve_and_reopen(crm: Crm, studio: Path) -> None:
    assert crm("ticket", "solve", "login-broken-k7m2", "Renewed.").code == 0
    found = lines(studio, "login-broken-k7m2")
    assert {
        "status: solved",
        "solved: 2026-11-21 12:00",
        "- 2026-11-21 12:00 reply out: Renewed.",
    } <= set(found)
    assert crm("ticket", "solve", "login-broken-k7m2").code == 5
    assert crm("ticket", "reopen", "login-broken-k7m2", "Broken again").code == 0
    found = lines(studio, "login-broken-k7m2")
    assert "status: open" in found
    assert not any(line.startswith("solved:") for line in found)
    assert crm("ticket", "reopen", "login-broken-k7m2").code == 5


def test_a_contact_with_one_open_ticket_stands_for_it(crm: Crm, studio: Path) -> None:
    assert crm("ticket", "reply", "samira-haddad", "On it").code == 0
    assert "- 2026-11-21 12:00 reply out: On it" in lines(studio, "login-broken-k7m2")
    assert crm("ticket", "reply", "kari-berg", "On it").code == 3


def test_without_words_the_editor_opens(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "editor"
    script.write_text('#!/bin/sh\nprintf "From the editor" > "$1"\n', encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))
    assert crm("ticket", "note", "login-broken-k7m2").code == 0
    assert lines(studio, "login-broken-k7m2")[-1] == "- 2026-11-21 12:00 note: From the editor"


def test_list_shows_what_is_open(crm: Crm) -> None:
    open_ = crm("ticket", "list", "--ids").out.split()
    assert "ticket/login-broken-k7m2" in open_
    assert sorted(open_) == sorted(crm("list", "tickets", "is:open", "--ids").out.split())
    assert crm("ticket", "list", "is:solved", "--json").json["kind"] == "tickets"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["open", "X", "--contact", "kari-berg", "--priority", "hgh"], 5),
        (["open", "X", "--contact", "kari-berg", "--due", "2026-02-30"], 5),
        (["open", "X", "--contact", "nobody-at-all"], 3),
        (["open", "X"], 2),
        (["reply", "login-broken-k7m2", ""], 5),
        (["reply", "nothing-of-the-kind-xx", "text"], 3),
        (["list", "nix:1"], 2),
    ],
)
def test_bad_words_write_nothing(crm: Crm, studio: Path, words: list[str], code: int) -> None:
    assert crm("ticket", *words).code == code
    assert git(studio, "status", "--short") == ""


def test_a_dry_run_writes_nothing(crm: Crm, studio: Path) -> None:
    ran = crm("ticket", "solve", "login-broken-k7m2", "-n")
    assert "+status: solved" in ran.out
    assert git(studio, "status", "--short") == ""


MAIL = b"""From: Samira Haddad <haddad@lumen-zahn.example>
To: ada@studio.example
Subject: Re: Login
Date: Fri, 20 Nov 2026 09:30:00 +0100
Message-ID: <77@lumen-zahn.example>
%s
It stopped again.
"""


def mail_file(folder: Path, extra: bytes = b"") -> str:
    path = folder / "mail.eml"
    path.write_bytes(MAIL % extra)
    return str(path)


def test_a_mail_opens_a_ticket(crm: Crm, studio: Path, tmp_path: Path) -> None:
    ran = crm("ticket", "open", "--email", mail_file(tmp_path))
    assert ran.code == 0
    found = lines(studio, ran.out.strip())
    assert "subject: Login" in found
    assert "contact: samira-haddad" in found
    assert "opened: 2026-11-20 09:30" in found


def test_a_mail_joins_by_the_id_in_its_subject_and_only_once(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    mail = MAIL.replace(b"Re: Login", b"Re: x [login-broken-k7m2]") % b""
    path = tmp_path / "mail.eml"
    path.write_bytes(mail)
    for _ in range(2):
        ran = crm("ticket", "open", "--email", str(path))
        assert ran.out.strip() == "ticket/login-broken-k7m2"
    text = "\n".join(lines(studio, "login-broken-k7m2"))
    assert text.count("<77@lumen-zahn.example>") == 1
    assert "already" in ran.err


def test_a_mail_that_an_import_took_says_how_it_becomes_a_ticket(crm: Crm, studio: Path) -> None:
    (studio / "inbox").mkdir(exist_ok=True)
    mail = MAIL.replace(b"Re: Login", b"Sign; is crooked") % b""
    (studio / "inbox" / "sign.eml").write_bytes(mail)
    assert crm("import", "-y").code == 0
    done = studio / "inbox" / "done" / "sign.eml"
    ran = crm("ticket", "open", "--email", str(done))
    assert ran.code == 0 and ran.out.strip() == "contact/samira-haddad"
    typed = next(line for line in ran.err.splitlines() if line.endswith(" makes a ticket of it"))
    words = shlex.split(typed.removesuffix(" makes a ticket of it"))
    assert words[:4] == ["plaincrm", "ticket", "open", "Sign; is crooked"]
    made = crm(*words[1:]).out.strip()
    assert "contact: samira-haddad" in lines(studio, made)


def test_a_mail_brings_its_own_words(crm: Crm, tmp_path: Path) -> None:
    assert crm("ticket", "open", "Hm", "--email", mail_file(tmp_path)).code == 2
    assert crm("ticket", "open", "Hm").code == 2


def test_an_answer_as_a_draft_in_the_thread_is_logged_once_sent(crm: Crm, studio: Path) -> None:
    before = lines(studio, "login-broken-k7m2")
    ran = crm(
        "ticket",
        "reply",
        "login-broken-k7m2",
        "Try again.",
        "--article",
        "envelope-windows",
        "--outbox",
    )
    assert ran.code == 0, ran.err
    assert lines(studio, "login-broken-k7m2") == before
    (draft,) = (studio / "outbox").glob("*.eml")
    data = draft.read_text("utf-8")
    assert "[login-broken-k7m2]" in data
    (marks,) = DraftMarks(studio).read().values()
    assert marks["article"] == "envelope-windows"
    assert "References:" in data
    assert crm("outbox", "sent", "--all").code == 0
    assert any("reply out:" in line for line in lines(studio, "login-broken-k7m2")[len(before) :])
    article = (studio / "articles" / "envelope-windows.md").read_text("utf-8")
    assert "solves: [letterhead-margins-e3hy, login-broken-k7m2]" in article


def test_a_private_article_is_not_sent(crm: Crm) -> None:
    ran = crm("ticket", "reply", "login-broken-k7m2", "--article", "certificate-renewal")
    assert ran.code == 5
    assert "private" in ran.err


def test_the_queue_has_what_is_due_first_on_top(crm: Crm) -> None:
    out = crm("ticket", "list").out.splitlines()
    assert out[0].split() == ["LEFT", "STATUS", "PRIORITY", "SUBJECT", "CONTACT", "ID"]
    assert "login-broken-k7m2" in out[1]
    found = crm("ticket", "list", "--json", "--limit", "1").json
    computed = found["results"][0]["computed"]
    for clock in ("first_reply", "next_reply", "resolution"):
        assert {f"sla.{clock}", f"sla.{clock}_due", f"sla.{clock}_state"} <= computed.keys()
    assert {"sla.due", "is:breached"} <= computed.keys()


def test_the_board_has_a_column_a_status(crm: Crm) -> None:
    out = crm("ticket", "list", "--board").out
    assert out.splitlines()[0].split()[::2] == ["new", "open", "pending", "hold"]


def test_two_tickets_become_one(crm: Crm, studio: Path) -> None:
    ran = crm("ticket", "merge", "login-broken-k7m2", "favicon-old-z2c7", "-y")
    assert ran.code == 0
    assert not (studio / "tickets" / "favicon-old-z2c7.md").exists()
    found = "\n".join(lines(studio, "login-broken-k7m2"))
    assert "favicon-old-z2c7" in found
    assert crm("ticket", "merge", "login-broken-k7m2", "label-glue-d9wq").code == 1


def test_a_solved_ticket_that_takes_in_an_open_one_is_open(crm: Crm, studio: Path) -> None:
    assert crm("ticket", "merge", "favicon-old-z2c7", "login-broken-k7m2", "-y").code == 0
    assert "status: open" in lines(studio, "favicon-old-z2c7")


def test_split_makes_a_second_ticket_of_the_same_people(crm: Crm, studio: Path) -> None:
    ref = crm("ticket", "split", "login-broken-k7m2", "New printer").out.strip()
    found = lines(studio, ref)
    assert "contact: samira-haddad" in found
    assert "related: login-broken-k7m2" in found
    assert any("Split off: New printer" in line for line in lines(studio, "login-broken-k7m2"))


def test_link_names_both_ways_and_once(crm: Crm, studio: Path) -> None:
    for _ in range(2):
        crm("ticket", "link", "login-broken-k7m2", "favicon-old-z2c7")
    for one, other in (
        ("login-broken-k7m2", "favicon-old-z2c7"),
        ("favicon-old-z2c7", "login-broken-k7m2"),
    ):
        (line,) = [line for line in lines(studio, one) if line.startswith("related")]
        assert line.count(other) == 1
    assert crm("ticket", "link", "login-broken-k7m2", "login-broken-k7m2").code == 5


def test_assign_sets_and_takes_away_the_owner(crm: Crm, studio: Path) -> None:
    assert crm("ticket", "assign", "login-broken-k7m2", "Lukasz").code == 0
    assert "owner: Lukasz" in lines(studio, "login-broken-k7m2")
    assert crm("ticket", "assign", "login-broken-k7m2").code == 0
    assert not any(line.startswith("owner") for line in lines(studio, "login-broken-k7m2"))

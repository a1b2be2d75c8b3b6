"""`plaincrm outbox`: what waits, what was sent, and what that writes."""

from __future__ import annotations

import os
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from tests.conftest import Crm, git


def commits(studio: Path) -> int:
    return int(git(studio, "rev-list", "--count", "HEAD"))


def draft(crm: Crm, *words: str) -> str:
    """Writes drafts; the handle of the first that waits."""
    assert crm("email", *words, "--outbox").code == 0
    handle = crm("outbox", "list", "--json").json["results"][0]["handle"]
    assert isinstance(handle, str)
    return handle


def test_list_and_show(crm: Crm) -> None:
    assert "nothing waits" in crm("outbox", "list").err
    handle = draft(crm, "follow-up", "fjord-website-2027")
    found = crm("outbox", "list", "--json").json
    assert (found["kind"], found["total"]) == ("outbox", 1)
    one = found["results"][0]
    assert (one["contact"], one["deal"], one["template"], one["days"]) == (
        "ola-nordmann",
        "fjord-website-2027",
        "follow-up",
        0,
    )
    assert handle in crm("outbox", "list").out
    assert "Did you have a look" in crm("outbox", "show", handle).out
    assert crm("outbox", "show", "zzzz").code == 3


def test_a_draft_is_no_touch(crm: Crm, studio: Path) -> None:
    draft(crm, "follow-up", "fjord-website-2027")
    assert git(studio, "status", "--short") == ""
    assert (
        crm(
            "list", "contacts", "ola-nordmann", "log(type:email at:2026-11-21).count:1..", "--count"
        ).out
        == "0\n"
    )


def test_sent_logs_once_writes_the_next_step_and_moves_the_mail(crm: Crm, studio: Path) -> None:
    handle = draft(crm, "follow-up", "fjord-website-2027")
    message_id = crm("outbox", "list", "--json").json["results"][0]["messageId"]
    before = commits(studio)
    assert crm("outbox", "sent", handle).code == 0
    assert commits(studio) == before + 1
    assert git(studio, "show", "--name-only", "--format=", "HEAD").split() == [
        "contacts/ola-nordmann.md",
        "deals/fjord-website-2027.md",
    ]
    deal = (studio / "deals" / "fjord-website-2027.md").read_text(encoding="utf-8")
    contact = (studio / "contacts" / "ola-nordmann.md").read_text(encoding="utf-8")
    line = f"- 2026-11-21 12:00 email out: Fjord Ferries web site 2027 {message_id}"
    assert line in deal.splitlines()
    assert line in contact.splitlines()
    assert "next: 2026-11-28 Ask again" in deal.splitlines()
    assert not list((studio / "outbox").glob("*.eml"))
    assert len(list((studio / "outbox" / "sent").glob("*.eml"))) == 1


def test_a_mail_that_the_log_has_already_is_moved_and_not_logged_again(
    crm: Crm, studio: Path
) -> None:
    draft(crm, "follow-up", "kari-berg")
    name = next((studio / "outbox").glob("*.eml")).name
    data = (studio / "outbox" / name).read_bytes()
    crm("outbox", "sent", "--all")
    after = commits(studio)
    (studio / "outbox" / name).write_bytes(data)  # as after a kill between the commit and the move
    ran = crm("outbox", "sent", "--all")
    assert (ran.code, commits(studio)) == (0, after)
    assert "logged before" in ran.err
    assert not list((studio / "outbox").glob("*.eml"))


def test_at_and_next(crm: Crm, studio: Path) -> None:
    handle = draft(crm, "follow-up", "kari-berg")
    ran = crm("outbox", "sent", handle, "--at", "yesterday 09:30", "--next", "+1w Call her")
    assert ran.code == 0
    text = (studio / "contacts" / "kari-berg.md").read_text(encoding="utf-8")
    assert "- 2026-11-20 09:30 email out:" in text
    assert "next: 2026-11-27 Call her" in text.splitlines()


def test_impossible_dates_write_nothing(crm: Crm, studio: Path) -> None:
    handle = draft(crm, "follow-up", "kari-berg")
    assert crm("outbox", "sent", handle, "--at", "2026-02-30").code == 5
    assert crm("outbox", "sent", handle, "--at", "2026-12-24").code == 5
    assert crm("outbox", "sent", handle, "--next", "someday Call").code == 5
    assert git(studio, "status", "--short") == ""
    assert len(list((studio / "outbox").glob("*.eml"))) == 1


def test_a_later_plan_stays_and_the_templates_step_becomes_a_task(crm: Crm, studio: Path) -> None:
    file = studio / "contacts" / "kari-berg.md"
    text = file.read_text(encoding="utf-8").replace(
        "\nname:", "\nnext: 2026-12-24 Send a card\nname:", 1
    )
    file.write_text(text, encoding="utf-8")
    crm("outbox", "sent", draft(crm, "follow-up", "kari-berg"))
    after = file.read_text(encoding="utf-8").splitlines()
    assert "next: 2026-12-24 Send a card" in after
    assert "- [ ] Ask again due:2026-11-28" in after


def test_a_tickets_mail_is_its_reply(crm: Crm, studio: Path) -> None:
    crm("outbox", "sent", draft(crm, "ticket-reply", "login-broken-k7m2"))
    ticket = (studio / "tickets" / "login-broken-k7m2.md").read_text(encoding="utf-8")
    assert (
        "- 2026-11-21 12:00 reply out: Re: Login to the practice's letter templates broken <"
        in ticket
    )
    assert "status: pending" in ticket.splitlines()
    assert git(studio, "show", "--name-only", "--format=", "HEAD").split() == [
        "tickets/login-broken-k7m2.md"
    ]
    again = crm("email", "ticket-reply", "login-broken-k7m2", "--json").json["results"][0]
    assert again["reason"] == "already got it"


def test_several_need_a_yes(crm: Crm, studio: Path) -> None:
    draft(crm, "workshop-invitation")
    before = commits(studio)
    assert crm("outbox", "sent", "--all").code == 1
    assert commits(studio) == before
    assert len(list((studio / "outbox").glob("*.eml"))) == 3
    assert crm("outbox", "sent", "--all", "-y").code == 0
    assert commits(studio) == before + 1


def test_a_dry_run_shows_the_diff_and_moves_nothing(crm: Crm, studio: Path) -> None:
    ran = crm("outbox", "sent", draft(crm, "follow-up", "kari-berg"), "-n")
    assert ran.code == 0
    assert "+- 2026-11-21 12:00 email out:" in ran.out
    assert len(list((studio / "outbox").glob("*.eml"))) == 1


def test_a_mail_to_a_stranger_is_refused(crm: Crm, studio: Path) -> None:
    (studio / "outbox").mkdir()
    mail = b"To: x@nowhere.example\r\nSubject: Hi\r\nMessage-ID: <1@x>\r\n\r\nHi\r\n"
    (studio / "outbox" / "own.eml").write_bytes(mail)
    assert crm("outbox", "sent", "own").code == 3
    (studio / "outbox" / "own.eml").write_bytes(
        mail.replace(b"x@nowhere.example", b"ola@fjordferries.example")
    )
    assert crm("outbox", "sent", "own").code == 0
    assert "email out: Hi <1@x>" in (studio / "contacts" / "ola-nordmann.md").read_text(
        encoding="utf-8"
    )


def test_drop_deletes_drafts_and_logs_nothing(crm: Crm, studio: Path) -> None:
    draft(crm, "workshop-invitation")
    assert crm("outbox", "drop", "--all").code == 1
    assert crm("outbox", "drop", "2026-11-21-birgit-sommer-workshop-invitation").code == 0
    assert len(list((studio / "outbox").glob("*.eml"))) == 2
    assert crm("outbox", "drop", "--all", "-y").code == 0
    assert not list((studio / "outbox").glob("*.eml"))
    assert git(studio, "status", "--short") == ""
    assert crm("outbox", "drop").code == 2


def test_an_invoice_paid_since_leaves_no_step_but_the_log(crm: Crm, studio: Path) -> None:
    handle = draft(crm, "invoice-reminder", "friederike-moeller")
    for file in studio.glob("*/*.md"):
        data = file.read_bytes()
        file.write_bytes(data.replace(b"- [ ] invoice", b"- [x] invoice"))
    ran = crm("outbox", "sent", handle)
    assert ran.code == 0
    assert "no next step" in ran.err
    assert "email out: Rechnung" in (studio / "contacts" / "friederike-moeller.md").read_text(
        encoding="utf-8"
    )


def test_a_line_that_begins_with_from_reaches_the_reader_as_it_was(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    text = "---\nsubject: X\n---\nFrom here on\nfrom me\n"
    (studio / "templates" / "x.md").write_text(text, "utf-8")
    crm("email", "x", "birgit-sommer", "--mbox", str(tmp_path / "all.mbox"))
    data = (tmp_path / "all.mbox").read_bytes()
    assert b">From" not in data
    message = BytesParser(policy=policy.default).parsebytes(data.partition(b"\n")[2])
    assert message.get_content().startswith("From here on\nfrom me\n")


def test_a_text_attachment_says_in_which_letters_it_is_written(crm: Crm, studio: Path) -> None:
    (studio / "files" / "terms.txt").write_text("Grüße: fünf\n", "utf-8")
    text = "---\nsubject: X\nattachments: [files/terms.txt]\n---\nHi\n"
    (studio / "templates" / "x.md").write_text(text, "utf-8")
    crm("email", "x", "birgit-sommer", "--outbox")
    data = next((studio / "outbox").glob("*.eml")).read_bytes()
    part = next(iter(BytesParser(policy=policy.default).parsebytes(data).iter_attachments()))
    assert part.get_content_charset() == "utf-8"
    assert part.get_content() == "Grüße: fünf\n"


def test_open_starts_the_mail_program(
    crm: Crm, studio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm("email", "follow-up", "fjord-website-2027", "--outbox")
    program = tmp_path / "bin" / "xdg-open"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    handle = crm("outbox", "list", "--json").json["results"][0]["handle"]
    assert crm("outbox", "open", handle).code == 0
    opened = (tmp_path / "opened").read_text("utf-8").strip()
    assert opened == str(next((studio / "outbox").glob("*.eml")))

"""Sequences: enrolled, due, written, left; the same from every machine."""

from __future__ import annotations

import re
import shutil
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from plaincrm.book.draft_marks import DraftMarks
from plaincrm.interchange.mail.parse import parse
from tests.conftest import Crm, Ran, git

HELLO = """\
doc: Three mails
steps:
  - mail: one
  - {mail: two, after: 3d}
  - {task: Call, after: 1d}
  - {mail: three, after: 2d}
"""
MONDAY = "2026-11-30T17:00"


@pytest.fixture
def hello(studio: Path) -> Path:
    """The book with a sequence of its own and the templates that it needs."""
    (studio / "sequences").mkdir(exist_ok=True)
    (studio / "sequences" / "hello.yaml").write_text(HELLO, "utf-8")
    for name in ("one", "two", "three"):
        text = f"---\nsubject: Mail {name}\n---\nDear {{{{ contact.name }}}},\n"
        (studio / "templates" / f"{name}.md").write_text(text, "utf-8")
    return studio


def at(crm: Crm, moment: str, *words: str) -> Ran:
    return crm("--today", moment, *words)


def due(crm: Crm, moment: str, *words: str) -> list[dict[str, object]]:
    found = at(crm, moment, "sequence", "due", "--all", "--json", *words)
    assert found.code == 0, found.err
    rows: list[dict[str, object]] = found.json["results"]
    return rows


def send_all(crm: Crm, moment: str) -> None:
    """Write what is due, and say that it was sent."""
    assert at(crm, moment, "sequence", "due", "--outbox", "-y").code == 0
    assert at(crm, moment, "outbox", "sent", "--all", "-y").code == 0


def test_the_whole_course_of_a_sequence(crm: Crm, hello: Path) -> None:
    assert at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer").code == 0
    assert due(crm, MONDAY)[0] | {"enrolled": ""} == {
        "sequence": "hello",
        "step": 1,
        "type": "mail",
        "contact": "birgit-sommer",
        "due": "2026-11-30T17:00:00",
        "template": "one",
        "task": None,
        "status": "due",
        "reason": None,
        "about": None,
        "enrolled": "",
    }
    send_all(crm, MONDAY)
    assert due(crm, MONDAY)[0]["due"] == "2026-12-03T17:00:00"
    send_all(crm, "2026-12-03T18:00")
    send_all(crm, "2026-12-04T18:00")
    waits = due(crm, "2026-12-05T18:00")[0]
    assert (waits["status"], waits["reason"]) == ("waiting", "task: Call")
    handle = crm("list", "tasks", "Call", "--json").json["results"][0]["handle"]
    assert at(crm, "2026-12-07T10:00", "done", handle).code == 0
    last = due(crm, "2026-12-07T10:00")[0]
    assert (last["template"], last["due"]) == ("three", "2026-12-09T18:00:00")
    send_all(crm, "2026-12-09T18:00")
    assert due(crm, "2026-12-10T18:00")[0]["status"] == "done"
    subjects = [parse(file.read_bytes()).subject for file in sent(hello)]
    assert sorted(subjects) == ["Mail one", "Mail three", "Mail two"]


def sent(studio: Path) -> list[Path]:
    return sorted((studio / "outbox" / "sent").glob("*.eml"))


def test_later_mails_are_in_the_thread_of_the_first(crm: Crm, hello: Path) -> None:
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer")
    send_all(crm, MONDAY)
    send_all(crm, "2026-12-03T18:00")
    first, second = (parse(file.read_bytes()) for file in sent(hello))
    assert second.in_reply_to == first.message_id
    assert second.references == (first.message_id,)


def test_a_draft_that_waits_is_not_written_twice(crm: Crm, hello: Path) -> None:
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer")
    for _ in range(2):
        at(crm, MONDAY, "sequence", "due", "--outbox", "-y")
    assert len(list((hello / "outbox").glob("*.eml"))) == 1
    assert due(crm, MONDAY)[0]["reason"] == "a draft waits in the outbox"


def test_a_second_machine_and_a_restored_backup_send_nothing_again(
    crm: Crm, hello: Path, tmp_path: Path
) -> None:
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer")
    send_all(crm, MONDAY)
    git(hello, "add", "-A")
    git(hello, "commit", "-qm", "templates")
    git(tmp_path, "clone", "-q", str(hello), "other")
    for folder in (tmp_path / "other", hello):
        found = crm("-C", str(folder), "--today", MONDAY, "sequence", "due", "--json").json
        assert [row["step"] for row in found["results"]] == [2]
        assert found["results"][0]["status"] == "waiting"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("log", "birgit-sommer", "email", "Yes", "--in"), "replied"),
        (("log", "birgit-sommer", "meeting", "Lunch"), "met"),
        (("set", "birgit-sommer", "unsubscribed=true"), "unsubscribed"),
        (("set", "birgit-sommer", "do_not_email=true"), "do_not_email"),
        (("set", "birgit-sommer", "bounced=birgit.sommer@example.org"), "bounced"),
        (("log", "ola-nordmann", "meeting", "All", "--with", "birgit-sommer"), "met"),
        (("sequence", "leave", "hello", "birgit-sommer", "--reason", "no time"), "no time"),
    ],
)
def test_who_leaves_gets_no_more_not_even_what_waits(
    crm: Crm, hello: Path, words: tuple[str, ...], reason: str
) -> None:
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer")
    at(crm, MONDAY, "sequence", "due", "--outbox", "-y")
    assert at(crm, "2026-12-01T09:00", *words).code == 0
    left = due(crm, "2026-12-01T09:00")[0]
    assert (left["status"], left["reason"]) == ("left", reason)
    assert at(crm, "2026-12-01T09:00", "sequence", "due", "--outbox", "-y").code == 0
    text = (hello / "contacts" / "birgit-sommer.md").read_text("utf-8")
    assert f"sequence: hello: left, {reason}" in text
    planned = at(crm, "2026-12-01T09:00", "outbox", "send", "--all", "-n", "--json").json
    assert planned["results"][0]["status"] == "skipped"


@pytest.mark.usefixtures("hello")
def test_a_flag_that_is_taken_back_brings_nobody_back(crm: Crm) -> None:
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer")
    at(crm, MONDAY, "set", "birgit-sommer", "unsubscribed=true")
    at(crm, MONDAY, "sequence", "due", "--outbox", "-y")
    at(crm, MONDAY, "set", "birgit-sommer", "unsubscribed=")
    assert due(crm, MONDAY)[0]["status"] == "left"


def test_coming_back_takes_a_new_enrolment_with_mails_of_its_own(crm: Crm, hello: Path) -> None:
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer")
    send_all(crm, MONDAY)
    at(crm, "2026-12-01T09:00", "log", "birgit-sommer", "email", "Not now", "--in")
    assert due(crm, "2026-12-08T09:00")[0]["status"] == "left"
    assert at(crm, "2026-12-08T09:00", "sequence", "enrol", "hello", "birgit-sommer").code == 0
    send_all(crm, "2026-12-08T09:00")
    ids = {parse(file.read_bytes()).message_id for file in sent(hello)}
    assert len(ids) == 2
    assert due(crm, "2026-12-08T10:00")[0]["step"] == 2


@pytest.mark.usefixtures("hello")
def test_nobody_is_in_it_twice_and_who_wants_no_mail_is_not_taken(crm: Crm) -> None:
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer")
    again = at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer", "anneliese-bauer")
    assert "birgit-sommer: is in hello already" in again.err
    assert "anneliese-bauer: unsubscribed" in again.err
    assert "nothing to change" in again.err


def test_a_late_step_is_asked_for(crm: Crm, hello: Path) -> None:
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer")
    later = "2026-12-20T09:00"
    assert due(crm, later)[0]["status"] == "late"
    at(crm, later, "sequence", "due", "--outbox", "-y")
    assert not list((hello / "outbox").glob("*.eml"))
    at(crm, later, "sequence", "due", "--outbox", "--skip-late")
    after = due(crm, later)[0]
    assert (after["step"], after["due"]) == (2, "2027-01-07T09:00:00"), "the book is away"
    at(crm, "2027-01-20T09:00", "sequence", "due", "--outbox", "--late")
    assert len(list((hello / "outbox").glob("*.eml"))) == 1


def test_who_prefers_the_phone_gets_a_task(crm: Crm, hello: Path) -> None:
    crm("set", "birgit-sommer", "prefers=phone")
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer")
    at(crm, MONDAY, "sequence", "due", "--outbox")
    text = (hello / "contacts" / "birgit-sommer.md").read_text("utf-8")
    assert "- [ ] one, by phone (hello 1) due:2026-11-30" in text
    assert not list((hello / "outbox").glob("*.eml"))
    assert due(crm, MONDAY)[0]["step"] == 2


def test_a_step_with_a_condition_is_passed_over(crm: Crm, hello: Path) -> None:
    steps = "steps: [{mail: one, when: +vip}, {mail: two}]\n"
    (hello / "sequences" / "hello.yaml").write_text(steps, "utf-8")
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer")
    at(crm, MONDAY, "sequence", "due", "--outbox")
    assert due(crm, MONDAY)[0]["step"] == 2
    assert "step 1 skipped" in (hello / "contacts" / "birgit-sommer.md").read_text("utf-8")


def test_a_window_moves_a_step_to_its_next_beginning(crm: Crm, hello: Path) -> None:
    text = "window: Mon-Fri 09:00-17:00\nsteps: [{mail: one}]\n"
    (hello / "sequences" / "hello.yaml").write_text(text, "utf-8")
    at(crm, "2026-12-04T18:30", "sequence", "enrol", "hello", "birgit-sommer")
    assert due(crm, "2026-12-04T18:30")[0]["due"] == "2026-12-07T09:00:00"


def test_a_deal_is_in_scope_and_winning_it_ends_the_sequence(crm: Crm, hello: Path) -> None:
    assert at(crm, MONDAY, "sequence", "enrol", "after-proposal", "fjord-website-2027").code == 0
    row = due(crm, MONDAY)[0]
    assert (row["contact"], row["about"]) == ("ola-nordmann", "deal/fjord-website-2027")
    assert row["due"] == "2026-12-07T17:00:00"
    at(crm, "2026-12-08T09:00", "sequence", "due", "--outbox")
    message = BytesParser(policy=policy.default).parsebytes(
        next((hello / "outbox").glob("*.eml")).read_bytes()
    )
    assert "Fjord" in str(message["Subject"])
    marks = DraftMarks(hello).read()[str(message["Message-ID"])]
    assert marks["deal"] == "fjord-website-2027"
    at(crm, "2026-12-09T09:00", "win", "fjord-website-2027")
    assert due(crm, "2026-12-09T10:00")[0]["reason"] == "won"


@pytest.mark.usefixtures("hello")
def test_today_show_and_list_know_of_it(crm: Crm) -> None:
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer")
    rows = at(crm, MONDAY, "today", "--json").json["results"]
    step = next(row for row in rows if row["reason"] == "sequence")
    assert (step["id"], step["level"]) == ("birgit-sommer", "today")
    assert step["command"] == "plaincrm sequence due hello --outbox"
    assert "hello: step 1, 2026-11-30" in at(crm, MONDAY, "show", "birgit-sommer").out
    listed = at(crm, MONDAY, "sequence", "list", "--json").json["results"]
    assert next(row for row in listed if row["name"] == "hello")["enrolled"] == 1
    assert crm("list", "contacts", "is:enrolled", "--ids").out == "contact/birgit-sommer\n"


def test_check_names_a_template_that_is_not_there(crm: Crm, hello: Path) -> None:
    text = "steps:\n  - mail: one\n  - mail: tow\n    when: nosuchfield:1\n"
    (hello / "sequences" / "hello.yaml").write_text(text, "utf-8")
    ran = crm("sequence", "check", "hello", "--json")
    assert ran.code == 1
    codes = {row["code"]: row for row in ran.json["results"]}
    assert codes["sequence-template"]["line"] == 3
    assert "two" in codes["sequence-template"]["hint"]
    assert "sequence-when" in codes
    assert {"sequence-template", "sequence-when"} <= {
        row["code"] for row in crm("check", "--json").json["results"]
    }


def test_shipped_sequences_speak_the_language_of_the_book(crm: Crm, studio: Path) -> None:
    assert "Neue Kunden" in crm("sequence", "list").out
    settings = studio / "plaincrm.yaml"
    settings.write_text(settings.read_text("utf-8").replace("language: de", "language: en"))
    assert "A new customer" in crm("sequence", "list").out
    assert crm("sequence", "check").code == 0


def test_a_dry_run_writes_nothing(crm: Crm, hello: Path) -> None:
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer", "ola-nordmann", "-y")
    before = git(hello, "rev-parse", "HEAD")
    ran = at(crm, MONDAY, "sequence", "due", "--outbox", "-n")
    assert "2 drafts would be written" in ran.err
    assert at(crm, MONDAY, "sequence", "due", "--outbox").code == 1
    assert not (hello / "outbox").exists() and git(hello, "rev-parse", "HEAD") == before


@pytest.mark.usefixtures("hello")
def test_undo_takes_an_enrolment_back(crm: Crm) -> None:
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer")
    assert crm("undo", "-y").code == 0
    assert due(crm, MONDAY) == []


def test_a_rename_or_a_merge_sends_nothing_again(crm: Crm, hello: Path) -> None:
    at(crm, MONDAY, "sequence", "enrol", "hello", "birgit-sommer")
    send_all(crm, MONDAY)
    assert crm("rename", "birgit-sommer", "Birgit Winter").code == 0
    assert due(crm, MONDAY)[0]["step"] == 2
    shutil.rmtree(hello / "outbox")
    crm("add", "contact", "Birgit W <b@w.example>", "--new")
    assert crm("merge", "birgit-w", "birgit-winter", "-y").code == 0
    assert due(crm, MONDAY)[0]["step"] == 2


def test_results_count_what_came_of_each_step(crm: Crm, hello: Path, tmp_path: Path) -> None:
    monday = "2026-11-30T10:00"
    at(crm, monday, "sequence", "enrol", "hello", "ola-nordmann", "birgit-sommer", "-y")
    send_all(crm, monday)
    text = (hello / "contacts" / "ola-nordmann.md").read_text("utf-8")
    id = re.findall(r"email out: Mail one (<[0-9a-f]{24}\.one\.plaincrm@[^>]+>)", text)[-1]
    heads = ["From: Ola <ola@fjordferries.example>", "To: ada@studio.example", "Subject: Aha"]
    heads += ["Date: Tue, 1 Dec 2026 10:00:00 +0100", "Message-ID: <m@x>", f"In-Reply-To: {id}"]
    mail = tmp_path / "in.eml"
    mail.write_text("\n".join([*heads, "", "Yes.", ""]))
    assert at(crm, "2026-12-02", "import", str(mail), "-y").code == 0
    send_all(crm, "2026-12-03T10:30")
    first, second, *rest = at(crm, "2026-12-04", "sequence", "results", "hello", "--json").json[
        "results"
    ]
    assert (first["sent"], first["replied"], first["delivered"]) == (2, 1, 2)
    assert (first["rate"]["value"], first["rate"]["n"]) == (0.5, 2)
    assert (second["sent"], second["replied"]) == (1, 0)
    assert all(each["sent"] == 0 and each["rate"]["value"] is None for each in rest)
    assert "50.0% of 2" in at(crm, "2026-12-04", "sequence", "results", "hello").out

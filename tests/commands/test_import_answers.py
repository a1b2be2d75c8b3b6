"""What came back: tied to the mail that it answers, counted where it belongs, never to somebody
else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from plaincrm.book.private_folder import private_folder
from plaincrm.book.sending import SendingFile
from plaincrm.marketing.ledger import recipient_hash
from tests.conftest import Crm

BEA = "beatrice@kestrelbooks.example"
BODY = '---\nsubject: {}\nkind: bulk\n---\nNews. To stop it, reply "unsubscribe".\n'


def campaign(crm: Crm, studio: Path, name: str, subject: str, day: str) -> str:
    """A campaign to Beatrice that was sent on a day; the id of its mail."""
    (studio / "templates" / f"{name}.md").write_text(BODY.format(subject), "utf-8")
    crm("segment", "save", "bea", "contacts", f"email:{BEA}")
    assert crm("campaign", "new", name, "--template", name, "--segment", "bea").code == 0
    assert crm("--today", day, "campaign", "write", name, "--yes").code == 0
    assert crm("--today", day, "outbox", "sent", "--all", "--yes").code == 0
    text = (studio / "contacts" / "beatrice-finch.md").read_text("utf-8")
    return re.findall(rf"<[0-9a-f]+\.{name}\.bulk\.plaincrm@[^>]+>", text)[-1]


def results(crm: Crm, name: str) -> dict[str, Any]:
    return dict(crm("campaign", "results", name, "--json").json["results"][0])


def came(
    crm: Crm, tmp_path: Path, sender: str, subject: str, *heads: str, text: str = "Hm."
) -> Any:
    """Import a mail to Ada; the row of the report."""
    words = [f"From: {sender}", "To: Ada Example <ada@studio.example>", f"Subject: {subject}"]
    words += ["Date: Sat, 21 Nov 2026 10:15:00 +0100", "Message-ID: <m1@x.example>", *heads]
    path = tmp_path / "in.eml"
    path.write_text("\n".join([*words, "", text, ""]))
    return crm("import", str(path), "-y", "--json").json


def test_an_answer_counts_for_the_mail_that_it_names(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    first = campaign(crm, studio, "first", "News", "2026-11-01")
    campaign(crm, studio, "second", "News", "2026-11-15")
    came(crm, tmp_path, f"Beatrice Finch <{BEA}>", "Something else", f"In-Reply-To: {first}")
    assert (results(crm, "first")["replied"], results(crm, "second")["replied"]) == (1, 0)
    text = (studio / "contacts" / "beatrice-finch.md").read_text("utf-8")
    assert f"  answers {first[1:25]}\n" in text


def test_without_headers_the_last_mail_of_the_subject_is_meant(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    campaign(crm, studio, "first", "News of one", "2026-11-01")
    campaign(crm, studio, "second", "News of two", "2026-11-15")
    came(crm, tmp_path, f"Beatrice Finch <{BEA}>", "Re: News of one")
    assert (results(crm, "first")["replied"], results(crm, "second")["replied"]) == (1, 0)


@pytest.mark.parametrize("known", [True, False])
def test_an_answer_of_somebody_else_is_noted_and_not_taken(
    crm: Crm, studio: Path, tmp_path: Path, known: bool
) -> None:
    (studio / "sequences").mkdir(exist_ok=True)
    steps = "steps:\n  - mail: check-in\n  - mail: thank-you\n    after: 30d\n"
    (studio / "sequences" / "one.yaml").write_text(steps)
    id = campaign(crm, studio, "first", "News", "2026-11-01")
    crm("--today", "2026-11-02", "sequence", "enrol", "one", "beatrice-finch")
    if known:
        crm("add", "contact", "Bob Finch", "email=bob@kestrelbooks.example")
    came(crm, tmp_path, "Bob Finch <bob@kestrelbooks.example>", "Re: News", f"In-Reply-To: {id}")
    assert results(crm, "first")["replied"] == 0
    text = (studio / "contacts" / "beatrice-finch.md").read_text("utf-8")
    assert "Bob Finch <bob@kestrelbooks.example> answered instead: Re: News" in text
    assert " email in:" not in text.partition("sequence: one: enrolled")[2]
    state = crm("sequence", "due", "one", "--json").json["results"][0]["status"]
    assert state in ("due", "late")
    if known:
        bob = (studio / "contacts" / "bob-finch.md").read_text("utf-8")
        assert "email in: Re: News" in bob


def test_the_same_person_from_another_address_has_answered(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    id = campaign(crm, studio, "first", "News", "2026-11-01")
    came(crm, tmp_path, "Beatrice Finch <bea@home.example>", "Re: News", f"References: {id}")
    assert results(crm, "first")["replied"] == 1


REPORT = """\
From: MAILER-DAEMON@mx.example
To: ada@studio.example
Subject: Delivery Status Notification
Date: Sat, 21 Nov 2026 10:15:00 +0100
Message-ID: <r{n}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It did not work.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: {id}
Subject: News

--b--
"""


@pytest.mark.parametrize(
    ("action", "status", "hard"),
    [
        ("failed", "5.1.1", True),
        ("failed", "5.2.2", False),
        ("failed", "4.4.1", False),
        ("delayed", "4.2.0", False),
    ],
)
def test_hard_bounces_suppress_and_soft_ones_are_counted(
    crm: Crm, studio: Path, tmp_path: Path, action: str, status: str, hard: bool
) -> None:
    first = campaign(crm, studio, "first", "News", "2026-11-01")
    campaign(crm, studio, "second", "News", "2026-11-15")
    for n in range(2):
        path = tmp_path / "bounce.eml"
        path.write_text(REPORT.format(address=BEA, action=action, status=status, id=first, n=n))
        assert crm("import", str(path), "-y").code == 0
    found = results(crm, "first")
    assert (found["bounced"], found["softBounced"]) == ((1, 0) if hard else (0, 1))
    assert results(crm, "second")["bounced"] + results(crm, "second")["softBounced"] == 0
    bounced = crm("show", "beatrice-finch", "--json").json["results"][0]["fields"]["bounced"]
    assert bool(bounced) is hard
    notes = (studio / "contacts" / "beatrice-finch.md").read_text("utf-8")
    assert notes.count("Bounced: " if hard else "Soft bounce: ") == 2


@pytest.mark.parametrize(
    ("heads", "said", "away"),
    [
        (["Auto-Submitted: auto-replied"], "Out of office: ", 1),
        (["Auto-Submitted: auto-generated"], "Automatic mail: ", 0),
        (["Precedence: bulk"], "Automatic mail: ", 0),
        (["List-Id: <news.kestrelbooks.example>"], "Automatic mail: ", 0),
        (["Return-Path: <>"], "Automatic mail: ", 0),
    ],
)
def test_what_a_machine_sends_is_no_answer(
    crm: Crm, studio: Path, tmp_path: Path, heads: list[str], said: str, away: int
) -> None:
    id = campaign(crm, studio, "first", "News", "2026-11-01")
    came(crm, tmp_path, f"Beatrice Finch <{BEA}>", "I am away", f"In-Reply-To: {id}", *heads)
    found = results(crm, "first")
    assert (found["replied"], found["outOfOffice"]) == (0, away)
    assert said in (studio / "contacts" / "beatrice-finch.md").read_text("utf-8")


@pytest.mark.parametrize("proof", ["reply", "bounce"])
def test_what_was_in_doubt_is_settled_by_an_answer_or_a_bounce(
    crm: Crm, studio: Path, tmp_path: Path, proof: str
) -> None:
    assert crm("email", "check-in", "beatrice-finch", "--outbox").code == 0
    draft = next((studio / "outbox").glob("*.eml"))
    id = re.findall(r"(?m)^Message-ID: (<[^>]+>)", draft.read_text("utf-8"))[0]
    line = f"2026-11-20T09:30:00.000000Z sending {id} {recipient_hash(BEA)}\n"
    SendingFile(private_folder(studio)).append(line)
    assert crm("outbox", "list", "--json").json["results"][0]["state"] == "in doubt"
    if proof == "reply":
        came(crm, tmp_path, f"Beatrice Finch <{BEA}>", "Re: x", f"In-Reply-To: {id}")
    else:
        path = tmp_path / "bounce.eml"
        path.write_text(REPORT.format(address=BEA, action="failed", status="5.1.1", id=id, n=1))
        crm("import", str(path), "-y")
    assert crm("outbox", "list", "--json").json["total"] == 0
    assert not draft.exists() and list((studio / "outbox" / "sent").glob("*.eml"))
    text = (studio / "contacts" / "beatrice-finch.md").read_text("utf-8")
    assert text.count(id) == 1 and f"answers {id[1:25]}" in text
    assert "in doubt" not in crm("outbox", "list").err


def test_an_unsubscription_by_mail_counts_once_and_for_its_mail(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    first = campaign(crm, studio, "first", "News", "2026-11-01")
    campaign(crm, studio, "second", "News", "2026-11-15")
    sender = f"Beatrice Finch <{BEA}>"
    came(crm, tmp_path, sender, "Re: News", f"In-Reply-To: {first}", text="unsubscribe")
    assert (results(crm, "first")["unsubscribed"], results(crm, "second")["unsubscribed"]) == (1, 0)
    text = (studio / "contacts" / "beatrice-finch.md").read_text("utf-8")
    assert "unsubscribed: true" in text and "consent: unsubscribed by mail" in text


def test_an_unsubscription_on_a_form_counts_for_the_last_mail(crm: Crm, studio: Path) -> None:
    campaign(crm, studio, "first", "News", "2026-11-01")
    crm("set", "beatrice-finch", "unsubscribed=true")
    assert results(crm, "first")["unsubscribed"] == 1

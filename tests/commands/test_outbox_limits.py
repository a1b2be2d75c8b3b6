"""`outbox send`: rate, hours, copies of what was sent, the last sync, refusals in the server's words."""

from __future__ import annotations

import mailbox
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Crm, git
from tests.transport.smtp_server import Script, serving

PEOPLE = ("ola-nordmann", "birgit-sommer", "liv-hansen")


def drafts(crm: Crm, studio: Path, port: int, *settings: str) -> None:
    """A draft to each of three people, and settings that lead to the server."""
    for person in PEOPLE:
        assert crm("email", "check-in", person, "--outbox").code == 0
    path = studio / "plaincrm.yaml"
    lines = [f"smtp: {{host: 127.0.0.1, port: {port}, tls: none}}", *settings]
    added = "".join(f"  {line}\n" for line in lines)
    path.write_text(path.read_text("utf-8").replace("mail:\n", f"mail:\n{added}", 1), "utf-8")


def sent(crm: Crm, *words: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in crm("outbox", "send", "--all", "--yes", "--trust", "--json", *words).json[
        "results"
    ]:
        found.setdefault(each["status"], []).append(each["reason"])
    return found


def test_no_more_mails_go_out_in_an_hour_than_the_rate_says(crm: Crm, studio: Path) -> None:
    script = Script()
    with serving(script) as port:
        drafts(crm, studio, port, "rate: 2/hour")
        found = sent(crm, "--dry-run")
        assert len(found["ready"]) == 2
        found = sent(crm)
        assert len(found["sent"]) == 2 and len(script.accepted) == 2
        assert found["skipped"] == ["2 mails an hour; more after 13:00"]
        assert sent(crm) == {"skipped": ["2 mails an hour; more after 13:00"]}
        later = ("--today", "2026-11-21T13:01", "outbox", "send", "--all", "--yes")
        assert crm(*later).code == 0
    assert len({each[0][0] for each in script.accepted}) == 3 == len(script.accepted)


def test_mail_waits_for_the_hours_of_sending_unless_now(crm: Crm, studio: Path) -> None:
    script = Script()
    with serving(script) as port:
        drafts(crm, studio, port, "window: Mon-Fri 09:00-17:00")  # the day is a Saturday
        found = sent(crm)
        assert not script.accepted
        assert set(found) == {"skipped"} and "Mon 09:00; --now" in found["skipped"][0]
        assert len(sent(crm, "--now")["sent"]) == 3
    assert len(script.accepted) == 3


def test_what_was_sent_is_copied_to_a_maildir_once(crm: Crm, studio: Path, tmp_path: Path) -> None:
    script = Script()
    with serving(script) as port:
        drafts(crm, studio, port, f"copy: {tmp_path}/Sent")
        assert len(sent(crm)["sent"]) == 3
    kept = list(mailbox.Maildir(tmp_path / "Sent", create=False))
    bodies = {each.as_bytes().partition(b"\n\n")[2] for each in kept}
    assert len(kept) == 3
    assert bodies == {
        text.replace(b"\r\n", b"\n").partition(b"\n\n")[2] for _, text in script.accepted
    }
    assert all(each.get_flags() == "S" and each["X-Plaincrm-Contact"] is None for each in kept)


def test_an_mbox_is_added_to_and_another_file_is_not(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    with serving(Script()) as port:
        drafts(crm, studio, port, f"copy: {tmp_path}/sent.mbox")
        assert len(sent(crm)["sent"]) == 3
    with closing(mailbox.mbox(tmp_path / "sent.mbox", create=False)) as kept:
        assert len(kept) == 3


def test_a_copy_that_fails_is_told_and_the_mail_stays_sent(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.mbox").write_text("My notes\n")
    script = Script()
    with serving(script) as port:
        drafts(crm, studio, port, f"copy: {tmp_path}/notes.mbox")
        found = sent(crm)
    assert len(script.accepted) == 3 and "is no mbox" in found["sent"][0]
    assert (tmp_path / "notes.mbox").read_text() == "My notes\n"


def test_where_copies_go_is_part_of_what_is_trusted(crm: Crm, studio: Path, tmp_path: Path) -> None:
    with serving(Script()) as port:
        drafts(crm, studio, port)
        assert len(sent(crm)["sent"]) == 3
        path = studio / "plaincrm.yaml"
        path.write_text(path.read_text().replace("mail:\n", f"mail:\n  copy: {tmp_path}/x\n", 1))
        crm("email", "thank-you", "ola-nordmann", "--outbox")
        ran = crm("outbox", "send", "--all", "--yes")
    assert ran.code == 5 and f"keep copies in {tmp_path}/x" in ran.err


@pytest.mark.parametrize(
    ("reply", "gone"),
    [
        ("550 5.1.1 no such user", True),
        ("550 no such user", True),
        ("550 5.7.1 relaying denied", False),
        ("530 5.7.0 authentication required", False),
        ("554 5.7.1 blocked: spam", False),
        ("450 4.2.0 greylisted", False),
    ],
)
def test_refusals_are_shown_and_only_a_missing_mailbox_is_not_written_to_again(
    crm: Crm, studio: Path, reply: str, gone: bool
) -> None:
    with serving(Script(replies={"RCPT ola@fjordferries.example": reply})) as port:
        drafts(crm, studio, port)
        found = sent(crm)
    assert found["refused"] == [reply] and len(found["sent"]) == 2
    bounced = crm("show", "ola-nordmann", "--json").json["results"][0]["fields"]["bounced"]
    assert bool(bounced) is gone


def test_send_says_when_this_machine_synced_last(crm: Crm, studio: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "other.git")
    with serving(Script()) as port:
        drafts(crm, studio, port)
        assert "synced" not in crm("outbox", "send", "--all", "--dry-run").err
        git(studio, "remote", "add", "origin", str(tmp_path / "other.git"))
        assert "has not synced yet" in crm("outbox", "send", "--all", "--dry-run").err
        assert crm("sync", "--yes").code == 0
        ran = crm("--today", "2026-11-23T10:00", "outbox", "send", "--all", "--dry-run")
    assert "last sync 2026-11-21 12:00" in ran.err

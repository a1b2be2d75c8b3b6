"""`plaincrm outbox send`: each mail at most once, whatever the server does and whenever we die."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from plaincrm.book.private_folder import private_folder
from plaincrm.book.sending import SendingFile
from plaincrm.marketing.ledger import recipient_hash
from plaincrm.transport.smtp import Connection
from tests.conftest import Crm, git
from tests.transport.smtp_server import Script, serving

OLA = "ola@fjordferries.example"


def ready(crm: Crm, studio: Path, port: int) -> str:
    """A draft to Ola, and settings that lead to the server; the draft's handle."""
    assert crm("email", "follow-up", "fjord-website-2027", "--outbox").code == 0
    settings = studio / "plaincrm.yaml"
    text = settings.read_text("utf-8")
    smtp = f"smtp: {{host: 127.0.0.1, port: {port}, tls: none}}"
    if "smtp:" not in text:
        assert "mail:\n" in text
        settings.write_text(text.replace("mail:\n", f"mail:\n  {smtp}\n", 1), "utf-8")
    handle = crm("outbox", "list", "--json").json["results"][0]["handle"]
    assert isinstance(handle, str)
    return handle


def ledger(studio: Path) -> list[str]:
    path = studio / ".plaincrm" / "sending"
    return [line.split()[1] for line in path.read_text("utf-8").splitlines()]


def logged(studio: Path) -> bool:
    return ".plaincrm@" in (studio / "deals" / "fjord-website-2027.md").read_text("utf-8")


def test_it_is_sent_logged_and_moved_in_one_commit(crm: Crm, studio: Path) -> None:
    script = Script()
    with serving(script) as port:
        handle = ready(crm, studio, port)
        git(studio, "commit", "-qam", "settings")
        before = int(git(studio, "rev-list", "--count", "HEAD"))
        ran = crm("outbox", "send", handle, "--yes", "--trust", "--json")
        assert (ran.code, ran.json["results"][0]["status"]) == (0, "sent"), ran.err
        assert int(git(studio, "rev-list", "--count", "HEAD")) == before + 1
        assert crm("outbox", "send", "--all", "--yes").code == 0
    ((people, text),) = script.accepted
    assert people == [OLA] and b"X-Plaincrm" not in text and b"X-Unsent" not in text
    assert logged(studio) and ledger(studio) == ["sending", "sent"]
    assert git(studio, "status", "--short") == ""
    assert crm("outbox", "list", "--json").json["total"] == 0
    assert len(list((studio / "outbox" / "sent").iterdir())) == 1


def test_a_dry_run_sends_nothing_and_writes_nothing(crm: Crm, studio: Path) -> None:
    script = Script()
    with serving(script) as port:
        ready(crm, studio, port)
        ran = crm("outbox", "send", "--all", "--dry-run", "--json")
    assert ran.json["results"][0]["status"] == "ready"
    assert not script.accepted and not (studio / ".plaincrm" / "sending").exists()


def test_settings_that_came_with_the_book_send_nothing_unasked(crm: Crm, studio: Path) -> None:
    script = Script()
    with serving(script) as port:
        handle = ready(crm, studio, port)
        ran = crm("outbox", "send", handle, "--yes")
        assert ran.code == 5 and "--trust" in ran.err
        assert not script.accepted
        assert crm("outbox", "send", handle, "--yes", "--trust").code == 0
        assert len(script.accepted) == 1


def test_without_yes_and_terminal_nothing_is_sent(crm: Crm, studio: Path) -> None:
    script = Script()
    with serving(script) as port:
        ready(crm, studio, port)
        assert crm("outbox", "send", "--all", "--trust").code == 1
    assert not script.accepted


def test_who_may_not_be_mailed_any_more_is_skipped(crm: Crm, studio: Path) -> None:
    script = Script()
    with serving(script) as port:
        handle = ready(crm, studio, port)
        assert crm("set", "ola-nordmann", "do_not_email=true").code == 0
        ran = crm("outbox", "send", handle, "--yes", "--trust", "--json")
    assert ran.json["results"][0]["status"] == "skipped"
    assert not script.accepted


def test_a_recipient_whom_the_server_refuses_is_not_written_to_again(
    crm: Crm, studio: Path
) -> None:
    with serving(Script(replies={"RCPT": "550 no such user"})) as port:
        handle = ready(crm, studio, port)
        ran = crm("outbox", "send", handle, "--yes", "--trust", "--json")
    (one,) = ran.json["results"]
    assert (ran.code, one["status"], one["reason"]) == (1, "refused", "550 no such user")
    assert not logged(studio)
    found = crm("show", "ola-nordmann", "--json").json["results"][0]["fields"]["bounced"]
    assert [each["value"] for each in found] == [OLA]


def test_a_refusal_for_now_leaves_the_draft_for_the_next_run(crm: Crm, studio: Path) -> None:
    script = Script(replies={"RCPT": "451 greylisted"})
    with serving(script) as port:
        handle = ready(crm, studio, port)
        assert crm("outbox", "send", handle, "--yes", "--trust").code == 1
        script.replies.clear()
        assert crm("outbox", "send", handle, "--yes").code == 0
    assert len(script.accepted) == 1 and logged(studio)
    assert sorted(ledger(studio)) == ["refused", "sending", "sending", "sent"]


@pytest.mark.parametrize("drop", ["dot", "dot-lost"])
@pytest.mark.parametrize("word", ["sent", "unsent"])
def test_what_is_in_doubt_is_named_and_waits_for_a_word(
    crm: Crm, studio: Path, drop: str, word: str
) -> None:
    script = Script(drop=drop)
    with serving(script) as port:
        handle = ready(crm, studio, port)
        ran = crm("outbox", "send", handle, "--yes", "--trust", "--json")
        assert (ran.code, ran.json["results"][0]["status"]) == (1, "doubt")
        assert not logged(studio)
        script.drop = ""
        copies = len(script.accepted)
        again = crm("outbox", "send", "--all", "--yes", "--json")
        assert again.json["results"][0]["status"] == "doubt" and len(script.accepted) == copies
        assert crm("outbox", "send", "--settle", handle, word).code == 0
        assert logged(studio) is (word == "sent")
        crm("outbox", "send", "--all", "--yes")
        assert len(script.accepted) == copies + (word == "unsent")
        assert logged(studio)


def test_nothing_in_doubt_is_nothing_to_settle(crm: Crm, studio: Path) -> None:
    with serving(Script()) as port:
        handle = ready(crm, studio, port)
        assert crm("outbox", "send", "--settle", handle, "sent").code == 5


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _patched(point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process die at one point of sending."""
    append, deliver, text = SendingFile.append, Connection.deliver, Connection._text

    def dying_append(self: SendingFile, line: str) -> None:
        kind = line.split()[1]
        if point == f"before {kind}":
            _die()
        append(self, line)
        if point == f"after {kind}":
            _die()

    def dying_deliver(self: Connection, *rest: object) -> object:
        if point == "before MAIL":
            _die()
        return deliver(self, *rest)  # type: ignore[arg-type]

    def dying_text(self: Connection, data: bytes) -> object:
        if point == "before text":
            _die()
        if point == "half the text":
            self._smtp.send(data[: len(data) // 2])
            _die()
        outcome = text(self, data)
        if point == "after the answer":
            _die()
        return outcome

    monkeypatch.setattr(SendingFile, "append", dying_append)
    monkeypatch.setattr(Connection, "deliver", dying_deliver)
    monkeypatch.setattr(Connection, "_text", dying_text)
    if point == "before the log":
        monkeypatch.setattr("plaincrm.crm.mailing.mark_sent.sent", _die)
    if point == "after the commit":
        monkeypatch.setattr("plaincrm.crm.mailing.deliver.Sender.finish", _die)


POINTS = {
    "before sending": "ready",
    "after sending": "doubt",
    "before MAIL": "doubt",
    "before text": "doubt",
    "half the text": "doubt",
    "after the answer": "doubt",
    "before sent": "doubt",
    "after sent": "sent",
    "before the log": "sent",
    "after the commit": "skipped",
}


@pytest.mark.parametrize(("point", "status"), POINTS.items())
def test_killed_at_any_point_nobody_gets_two_copies_and_none_is_lost(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, point: str, status: str
) -> None:
    script = Script()
    with serving(script) as port:
        handle = ready(crm, studio, port)
        assert crm("outbox", "send", handle, "--yes", "--trust", "--dry-run").code == 0
        child = os.fork()
        if not child:
            _patched(point, monkeypatch)
            crm("outbox", "send", handle, "--yes", "--trust")
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        shown = crm("outbox", "send", "--all", "--dry-run", "--json").json["results"]
        assert [each["status"] for each in shown] == [status]
        crm("outbox", "send", "--all", "--yes", "--trust")
        assert len(script.accepted) <= 1
        if status == "doubt":
            assert not logged(studio)
        else:
            assert len(script.accepted) == 1 and logged(studio)


def test_a_sync_takes_along_what_a_killed_run_was_sending(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "far.git")
    handle = ready(crm, studio, 1)
    draft = crm("outbox", "list", "--json").json["results"][0]
    line = f"2026-11-21T09:30:00Z sending {draft['messageId']} {recipient_hash(OLA)}\n"
    folder = private_folder(studio)
    SendingFile(folder).append(line)
    listed = crm("outbox", "list", "--json").json["results"][0]
    assert listed["state"] == "in doubt"
    assert crm("sync", "--to", str(tmp_path / "far.git")).code == 0
    assert line in (studio / ".plaincrm" / "sending").read_text("utf-8")
    assert SendingFile(folder).read() == ""
    planned = crm("outbox", "send", handle, "-n", "--json").json["results"][0]
    assert planned["status"] == "doubt"


@pytest.mark.parametrize(
    ("smtp", "said"),
    [
        ("{host: 127.0.0.1, port: 1, tls: none}", "connection refused; look at mail: {smtp"),
        ("{host: x.invalid, port: 587}", "x.invalid: no such host; look at mail: {smtp"),
        (
            '{host: 127.0.0.1, port: 1, tls: none, user: a, password_command: "false"}',
            "false gives no password: exit code 1, and not a word; look at mail: {smtp",
        ),
    ],
)
def test_what_keeps_mail_from_leaving_is_said_plainly(
    crm: Crm, studio: Path, smtp: str, said: str
) -> None:
    crm("email", "check-in", "ola-nordmann", "--outbox")
    settings = studio / "plaincrm.yaml"
    settings.write_text(settings.read_text().replace("mail:\n", f"mail:\n  smtp: {smtp}\n", 1))
    ran = crm("outbox", "send", "--all", "--yes", "--trust")
    assert ran.code == 5 and said in ran.err and "Errno" not in ran.err
    assert len(list((studio / "outbox").glob("*.eml"))) == 1

"""What is known of a draft stands beside it, and no header of plaincrm's own ever leaves here."""

from __future__ import annotations

import stat
from collections.abc import Callable
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from plaincrm.book.draft_marks import PATH, DraftMarks
from plaincrm.interchange.mail.mbox import from_mbox
from tests.conftest import Crm
from tests.mcp.test_server import call, opened

OLD = b"""From: Ada Example <ada@studio.example>\r
To: Ola Nordmann <ola@fjordferries.example>\r
Subject: How is it?\r
Date: Fri, 20 Nov 2026 08:00:00 +0100\r
Message-ID: <aaaaaaaaaaaaaaaaaaaaaaaa.check-in.plaincrm@studio.example>\r
X-Plaincrm-Contact: ola-nordmann\r
X-Plaincrm-Template: check-in\r
X-Plaincrm-Deal: fjord-website-2027\r
X-Unsent: 1\r
\r
X-Plaincrm-Contact: these words are the letter's\r
"""
RULE = 'automations:\n  - {name: thanks, on: "+thank", kind: contact, do: {draft: check-in}}\n'
ENROL = ("sequence", "enrol", "after-proposal", "fjord-website-2027")


def _plain(*words: str) -> Callable[[Crm, Path], None]:
    def run(crm: Crm, _: Path) -> None:
        assert crm(*words).code == 0

    return run


def _campaign(crm: Crm, _: Path) -> None:
    crm("segment", "save", "only-ola", "contacts", "email:ola@fjordferries.example")
    crm("campaign", "new", "One", "--template", "check-in", "--segment", "only-ola")
    assert crm("campaign", "write", "one", "--yes").code == 0


def _sequence(crm: Crm, _: Path) -> None:
    crm("--today", "2026-11-30T17:00", *ENROL)
    assert crm("--today", "2026-12-08T09:00", "sequence", "due", "--outbox").code == 0


def _rule(crm: Crm, studio: Path) -> None:
    settings = studio / "plaincrm.yaml"
    settings.write_text(settings.read_text().partition("automations:")[0] + RULE)
    assert crm("set", "ola-nordmann", "tags+=thank").code == 0


def _mcp(_: Crm, studio: Path) -> None:
    server, words = opened(studio), {"template": "check-in", "refs": ["contact/ola-nordmann"]}
    shown = call(server, "draft_email", **words)
    assert isinstance(shown, dict)
    call(server, "draft_email", **words, token=shown["token"])


def _old(_: Crm, studio: Path) -> None:
    (studio / "outbox").mkdir(exist_ok=True)
    (studio / "outbox" / "2026-11-20-ola-nordmann-check-in.eml").write_bytes(OLD)


WAYS = {
    "email": _plain("email", "follow-up", "fjord-website-2027", "--outbox"),
    "mbox": _plain("email", "check-in", "ola-nordmann", "--mbox", "../out.mbox"),
    "maildir": _plain("email", "check-in", "ola-nordmann", "--maildir", "../out"),
    "ticket": _plain("ticket", "reply", "login-broken-k7m2", "Try again.", "--outbox"),
    "digest": _plain("today", "--mail", "outbox"),
    "campaign": _campaign,
    "sequence": _sequence,
    "rule": _rule,
    "mcp": _mcp,
}


def mails(studio: Path) -> list[bytes]:
    folder = studio.parent
    found = [*(studio / "outbox").rglob("*.eml"), *(folder / "out").rglob("cur/*")]
    boxes = [one for path in folder.glob("*.mbox") for one in from_mbox(path.read_bytes())]
    return [path.read_bytes() for path in found] + boxes


def refuse_working_headers(data: bytes) -> None:
    names = [name.casefold() for name in BytesParser(policy=policy.default).parsebytes(data)]
    assert not [name for name in names if name.startswith("x-") or name == "date"], names


@pytest.mark.parametrize("way", WAYS)
def test_no_draft_has_a_header_that_is_not_for_its_reader(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.chdir(studio)
    WAYS[way](crm, studio)
    found = mails(studio)
    assert found
    for data in found:
        refuse_working_headers(data)
        (id,) = (line[12:].decode() for line in data.splitlines() if line[:11] == b"Message-ID:")
        assert id in DraftMarks(studio).read()


def test_a_draft_of_an_older_plaincrm_is_read(crm: Crm, studio: Path) -> None:
    _old(crm, studio)
    (row,) = crm("outbox", "list", "--json").json["results"]
    assert (row["contact"], row["template"]) == ("ola-nordmann", "check-in")
    assert (row["deal"], row["days"]) == ("fjord-website-2027", 1)
    assert crm("outbox", "sent", "--all").code == 0
    for record in ("contacts/ola-nordmann.md", "deals/fjord-website-2027.md"):
        assert "aaaaaaaaaaaa.check-in" in (studio / record).read_text("utf-8")


@pytest.mark.parametrize("way", ["open", "email"])
def test_an_old_draft_loses_its_headers_before_a_program_has_it(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    _old(crm, studio)
    before = crm("outbox", "list", "--json").json["results"]
    seen: list[bytes] = []
    monkeypatch.setattr(
        "plaincrm.book.desktop.open_file", lambda path: seen.append(path.read_bytes())
    )
    if way == "open":
        assert crm("outbox", "open", before[0]["handle"]).code == 0
    else:
        crm("email", "thank-you", "birgit-sommer", "--outbox")
        seen = [(studio / before[0]["path"]).read_bytes()]
    refuse_working_headers(seen[0])
    assert seen[0].endswith(b"\r\n\r\nX-Plaincrm-Contact: these words are the letter's\r\n")
    after = [each for each in crm("outbox", "list", "--json").json["results"] if each in before]
    assert after == before


def test_marks_go_with_their_draft_and_nobody_else_reads_them(crm: Crm, studio: Path) -> None:
    crm("email", "check-in", "ola-nordmann", "birgit-sommer", "--outbox")
    assert stat.S_IMODE((studio / PATH).stat().st_mode) == 0o600
    first, second = (one["handle"] for one in crm("outbox", "list", "--json").json["results"])
    assert len(DraftMarks(studio).read()) == 2
    crm("outbox", "drop", first)
    assert len(DraftMarks(studio).read()) == 1
    crm("outbox", "sent", second)
    assert DraftMarks(studio).read() == {}


def test_what_another_program_sent_from_an_mbox_is_on_its_deal(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    box = tmp_path / "drafts.mbox"
    crm("email", "follow-up", "fjord-website-2027", "--mbox", str(box))
    (draft,) = from_mbox(box.read_bytes())
    (tmp_path / "sent.eml").write_bytes(b"Date: Sat, 21 Nov 2026 12:00:00 +0100\n" + draft)
    assert crm("import", str(tmp_path / "sent.eml"), "-y", "--json").json["created"] == 1
    (id,) = (line[12:].decode() for line in draft.splitlines() if line[:11] == b"Message-ID:")
    for record in ("contacts/ola-nordmann.md", "deals/fjord-website-2027.md"):
        text = (studio / record).read_text("utf-8")
        assert text.count(id) == 1 and "email out:" in text
    assert DraftMarks(studio).read() == {}
    assert crm("import", str(tmp_path / "sent.eml"), "-y", "--json").json["unchanged"] == 1


@pytest.mark.parametrize(
    "text",
    ["", "no json\n", "[]\n{}\n", '{"id": 1}\n', '{"id": "<a@b>", "deal": ["x"]}\n', "\0\xff"],
)
def test_lines_that_are_none_harm_nothing(crm: Crm, studio: Path, text: str) -> None:
    crm("email", "check-in", "ola-nordmann", "--outbox")
    (studio / PATH).write_bytes(text.encode("latin-1"))
    assert crm("outbox", "list").code == 0
    assert crm("outbox", "sent", "--all").code == 0
    assert "email out:" in (studio / "contacts" / "ola-nordmann.md").read_text("utf-8")


def test_a_link_in_its_place_is_not_followed(crm: Crm, studio: Path, tmp_path: Path) -> None:
    (studio / "outbox").mkdir(exist_ok=True)
    (tmp_path / "elsewhere").write_text("kept\n")
    (studio / PATH).symlink_to(tmp_path / "elsewhere")
    assert crm("email", "check-in", "ola-nordmann", "--outbox").code != 0
    assert (tmp_path / "elsewhere").read_text() == "kept\n"


def test_whoever_is_forgotten_is_told_of_drafts_that_name_them(crm: Crm, studio: Path) -> None:
    crm("email", "check-in", "ola-nordmann", "--outbox")
    ran = crm("privacy", "forget", "ola-nordmann", "-y")
    assert PATH in ran.err
    assert crm("outbox", "drop", "--all", "-y").code == 0
    assert "ola" not in (studio / PATH).read_text("utf-8")

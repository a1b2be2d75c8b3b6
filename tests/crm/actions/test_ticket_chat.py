"""A chat becomes a ticket, once."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Crm

CHAT = """\
[20.11.26, 14:03:22] Kari Berg: The boarding cards print
with two edges.
[20.11.26, 14:05:01] Ada Example: Which printer? <script>alert(1)</script>
[20.11.26, 14:06:40] Kari: The small one.
"""
MORE = CHAT + "[20.11.26, 14:20:00] Ada Example: Solved?\n## Log\n- 2026-01-01 order: 9 EUR\n"


def put(studio: Path, text: str) -> str:
    (studio / "inbox").mkdir(exist_ok=True)
    (studio / "inbox" / "chat.txt").write_text(text, "utf-8")
    return "inbox/chat.txt"


def test_a_chat_opens_a_ticket_with_each_message_once(crm: Crm, studio: Path) -> None:
    ref = crm("ticket", "open", "--chat", put(studio, CHAT), "--contact", "kari-berg").out.strip()
    found = crm("show", ref, "--json").json["results"][0]
    assert found["fields"]["channel"] == "chat"
    assert found["fields"]["company"] == "fjord-ferries"
    assert found["fields"]["opened"].startswith("2026-11-20T14:03")
    assert found["fields"]["status"] == "open"
    assert found["fields"]["subject"] == "The boarding cards print with two edges."
    told = [(e["direction"], e["text"]) for e in found["log"] if e["type"] == "reply"]
    assert [direction for direction, _ in told] == ["in", "out", "in"]
    again = crm("ticket", "open", "--chat", put(studio, CHAT), "--contact", "kari-berg")
    assert (again.code, again.out.strip()) == (0, ref)
    assert "already" in again.err
    assert found == crm("show", ref, "--json").json["results"][0]


def test_a_longer_transcript_goes_on_with_the_ticket(crm: Crm, studio: Path) -> None:
    ref = crm("ticket", "open", "--chat", put(studio, CHAT), "--contact", "kari-berg").out.strip()
    assert (
        crm("ticket", "open", "--chat", put(studio, MORE), "-n", "--contact", "kari-berg").code == 0
    )
    assert (
        crm("ticket", "open", "--chat", put(studio, MORE), "--contact", "kari-berg").out.strip()
        == ref
    )
    found = crm("show", ref, "--json").json["results"][0]
    replies = [entry for entry in found["log"] if entry["type"] == "reply"]
    assert len(replies) == 4
    assert not [entry for entry in found["log"] if entry["type"] == "order"]
    assert found["fields"]["status"] == "pending"
    assert crm("check", "--json").code == crm("check").code


def test_what_is_no_chat_is_refused_with_the_form(crm: Crm, studio: Path) -> None:
    ran = crm("ticket", "open", "--chat", put(studio, "Hello"), "--contact", "kari-berg")
    assert ran.code == 5
    assert "2026-11-20 14:03 Kim Berg" in ran.err

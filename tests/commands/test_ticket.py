"""`plaincrm ticket`: from the first word to the last."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    assert open_ == crm("list", "tickets", "is:open", "--ids").out.split()
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

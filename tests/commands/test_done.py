"""`plaincrm done`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NoReturn

import pytest

from plaincrm.core.records.facts import Context
from plaincrm.core.records.reminder import Reminder
from plaincrm.crm.reminders import index
from tests.commands.writes import changed_lines, commits, read, touched
from tests.conftest import Crm


def handle(crm: Crm, record: str, reason: str) -> str:
    """The handle of the record's line of today with that reason."""
    kind, _, id = record.partition("/")
    lines = [
        line
        for line in crm("today", "--json").json["results"]
        if (line["kind"], line["id"]) == (kind, id)
    ]
    return next(line["handle"] for line in lines if line["reason"] == reason)


def test_a_task_is_ticked(crm: Crm, studio: Path) -> None:
    code = handle(crm, "deal/moeller-online-shop", "task")
    assert crm("done", code).code == 0
    old, new = changed_lines(studio)
    assert old.startswith("-- [ ] Send the contract")
    assert new.startswith("+- [x] Send the contract")
    assert new.endswith("done:2026-11-21")
    assert crm("done", code).code == 3


def test_several_handles_are_one_commit(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    found = [
        handle(crm, "deal/moeller-online-shop", "task"),
        handle(crm, "contact/ola-nordmann", "task"),
    ]
    assert crm("done", *found).code == 0
    assert commits(studio) == before + 1
    assert touched(studio) == ["contacts/ola-nordmann.md", "deals/moeller-online-shop.md"]


def test_an_unknown_handle_stops_the_others(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    assert crm("done", handle(crm, "deal/moeller-online-shop", "task"), "zzzzzz").code == 3
    assert commits(studio) == before


def test_a_next_step_takes_the_old_ones_place(crm: Crm, studio: Path) -> None:
    code = handle(crm, "deal/fjord-website-2027", "next")
    assert crm("done", code, "--next", "+3d Call Ola").code == 0
    text = read(studio, "deals/fjord-website-2027.md")
    assert "next: 2026-11-24 Call Ola\n" in text
    assert "task: Put the three instalments into the proposal" in text


def test_what_only_another_command_does_is_named(crm: Crm) -> None:
    line = next(
        each for each in crm("today", "--json").json["results"] if each["reason"] == "unanswered"
    )
    ran = crm("done", line["handle"])
    assert ran.code == 5
    assert line["command"] in ran.err


def test_what_was_done_is_told_whole(crm: Crm) -> None:
    lines = [each for each in crm("today", "--json").json["results"] if each["reason"] == "cadence"]
    ran = crm("done", *(each["handle"] for each in lines[:2]))
    assert all(each["text"] in ran.err for each in lines[:2]) and "…" not in ran.err


def test_done_of_several_handles_looks_at_the_book_once(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [line["handle"] for line in crm("list", "tasks", "--json").json["results"][:6]]
    looks: list[tuple[str, ...]] = []
    whole = index.named

    def counted(words: Collection[str], context: Context) -> dict[str, list[Reminder]]:
        looks.append(tuple(words))
        return whole(words, context)

    def everything(*_: object) -> NoReturn:
        raise AssertionError("done goes through the reminders of the whole book")

    monkeypatch.setattr(index, "named", counted)
    monkeypatch.setattr(index, "reminders", everything)
    assert crm("done", *codes).code == 0
    assert looks == [tuple(codes)]

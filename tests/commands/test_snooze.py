"""`plaincrm snooze`."""

from __future__ import annotations

from pathlib import Path

from tests.commands.test_done import handle
from tests.commands.writes import changed_lines, touched
from tests.conftest import Crm


def shown(crm: Crm, record: str) -> list[str]:
    kind, _, id = record.partition("/")
    lines = crm("today", "--json").json["results"]
    return [line["reason"] for line in lines if (line["kind"], line["id"]) == (kind, id)]


def test_a_task_is_hidden_until_then(crm: Crm, studio: Path) -> None:
    ran = crm("snooze", handle(crm, "deal/moeller-online-shop", "task"), "mon")
    assert "until: mon is Mon 2026-11-23, in 2 days" in ran.err
    assert changed_lines(studio)[1].endswith("t:2026-11-23")
    assert "task" not in shown(crm, "deal/moeller-online-shop")


def test_every_line_of_today_can_be_put_off(crm: Crm) -> None:
    lines = [
        line
        for line in crm("today", "--json").json["results"]
        if line["reason"] not in ("draft", "conflict")
    ]
    assert crm("snooze", *(line["handle"] for line in lines), "+3w").code == 0
    left = crm("today", "--json").json["results"]
    assert [line for line in left if line["reason"] not in ("draft", "conflict")] == []


def test_one_commit_for_several(crm: Crm, studio: Path) -> None:
    found = [
        handle(crm, "deal/moeller-online-shop", "task"),
        handle(crm, "contact/ola-nordmann", "task"),
    ]
    assert crm("snooze", *found, "+1w").code == 0
    assert touched(studio) == ["contacts/ola-nordmann.md", "deals/moeller-online-shop.md"]

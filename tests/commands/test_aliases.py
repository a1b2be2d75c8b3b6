"""Words that people type: an alias does what was meant, or the error names the line to type."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.cli import COMMANDS
from plaincrm.commands._aliases import ALIASES, LINES, expanded
from tests.conftest import Crm


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ls deals is:open", "list deals is:open"),
        ("search fjord", "find fjord"),
        ("status", "today"),
        ("contacts", "list contacts"),
        ("deals is:open", "list deals is:open"),
        ("companies --count", "list companies --count"),
        ("contact add Ada", "add contact Ada"),
        ("contact new Ada", "add contact Ada"),
        ("deal list is:open", "list deal is:open"),
        ("contact ada", "show ada"),
        ("contact delete ada", "rm ada"),
        ("note ada hello there", "log ada note hello there"),
        ("call ada --at yesterday", "log ada call --at yesterday"),
        ("board", "pipeline --board"),
    ],
)
def test_what_was_meant(typed: str, meant: str) -> None:
    assert expanded(typed.split(), COMMANDS, {}) == meant.split()


def test_no_alias_hides_a_command_and_each_leads_to_one() -> None:
    assert not (ALIASES.keys() | LINES.keys()) & COMMANDS.keys()
    assert {line.split()[0] for line in ALIASES.values()} <= COMMANDS.keys()


def test_they_work(crm: Crm) -> None:
    assert crm("ls", "deals", "--ids").out == crm("list", "deals", "--ids").out
    assert crm("note", "kari-berg", "hello").code == 0
    assert (
        "note: hello" in crm("show", "kari-berg").out.replace("  ", " ")
        or "hello" in crm("show", "kari-berg").out
    )


@pytest.mark.parametrize("word", sorted(LINES))
def test_a_word_that_says_too_little_is_answered_with_the_line_to_type(crm: Crm, word: str) -> None:
    ran = crm(word, "x")
    assert ran.code == 2 and LINES[word].split(",")[0] in ran.err


@pytest.mark.parametrize("word", ["lss", "rmm", "losee", "don", "unduu", "xyzzy"])
def test_a_slip_leads_to_a_word_that_writes_only_if_it_is_nearly_that_word(
    crm: Crm, word: str
) -> None:
    ran = crm(word)
    assert ran.code == 2 and f'no such command "{word}"' in ran.err
    if word == "lss":
        assert '"lose"' not in ran.err


def test_an_option_of_another_command_names_it(crm: Crm) -> None:
    ran = crm("move", "fjord-website-2027", "lost", "--reason", "price")
    assert ran.code == 2
    assert "move has no option --reason" in ran.err and "plaincrm lose has it" in ran.err
    assert "--yes" not in ran.err


def test_today_works_anywhere_on_the_line(crm: Crm) -> None:
    assert crm("today", "--today", "2026-12-24", "--json").json["asOf"] == "2026-12-24"
    assert crm("--today=2026-12-24", "today", "--json").json["asOf"] == "2026-12-24"
    assert crm("today", "--json", "--today=2026-12-24").json["asOf"] == "2026-12-24"


def test_what_follows_two_dashes_is_no_option(crm: Crm) -> None:
    assert crm("find", "--", "--today").code == 0


def test_own_aliases_stand_in_the_users_config(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config" / "plaincrm" / "config.yaml"
    config.parent.mkdir(parents=True)
    config.write_text("aliases:\n  vips: list contacts +vip\n  list: rm\n  bad: [x]\n", "utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert crm("vips", "--ids").out == crm("list", "contacts", "+vip", "--ids").out != ""
    assert crm("list", "deals", "--count").code == 0  # never in place of a command
    assert crm("bad").code == 2


def test_help_shows_them_beside_their_command(crm: Crm) -> None:
    assert "(also: ls)" in crm("--help").out


def test_a_reminder_is_a_task_and_a_month_a_report(crm: Crm) -> None:
    ran = crm("remind", "kari-berg", "Ring up", "fri")
    assert ran.code == 0
    assert "due: fri is Fri 2026-11-27" in ran.err
    assert crm("month").out == crm("report", "money", "--period", "this-month").out != ""

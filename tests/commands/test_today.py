from __future__ import annotations

import email
import email.policy
import json
import os
import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plaincrm.cli import COMMANDS
from tests.conftest import Crm

KEYS = ["due", "days", "reason", "level", "handle", "kind", "id", "title", "text", "command"]


def test_json_is_the_contract(crm: Crm) -> None:
    found = crm("today", "--json").json
    assert [found[key] for key in ("schemaVersion", "kind", "asOf")] == [1, "today", "2026-11-21"]
    assert found["total"] == len(found["results"]) > 10
    assert all(list(item) == KEYS for item in found["results"])
    levels = [item["level"] for item in found["results"]]
    assert levels == sorted(levels, key=["overdue", "today", "soon"].index)


def test_every_line_ends_in_a_command_that_exists(crm: Crm) -> None:
    out = crm("today", "--all").out.splitlines()
    for item in crm("today", "--json").json["results"]:
        (found,) = (each for each in out if each.startswith(f"  {item['handle']} "))
        assert found.endswith(item["command"]), "whole, so that it can be copied"
        program, word, *_ = shlex.split(item["command"])
        assert program == "plaincrm" and word in COMMANDS


def test_the_screen_is_in_groups_and_a_line_each(crm: Crm) -> None:
    ran = crm("today")
    places = [ran.out.index(f"\n{level}\n") for level in ("Overdue", "Today", "Soon")]
    assert places == sorted(places)
    assert "Saturday 21 November 2026" in ran.out and "in all: " in ran.out
    assert crm().out == ran.out, "bare plaincrm is today"
    reminders = crm("today", "--json").json["results"]
    lines = [each for each in ran.out.splitlines() if each.startswith("  ")]
    assert len(lines) == len(reminders) - 1, "two deals without a next step are one line"
    assert "2 deals without a next step: Street tree campaign, Tidewater rebrand" in ran.out


def test_tasks_without_a_date_are_counted(crm: Crm) -> None:
    count = int(crm("list", "tasks", "is:open", "no:due", "no:snoozed", "--count").out)
    assert count > 1
    assert (
        f"{count} tasks have no date: plaincrm list tasks is:open no:due no:snoozed\n"
        in crm("today").out
    )


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        (["deals"], lambda item: item["kind"] == "deal"),
        (["contacts", "+vip"], lambda item: item["kind"] == "contact"),
        (["stage:negotiation"], lambda item: item["kind"] == "deal"),
    ],
)
def test_a_query_narrows_it(crm: Crm, query: list[str], fits: Callable[[Any], bool]) -> None:
    everything = crm("today", "--json").json["results"]
    found = crm("today", *query, "--json").json["results"]
    assert 0 < len(found) < len(everything)
    assert all(fits(item) and item in everything for item in found)


def test_a_query_that_no_kind_understands_is_an_error(crm: Crm) -> None:
    ran = crm("today", "nonsense:x")
    assert ran.code == 2 and "nonsense" in ran.err


def test_while_away_what_is_hidden_is_counted(crm: Crm, studio: Path) -> None:
    settings = studio / "plaincrm.yaml"
    text = "\n".join(x for x in settings.read_text().splitlines() if not x.startswith("away:"))
    settings.write_text(text + "\naway: [2026-11-20..2026-11-30]\n")
    everything = crm("today", "--all", "--json").json["total"]
    shown = crm("today", "--json").json["total"]
    assert shown < everything
    said = f"Away until 30 November 2026; {everything - shown} lines wait until then: "
    assert said + "plaincrm today --all\n" in crm("today").out


def test_quiet_says_nothing_when_nothing_is_due(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "plaincrm.yaml").write_text("currency: EUR\n")
    ran = crm("today", "--quiet", cwd=tmp_path / "empty")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert crm("today", "--quiet").out == crm("today").out


def test_porcelain_is_a_word_and_a_number_a_line(crm: Crm) -> None:
    levels = [item["level"] for item in crm("today", "--json").json["results"]]
    *lines, first = crm("today", "--porcelain").out.splitlines()
    assert lines[:3] == [f"{each} {levels.count(each)}" for each in ("overdue", "today", "soon")]
    assert lines[3:] == ["undated 4", "hidden 0"]
    assert first.startswith("first ejp Hank Lindqvist: ")


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose only desktop program writes down what it was given, a line an argument."""
    folder, told = tmp_path / "bin", tmp_path / "told"
    folder.mkdir()
    (folder / "notify-send").write_text(
        f"#!{sys.executable}\nimport sys, json\n"
        f"open({str(told)!r}, 'w').write(json.dumps(sys.argv[1:]))\n"
    )
    (folder / "notify-send").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return told


def test_a_notification_has_what_is_due_and_runs_no_shell(
    crm: Crm, studio: Path, desktop: Path
) -> None:
    evil = "- [ ] $(touch pwned) `x` <b>bold</b> due:2026-01-01\n"
    (studio / "contacts" / "evil.md").write_text(f"---\nname: --help\n---\n{evil}")
    assert crm("today", "--notify").code == 0
    name, end, title, text = json.loads(desktop.read_text())
    assert (name, end) == ("--app-name=plaincrm", "--")
    levels = [item["level"] for item in crm("today", "--json").json["results"]]
    due = len(levels) - levels.count("soon")
    assert title == f"{due} due"
    assert text.splitlines()[0] == "--help: $(touch pwned) `x` &lt;b&gt;bold&lt;/b&gt;"
    assert text.splitlines()[-1] == f"and {due - 5} more: plaincrm today"
    assert not (studio / "pwned").exists()


def test_no_notification_when_nothing_is_due(crm: Crm, tmp_path: Path, desktop: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "plaincrm.yaml").write_text("currency: EUR\n")
    assert crm("today", "--notify", cwd=tmp_path / "empty").code == 0
    assert not desktop.exists()


def test_without_a_desktop_a_notification_is_an_error(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    ran = crm("today", "--notify")
    assert ran.code == 1 and "notify-send" in ran.err


def test_nothing_due_is_good_news(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "plaincrm.yaml").write_text("currency: EUR\n")
    ran = crm("today", cwd=tmp_path / "empty")
    assert ran.code == 0 and "Nothing is due" in ran.out
    assert crm("today", "--json", cwd=tmp_path / "empty").json["results"] == []


def test_drafts_in_the_outbox_are_remembered(crm: Crm, studio: Path) -> None:
    (studio / "outbox").mkdir(exist_ok=True)
    (studio / "outbox" / "one.eml").write_text("Subject: x\n\nx\n")
    drafts = [item for item in crm("today", "--json").json["results"] if item["reason"] == "draft"]
    assert [(item["text"], item["command"]) for item in drafts] == [
        ("1 draft waits", "plaincrm outbox list")
    ]


@pytest.mark.parametrize("word", ["today", "agenda"])
def test_a_calendar_has_the_same_entries_each_time(crm: Crm, tmp_path: Path, word: str) -> None:
    file = tmp_path / "x.ics"
    assert crm(word, "--ics", str(file)).code == 0
    first = file.read_text("utf-8")
    assert first.startswith("BEGIN:VCALENDAR") and first.count("BEGIN:VEVENT") > 20
    assert crm(word, "--ics", str(file)).code == 0, "its own file may be written again"
    assert uids(first) == uids(file.read_text("utf-8"))
    assert uids(first) == uids(crm(word, "--ics", "-").out)


def uids(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("UID:")]


def test_a_file_of_the_user_is_not_written_over(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert crm("today", "--ics", str(tmp_path / "notes.txt")).code == 5
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_forms_for_programs(crm: Crm) -> None:
    assert crm("today", "--csv", "--columns", "due,handle", "--limit", "2").out.startswith(
        "due,handle\n"
    )
    assert crm("today", "--count").out.strip() == str(crm("today", "--json").json["total"])
    assert crm("today", "--columns", "nope").code == 2
    assert "deal/" in crm("today", "--ids").out


def test_a_limit_says_how_many_there_are(crm: Crm) -> None:
    total = crm("today", "--count").out.strip()
    assert f"3 of {total} shown\n" in crm("today", "--limit", "3").out
    assert f"0 of {total} shown\n" in crm("today", "--limit", "0").out


def test_a_digest_goes_into_the_outbox_once_or_is_sent(
    crm: Crm, studio: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        done = crm("today", "--mail", "outbox")
        assert done.code == 0 and "waits in the outbox" in done.err
    (draft,) = (studio / "outbox").glob("*.eml")
    mail = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    assert mail["To"].addresses[0].addr_spec == mail["From"].addresses[0].addr_spec
    body = mail.get_body(("plain",))
    assert "overdue" in mail["Subject"] and body is not None
    assert "plaincrm done " in body.get_content()
    log = tmp_path / "sent.eml"
    script = tmp_path / "sendmail"
    script.write_text(f"#!/bin/sh\ncat > {log}\n")
    script.chmod(0o755)
    settings = studio / "plaincrm.yaml"
    text = re.sub(r"(?m)^mail:.*\n(?:[ \t].*\n)*", "", settings.read_text("utf-8"))
    settings.write_text(f"{text}\nmail: {{sendmail: {script} -t}}\n", "utf-8")
    done = crm("today", "--mail", "send")
    assert done.code == 5 and "said yes" in done.err and not log.exists()
    done = crm("today", "--mail", "send", "--trust")
    assert done.code == 0 and b"plaincrm done " in log.read_bytes(), done.err

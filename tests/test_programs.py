"""What docs/programs.md promises, with the real programs; a test skips where its program is not
installed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from plaincrm.interchange.task_export import ListedTask, remind, taskwarrior, todo_txt
from tests.conftest import ROOT, Crm


def program(name: str, package: str = "") -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/lib/lbdb")
    if found is None:
        pytest.skip(f"{name} is not installed ({package or name} of Debian)")
    return found


def ran(*words: str, input: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, input=input, capture_output=True, text=True, check=False, env={**os.environ, **env}
    )


def write(crm: Crm, tmp_path: Path, form: str) -> Path:
    file = tmp_path / f"out.{form}"
    done = crm("export", form, "-o", str(file))
    assert done.code == 0, done.err
    return file


def test_ledger_has_nothing_to_say(crm: Crm, tmp_path: Path) -> None:
    file = write(crm, tmp_path, "ledger")
    done = ran(program("ledger"), "--strict", "--pedantic", "-f", str(file), "bal", "Assets:Rec")
    assert done.returncode == 0 and done.stderr == ""
    owed = crm("report", "money", "--json").json["results"]
    outstanding = next(each for each in owed if each["figure"] == "outstanding")
    assert f"{outstanding['value']:.2f}" in done.stdout
    done = ran("ledger", "-f", str(file), "-X", "EUR", "bal", "Income:Sales")
    assert done.returncode == 0 and "NOK" not in done.stdout


def test_hledger_has_nothing_to_say(crm: Crm, tmp_path: Path) -> None:
    file = write(crm, tmp_path, "hledger")
    done = ran(program("hledger"), "check", "--strict", "-f", str(file))
    assert done.returncode == 0, done.stderr
    done = ran("hledger", "-f", str(file), "bal", "-X", "EUR", "Income:Sales", "--infer-value")
    assert done.returncode == 0 and "NOK" not in done.stdout


def test_beancount_has_nothing_to_say(crm: Crm, tmp_path: Path) -> None:
    file = write(crm, tmp_path, "beancount")
    done = ran(program("bean-check", "beancount"), str(file))
    assert done.returncode == 0, done.stdout + done.stderr


CARE = """\
---
name: Care
stage: won
value: 300 EUR/month
closed: 2026-01-10
starts: 2026-02-01
---
Mends what breaks.
"""
INVOICES = """
## Tasks
- [x] invoice 2026-001 300 EUR due:2026-02-15 done:2026-02-14
- [ ] invoice 2026-002 300 EUR due:2026-03-15
"""


@pytest.mark.parametrize("dialect", ["ledger", "hledger", "beancount"])
@pytest.mark.parametrize(("tasks", "number"), [("", "1 booking"), (INVOICES, "2 bookings")])
def test_a_retainer_is_booked_once(
    crm: Crm, studio: Path, tmp_path: Path, dialect: str, tasks: str, number: str
) -> None:
    (studio / "deals" / "care.md").write_text(CARE + tasks, "utf-8")
    file = tmp_path / f"care.{dialect}"
    done = crm("export", dialect, "deals", "care", "-o", str(file))
    assert done.err.splitlines()[0] == f"{number} in {file}"
    income = re.findall(r"Income:\w+ +-(\d+\.\d\d) EUR", file.read_text("utf-8"))
    assert income == ["300.00"] * int(number[0])
    checks = {
        "ledger": ["ledger", "--strict", "--pedantic", "-f", str(file), "bal"],
        "hledger": ["hledger", "check", "--strict", "-f", str(file)],
        "beancount": ["bean-check", str(file)],
    }
    name, *words = checks[dialect]
    checked = ran(program(name, dialect), *words)
    assert checked.returncode == 0 and not checked.stderr, checked.stdout + checked.stderr


def test_accounts_have_the_names_of_the_settings(crm: Crm, studio: Path) -> None:
    settings = studio / "plaincrm.yaml"
    text = settings.read_text("utf-8")
    settings.write_text(text + "\nledger: {bank: Assets:Giro, income: Income:Design}\n", "utf-8")
    out = crm("export", "ledger").out
    assert "account Assets:Giro\n" in out and "Income:Design  -" in out
    settings.write_text(text + "\nledger: {bank: 'x  ; y', bnk: Assets:A}\n", "utf-8")
    codes = {each["code"] for each in crm("check", "--json").json["results"]}
    assert {"settings-value", "settings-key"} <= codes


def test_taskwarrior_takes_tasks_and_does_not_double_them(crm: Crm, tmp_path: Path) -> None:
    name = program("task", "taskwarrior")
    file = write(crm, tmp_path, "taskwarrior")
    (tmp_path / "taskrc").write_text(f"data.location={tmp_path / 'task'}\nconfirmation=off\n")
    env = {"TASKRC": str(tmp_path / "taskrc"), "TASKDATA": str(tmp_path / "task")}
    for _ in range(2):
        assert ran(name, "import", str(file), **env).returncode == 0
    held = json.loads(ran(name, "export", **env).stdout)
    assert len(held) == len(file.read_text().splitlines())
    due = {each["description"]: each.get("due", "") for each in held}
    assert due["Beatrice Finch: invoice 2026-033 640 EUR"].startswith("20261127")


def test_remind_says_what_is_near(crm: Crm, tmp_path: Path) -> None:
    name = program("remind")
    file = write(crm, tmp_path, "remind")
    done = ran(name, "-q", str(file), "2026-11-26", TZ="UTC")
    assert done.returncode == 0 and "Beatrice Finch: invoice 2026-033 640 EUR" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["mutt", "neomutt"])
def test_mutt_reads_the_aliases(crm: Crm, tmp_path: Path, name: str) -> None:
    path = program(name)
    file = write(crm, tmp_path, "mutt")
    (tmp_path / "rc").write_text(f"set alias_file = {file}\nsource {file}\n")
    done = ran(path, "-n", "-F", str(tmp_path / "rc"), "-A", "ola-nordmann", TERM="dumb")
    assert done.returncode == 0 and "ola" in done.stdout.casefold() and "@" in done.stdout


def test_lbdb_asks_the_book(studio: Path, tmp_path: Path) -> None:
    name = program("lbdbq", "lbdb")
    modules = tmp_path / "modules"
    modules.mkdir()
    page = (ROOT / "docs/programs.md").read_text("utf-8")
    found = re.search(r"    m_plaincrm_query\(\).*\n(?:    .*\n)*?    }\n", page)
    assert found is not None
    (modules / "m_plaincrm").write_text(re.sub("(?m)^    ", "", found[0]))
    (tmp_path / "lbdb.rc").write_text(
        f'MODULES_PATH="/usr/lib/lbdb {modules}"\nMETHODS="m_plaincrm"\n'
    )
    here = tmp_path / "bin"
    here.mkdir()
    start = here / "plaincrm"
    start.write_text(
        f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m plaincrm -C {studio} "$@"\n'
    )
    start.chmod(0o755)
    env = {"LBDBRC": str(tmp_path / "lbdb.rc"), "PATH": f"{here}:{os.environ['PATH']}"}
    env["HOME"] = str(tmp_path)
    (tmp_path / ".lbdbrc").write_text((tmp_path / "lbdb.rc").read_text())
    done = ran(name, "nordmann", **env)
    assert "Ola Nordmann" in done.stdout, done.stdout + done.stderr


def test_who_a_sender_is(crm: Crm) -> None:
    mail = "From: Ola <ola@fjordferries.example>\nSubject: x\n\nHello\n"
    ola = next(
        each
        for each in crm("list", "contacts", "--json").json["results"]
        if each["id"] == "ola-nordmann"
    )
    address = ola["fields"]["email"][0]["value"]
    done = crm("show", "--sender", input=mail.replace("ola@fjordferries.example", address))
    assert done.code == 0 and "Ola Nordmann" in done.out
    done = crm("show", "--sender", input=mail.replace("ola@", "nobody-here@"))
    assert done.code == 3 and "plaincrm add contact" in done.err


def test_links_of_a_database_are_foreign_keys(crm: Crm, tmp_path: Path) -> None:
    database = sqlite3.connect(write(crm, tmp_path, "sqlite"))
    keys = {(row[3], row[2]) for row in database.execute("PRAGMA foreign_key_list(deals)")}
    assert {("contact", "contacts"), ("company", "companies")} <= keys
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    joined = database.execute(
        "SELECT count(*) FROM deals JOIN companies ON companies.id = deals.company"
    ).fetchone()[0]
    assert joined > 20
    database.close()


def test_odd_words_stay_words() -> None:
    odd = ListedTask(
        "contact/ada", 'Ada [system("rm")]', 'x (A) 100% [x] \n%"', "id", date(2026, 12, 1)
    )
    (line,) = todo_txt([odd])
    assert line == '100% [x] %" @ada due:2026-12-01\n'
    (line,) = remind([odd])
    assert "[" not in line and "100%%" in line and line.count("\n") == 1
    (line,) = taskwarrior([odd])
    assert json.loads(line)["description"].startswith("Ada")

"""Fifty processes that read and write one book at once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT, git
from tests.crm.answers import same

MET = 6


def test_fifty_processes_lose_no_write_and_tear_no_cache(studio: Path) -> None:
    people = ["kari-berg", "mina-park", "ahmed-el-sayed", "anneliese-bauer", "birgit-sommer"]
    writers = {n: ["set", f"contact/{people[n % 5]}", f"tags+=by-{n}"] for n in range(25)}
    readers = [
        ["list", "contacts", "+newsletter", "--json"],
        ["today", "--json"],
        ["pipeline", "--json"],
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = {
        n: subprocess.Popen(
            [sys.executable, "-m", "plaincrm", *writers.get(n, readers[n % 3])],
            cwd=studio,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(50)
    }
    ended = {n: (process.communicate()[1], process.returncode) for n, process in started.items()}
    assert {
        n: told for n, told in ended.items() if told[1] not in ((0, MET) if n in writers else (0,))
    } == {}
    for n in writers:
        text = (studio / "contacts" / f"{people[n % 5]}.md").read_text(encoding="utf-8")
        assert (re.search(rf"\bby-{n}\b", text) is not None) == (ended[n][1] == 0)
    same(studio)
    assert git(studio, "status", "--porcelain") == ""


def test_twelve_mails_delivered_at_once_are_all_logged(studio: Path) -> None:
    mail = (
        "From: K <{who}>\nTo: me@x.example\nSubject: mail {n}\nMessage-ID: <m{n}@x.example>\n"
        "Date: Fri, 20 Nov 2026 10:{n:02}:00 +0100\n\nhello\n"
    )
    record = studio / "contacts" / "kari-berg.md"
    (who,) = set(re.findall(r"[\w.-]+@[\w.-]+\w", record.read_text("utf-8"))[:1])
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "plaincrm", "import", "-"],
            cwd=studio,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(12)
    ]
    for n, process in enumerate(started):
        assert process.stdin is not None
        process.stdin.write(mail.format(who=who, n=n).encode())
        process.stdin.close()
    assert [process.wait(120) for process in started] == [0] * 12
    logged = re.findall(r"<m\d+@x\.example>", record.read_text("utf-8"))
    assert len(set(logged)) == len(logged) == 12

"""Fifty processes that read and write one book at once."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT, git
from tests.crm.answers import same


def test_fifty_writers_of_one_record_all_succeed_and_tear_no_cache(studio: Path) -> None:
    person = "contact/kari-berg"
    each = [["set", person, "tags+=by-{n}"], ["log", person, "call", "entry {n}"]]
    writers = [[word.format(n=n) for word in each[n % 2]] for n in range(50)]
    readers = [
        ["list", "contacts", "+newsletter", "--json"],
        ["today", "--json"],
        ["blame", "kari-berg"],
        ["pipeline", "--json"],
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "plaincrm", *words],
            cwd=studio,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for words in (*writers, *readers)
    ]
    said = [(*process.communicate(), process.returncode) for process in started]
    assert [told for told in said if told[2]] == []
    assert all(out for out, _, _ in said[len(writers) :])
    text = (studio / "contacts" / "kari-berg.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bby-(\d+)\b", text)) == {str(n) for n in range(0, 50, 2)}
    assert set(re.findall(r"call: entry (\d+)", text)) == {str(n) for n in range(1, 50, 2)}
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

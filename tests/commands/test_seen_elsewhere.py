"""Faults that users of other tools reported, in records, queries and templates: each is told, or does
what was meant.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Ran, run_in


class NewBook:
    """A new book, and the program in it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.monkeypatch = folder / "book", monkeypatch
        run_in(monkeypatch, folder, ["init", "book"])

    def __call__(self, *words: str) -> Ran:
        return run_in(self.monkeypatch, self.root, ["--today", "2026-11-21", *words])

    def put(self, path: str, text: str) -> None:
        (self.root / path).write_text(text)

    def problems(self) -> list[tuple[str, int, str]]:
        found = self("check", "--json").json["results"]
        return [(each["path"], each["line"], each["code"]) for each in found]


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewBook:
    return NewBook(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("tags: vip, newsletter", "tags-comma"),
        ("tags: #vip #news", "value-comment"),
        ("tags: [vip, news]", ""),
        ("tags:   # none yet", ""),
        ("city: Rome, Italy", ""),
        ("city: #1", "value-comment"),
    ],
)
def test_what_yaml_reads_otherwise_is_told(book: NewBook, line: str, code: str) -> None:
    book.put("contacts/ada.md", f"---\nname: Ada\n{line}\n---\n")
    assert book.problems() == ([("contacts/ada.md", 3, code)] if code else [])


def test_a_slip_in_with_is_told(book: NewBook) -> None:
    book.put("contacts/ada-keel.md", "---\nname: Ada Keel\naliases: [ak]\n---\n")
    log = "- 2026-11-01 call with ada-keel,AK,ada-kel: Hi\n- 2026-11-02 meeting with [forgotten]: Hm\n"
    book.put("contacts/bo.md", f"---\nname: Bo\n---\n## Log\n{log}")
    [told] = book("check", "--json").json["results"]
    assert (told["path"], told["line"], told["code"]) == ("contacts/bo.md", 5, "link-dangling")
    assert '"ada-kel"' in told["message"] and "ada-keel" in told["hint"]


def test_one_key_of_a_map_of_ones_own(book: NewBook) -> None:
    book.put("contacts/ada.md", "---\nname: Ada\nfees: {hour: 90, day: 600}\n---\n")
    assert book("set", "ada", "fees.hour=95", "fees.week=2000").code == 0
    text = (book.root / "contacts/ada.md").read_text()
    assert "fees: {hour: 95, day: 600, week: 2000}\n" in text
    assert "fees.hour" not in text
    assert book("set", "ada", "fees.day=").code == 0
    assert "fees: {hour: 95, week: 2000}\n" in (book.root / "contacts/ada.md").read_text()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("value:1,000..", 2),
        ("value:..1,000", 2),
        ("value:1,500", 2),
        ("value:5,90", 0),
        ("value:1500,900", 0),
        ("value:1.5..1500,900", 0),
        ("title:1,000", 0),
        ("value:0,5", 0),
    ],
)
def test_a_mark_of_thousands_in_a_query_is_refused(book: NewBook, query: str, code: int) -> None:
    book.put("deals/a.md", "---\ntitle: A\nvalue: 1500\n---\n")
    done = book("list", "deals", query, "--ids")
    assert done.code == code, done
    assert code == 0 or "one amount or two" in done.err


def test_a_pipeline_that_is_read_by_a_program_is_not_cut(book: NewBook) -> None:
    stage = "technical-evaluation-and-contract"
    settings = (book.root / "plaincrm.yaml").read_text()
    new = settings.replace(
        "    negotiation:", f"    {stage}: {{probability: 60}}\n    negotiation:"
    )
    assert new != settings
    book.put("plaincrm.yaml", new)
    book.put("deals/a.md", f"---\ntitle: A\nstage: {stage}\nvalue: 12345678.90 EUR\n---\n")
    done = book("pipeline").out
    assert f"{stage} " in done and "…" not in done


def test_zero_has_no_minus(book: NewBook) -> None:
    book.put("deals/a.md", "---\ntitle: A\nvalue: -0\n---\n")
    for form in ("--tsv", "--csv", "--json", "--md"):
        done = book("list", "deals", "--columns", "value,weighted", form).out
        assert "-0 " not in done and "-0.0" not in done and "-0\t" not in done, done


def test_an_unknown_filter_is_told_with_its_line(book: NewBook) -> None:
    book.put("contacts/ada.md", "---\nname: Ada\nemail: a@x.example\n---\n")
    book.put("templates/bad.md", "---\nsubject: x\n---\nDear all,\n\n{{ contact.name | shout }}\n")
    for words in (["template", "check"], ["check", "--format", "gcc"], ["email", "bad", "ada"]):
        done = book(*words)
        said = done.out + done.err
        assert "templates/bad.md:6:" in said and "<introspection>" not in said, said


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["set", "ada", "status", "=", "le"], "lead"),
        (["list", "contacts", "status", ":", "cu"], "customer"),
        (["set", "ada", "status", "=", ""], "lead prospect customer former partner other"),
        (["set", "ada", "status", "="], "lead prospect customer former partner other"),
        (["list", "contacts", "stat"], "status:"),
        (["list", "contacts", "status:cu"], "status:customer"),
    ],
)
def test_bash_is_offered_what_goes_on_with_its_word(
    book: NewBook, words: list[str], offered: str
) -> None:
    """bash parts words at = and :, and wants what stands after them."""
    book.put("contacts/ada.md", "---\nname: Ada\n---\n")
    bin = book.root.parent / "bin"
    bin.mkdir()
    (bin / "plaincrm").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m plaincrm "$@"\n')
    (bin / "plaincrm").chmod(0o755)
    script = """eval "$(plaincrm completion bash)"
COMP_WORDS=(plaincrm "$@"); COMP_CWORD=$#; COMPREPLY=()
_plaincrm_completion plaincrm; echo "${COMPREPLY[*]}" """
    environ = os.environ | {"PATH": f"{bin}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "--norc", "-c", script, "bash", *words],
        cwd=book.root,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout.strip(), done.stderr) == (offered, "")

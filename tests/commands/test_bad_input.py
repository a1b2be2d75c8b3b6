"""Bad input to the commands that write: one line on stderr, what to type next, the right exit code,
nothing written.
"""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from plaincrm.book import atomic
from tests.commands.writes import clean, commits
from tests.conftest import Crm, run_in

BAD = [
    (["set", "kari-berg"], 2, "what to set"),
    (["set", "job=x"], 2, "which record"),
    (["set", "nobody-here-at-all", "job=x"], 3, "find"),
    (["set", "contact/k-winkler", "emial=x"], 2, "did you mean"),
    (["set", "K Winkler", "job=x"], 4, "winkler"),
    (["set", "kari-berg", "birthday=31-31"], 5, "birthday"),
    (["set", "kari-berg", "next=someday Call her"], 5, "next"),
    (["set", "kari-berg", "name="], 5, "needs its name"),
    (["set", "deals", "--where", "stge:won", "value=1"], 2, "stage"),
    (["set", "tasks", "--where", "due:today", "pri=x"], 2, "lines"),
    (["move", "fjord-website-2027", "propsal"], 5, "proposal"),
    (["move", "fjord-website-2027", "won", "--until", "fri"], 2, "parking"),
    (["move", "fjord-website-2027", "parked", "--until", "2026-02-31"], 5, "February"),
    (["move", "magnus-dahl", "won"], 3, "no open deal"),
    (["move", "fjord-website-2027", "lead", "--next", "someday x"], 5, "someday"),
    (["win", "alpenhaus-hotels"], 4, "deal/"),
    (["lose", "no-such-deal-anywhere"], 3, "find"),
    (["log", "kari-berg", "cal", "x"], 5, 'did you mean "call"'),
    (["log", "kari-berg", "call", "x", "--at", "2026-02-31"], 5, "February"),
    (["log", "kari-berg", "call", "x", "--with", "nobody-here-at-all"], 3, "nobody"),
    (["log", "kari-berg", "call"], 1, "terminal"),
    (["task", "add", "kari-berg", "x", "due:2026-13-01"], 5, "due"),
    (["task", "add", "kari-berg", "x", "rec:often"], 5, "rec"),
    (["task", "add", "kari-berg", "due:fri"], 5, "text"),
    (["done", "zzzzzz"], 3, "plaincrm today"),
    (["snooze", "zzzzzz", "fri"], 3, "plaincrm today"),
    (["snooze", "c5f", "yesterday"], 5, "ahead"),
    (["snooze", "c5f", "2026-02-31"], 5, "February"),
    (["rm", "kari-ber"], 4, "contact/kari-berg"),
    (["rm", "kari-berg"], 1, "-y"),
    (["rename", "kari-berg", " "], 5, "empty"),
    (["edit", "kari-berg"], 1, "EDITOR"),
    (["history", "nobody-here-at-all"], 3, "find"),
    (["history", "--since", "someday"], 2, "someday"),
    (["undo"], 1, "nothing to undo"),
    (["undo", "0"], 2, "0"),
]


@pytest.mark.parametrize(
    ("words", "code", "said"), BAD, ids=[" ".join(words) for words, _, _ in BAD]
)
def test_bad_words(crm: Crm, studio: Path, words: list[str], code: int, said: str) -> None:
    before = commits(studio)
    ran = crm(*words)
    assert (ran.code, ran.out) == (code, ""), ran.err
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert commits(studio) == before
    assert clean(studio)


def test_with_json_an_error_is_one_object(crm: Crm) -> None:
    error = json.loads(crm("add", "deal", "X", "stage=propsal", "--json").err)["error"]
    assert error["code"] == "refused"
    assert "proposal" in error["hint"]


def test_no_book(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran = run_in(monkeypatch, tmp_path, ["set", "ada", "job=x"])
    assert ran.code == 3
    assert "plaincrm init" in ran.err


def test_no_git_on_the_machine(crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(studio / "nowhere"))
    ran = crm("set", "kari-berg", "job=Boss")
    assert ran.code == 0 and "git is not installed" in ran.err
    past = (
        ["undo"],
        ["history"],
        ["show", "kari-berg", "--history"],
        ["list", "deals", "--as-of", "2026-01-01"],
        ["pipeline", "--since", "2026-01-01"],
    )
    for words in past:
        ran = crm(*words)
        assert (ran.code, ran.err.count("\n")) == (7, 1)
        assert "git is not installed" in ran.err and "install git" in ran.err


def test_a_full_disk(crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (studio / "contacts/kari-berg.md").read_bytes()

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(atomic.os, "write", full)
        ran = crm("set", "kari-berg", "job=Boss")
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "no space left on the disk; make room there" in ran.err
    assert (studio / "contacts/kari-berg.md").read_bytes() == before
    assert clean(studio)


def test_a_folder_that_can_not_be_written(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def refuse(path: str, flags: int, *more: int, **named: int) -> int:
        if flags & os.O_CREAT and "contacts" in str(path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, flags, *more, **named)

    with monkeypatch.context() as patched:
        patched.setattr(atomic.os, "open", refuse)
        ran = crm("set", "kari-berg", "job=Boss")
    assert ran.code == 1
    assert ran.err.count("\n") == 1
    assert "contacts/kari-berg.md: permission denied; see who may write there: ls -ld" in ran.err
    assert clean(studio)


def test_a_group_without_its_second_word_shows_its_help(crm: Crm) -> None:
    ran = crm("segment")
    assert ran.code == 2
    assert ran.err.startswith("Usage: plaincrm segment ")
    assert not ran.out


def test_as_of_today_is_the_book_as_it_is_and_tomorrow_a_slip(crm: Crm) -> None:
    assert (
        crm("list", "deals", "--as-of", "today", "--ids").out == crm("list", "deals", "--ids").out
    )
    assert crm("list", "deals", "--as-of", "tomorrow").code == 2


def test_an_error_without_a_hint_has_null(crm: Crm) -> None:
    ran = crm("list", "--json", "--csv")
    assert ran.code == 2
    assert json.loads(ran.err)["error"]["hint"] is None


def test_a_book_without_git_is_written_and_says_what_is_missing(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "plain" / "contacts").mkdir(parents=True)
    (tmp_path / "plain" / "plaincrm.yaml").write_text("currency: EUR\n")
    ran = crm("add", "contact", "Anna", cwd=tmp_path / "plain")
    assert ran.code == 0
    assert ran.out == "contact/anna\n"
    assert "git init" in ran.err


def test_a_hint_follows_no_full_stop(crm: Crm) -> None:
    assert (
        crm("list", "-x").err == "plaincrm: list has no option -x; plaincrm list --help shows how\n"
    )


FIRST = {
    "a wrong stage": (["move", "fjord-website-2027", "propsal"], 5, 'did you mean "proposal"?'),
    "a wrong stage in set": (
        ["set", "fjord-website-2027", "stage=propsal"],
        5,
        'did you mean "proposal"?',
    ),
    "a wrong stage in a query": (["list", "deals", "stage:propsal"], 2, 'did you mean "proposal"?'),
    "an impossible date": (
        ["set", "fjord-website-2027", "close_date=2026-02-31"],
        5,
        "write a date such as",
    ),
    "an impossible birthday": (
        ["set", "kari-berg", "birthday=02-31"],
        5,
        "plaincrm schema contact",
    ),
    "an impossible date in a query": (
        ["list", "deals", "close_date:2026-02-31"],
        2,
        "write a date such as",
    ),
    "an unknown field": (["set", "fjord-website-2027", "stge=won"], 2, 'did you mean "stage"?'),
    "an unknown field in a query": (["list", "deals", "stge:won"], 2, 'did you mean "stage"?'),
    "an ambiguous name": (["set", "K Winkler", "job=x"], 4, "name it by kind/id"),
    "an ambiguous name to look at": (["show", "winkler"], 4, "contact/katharina-winkler"),
    "a missing book": (["-C", "nowhere", "today"], 3, "plaincrm init nowhere"),
}


@pytest.mark.parametrize(("words", "code", "said"), FIRST.values(), ids=list(FIRST))
def test_an_error_is_one_line_that_says_what_to_type_next(
    crm: Crm, studio: Path, words: list[str], code: int, said: str
) -> None:
    before = commits(studio)
    ran = crm(*words)
    assert (ran.code, ran.out, ran.err.count("\n")) == (code, "", 1), ran.err
    assert ran.err.startswith("plaincrm: ")
    assert said in ran.err
    assert clean(studio)
    assert commits(studio) == before
    assert json.loads(crm(*words, "--json").err)["error"]["hint"] or words[0] == "show"

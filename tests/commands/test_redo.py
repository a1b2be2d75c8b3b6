"""`plaincrm redo`, and undo and redo in a book that is synced."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.test_sync import ADA, DEAL, World
from tests.commands.test_undo import KARI, edit, tree
from tests.commands.writes import clean, commits, read, subject
from tests.conftest import Crm


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def test_there_and_back_again(crm: Crm, studio: Path) -> None:
    trees = [tree(studio)]
    for job in ("A", "B", "C"):
        crm("set", "kari-berg", f"job={job}")
        trees.append(tree(studio))
    crm("undo")
    crm("undo", "2")
    for expected in (trees[2], trees[3]):
        redone = crm("redo")
        assert (redone.code, tree(studio), clean(studio)) == (0, expected, True)
        assert "+++ " in redone.err, "it shows the diff"
    assert subject(studio) == "Redo: Set contact/kari-berg: job=C"
    assert crm("redo").code == 1
    assert crm("undo", "--list").out.count("job=") == 3
    assert crm("undo", "3").code == 0
    assert tree(studio) == trees[0]
    assert crm("redo").code == 0
    assert tree(studio) == trees[3]


@pytest.mark.parametrize(
    "words",
    [
        ["set", "contacts", "--where", "company:fjord-ferries", "region=North", "-y"],
        ["rm", "kari-berg", "-y"],
        ["rename", "fjord-ferries", "Fjord Group"],
        ["win", "fjord-website-2027"],
        ["add", "contact", "Ada Lovelace"],
    ],
    ids=lambda words: words[0],
)
def test_every_operation_comes_back_byte_for_byte(crm: Crm, studio: Path, words: list[str]) -> None:
    before = tree(studio)
    assert crm(*words).code == 0
    after = tree(studio)
    assert crm("undo").code == 0
    assert tree(studio) == before
    assert crm("redo").code == 0
    assert tree(studio) == after


def test_nothing_to_redo(crm: Crm, studio: Path) -> None:
    assert crm("redo").code == 1, "nothing was ever undone"
    crm("set", "kari-berg", "job=A")
    crm("undo")
    crm("set", "ola-nordmann", "job=B")
    ran = crm("redo")
    assert (ran.code, "since the last operation" in ran.err) == (1, True)
    assert "job: Accounts" in read(studio, KARI)


def test_the_dry_run_and_a_message(crm: Crm, studio: Path) -> None:
    crm("set", "kari-berg", "job=A")
    crm("undo")
    before = commits(studio)
    assert "+job: A" in crm("redo", "-n").out.splitlines()
    assert commits(studio) == before
    assert crm("redo", "-m", "After all").code == 0
    assert subject(studio) == "After all"
    assert crm("redo").code == 1, "the message does not hide what was redone"


def test_the_users_words_stay_or_nothing_is_redone(crm: Crm, studio: Path) -> None:
    crm("set", "kari-berg", "job=A")
    crm("undo")
    edit(studio, KARI, "language: nb", "language: nn  # mine", commit=True)
    assert crm("redo").code == 0
    assert "job: A\n" in read(studio, KARI) and "language: nn  # mine\n" in read(studio, KARI)
    crm("undo")
    edit(studio, KARI, "job: Accounts", "job: Chief")
    ran = crm("redo")
    assert (ran.code, "job: Chief\n" in read(studio, KARI)) == (6, True)


def named(monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", who)
        monkeypatch.setenv(f"GIT_{role}_EMAIL", f"{who}@example.org")


def test_after_a_sync_ones_own_operation_is_taken_back(
    context: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, "ola")
    assert context.crm(context.a, "set", "ada", "job=Boss", "city=Oslo").code == 0
    named(monkeypatch, "kari")
    assert context.crm(context.b, "set", "ada", "region=North").code == 0
    assert context.crm(context.b, "move", "website", "proposal").code == 0
    context.settle()
    named(monkeypatch, "ola")
    listed = context.crm(context.a, "undo", "--list").out
    assert "job=Boss" in listed and "region=North" not in listed and "proposal" not in listed
    assert context.crm(context.a, "undo").code == 0
    context.settle()
    assert "job" not in context.read(ADA) and "region: North\n" in context.read(ADA)
    assert "stage: proposal\n" in context.read(DEAL)
    assert context.crm(context.a, "redo").code == 0
    context.settle()
    assert "job: Boss\n" in context.read(ADA) and "region: North\n" in context.read(ADA)


def test_what_somebody_else_changed_since_is_not_undone(
    context: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(monkeypatch, "ola")
    context.crm(context.a, "set", "contacts", "--where", "name:Ada", "job=Boss", "-y")
    context.settle()
    named(monkeypatch, "kari")
    context.crm(context.b, "set", "ada", "job=Chief")
    context.settle()
    named(monkeypatch, "ola")
    ran = context.crm(context.a, "undo")
    assert ran.code == 6 and "job" in ran.err
    assert "job: Chief\n" in context.read(ADA)


def test_one_person_on_two_machines_takes_back_what_the_other_machine_did(context: World) -> None:
    context.crm(context.a, "set", "ada", "job=Boss")
    context.settle()
    assert context.crm(context.b, "undo").code == 0
    context.settle()
    assert "job" not in context.read(ADA)

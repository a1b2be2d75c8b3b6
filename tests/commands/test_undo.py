"""`plaincrm undo`: plaincrm's own last operations, never the user's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.writes import clean, commits, editing, read, subject, touched
from tests.conftest import Crm, git

KARI, OLA, DEAL = "contacts/kari-berg.md", "contacts/ola-nordmann.md", "deals/fjord-website-2027.md"


def tree(studio: Path) -> str:
    return git(studio, "rev-parse", "HEAD^{tree}")


OPERATIONS = [
    ["set", "kari-berg", "job=Boss", "tags+=vip"],
    ["set", "contacts", "--where", "company:fjord-ferries", "region=North", "-y"],
    ["add", "contact", "Ada Lovelace", "company=+Polar Press"],
    ["log", "kari-berg", "call", "x", "--next", "fri y"],
    ["task", "add", "okra-menu-design", "Foo", "due:fri"],
    ["done", "c5f"],
    ["snooze", "c5f", "mon"],
    ["rm", "kari-berg", "-y"],
    ["rename", "fjord-ferries", "Fjord Group"],
    ["move", "fjord-website-2027", "parked", "--until", "mon"],
    ["win", "fjord-website-2027"],
    ["lose", "fjord-website-2027", "--reason", "price"],
    ["set", "zofia-krol", "knut-oedegaard", "wanda", "country=SE", "-y"],
]


@pytest.mark.parametrize("words", OPERATIONS, ids=[words[0] for words in OPERATIONS])
def test_every_operation_is_taken_back_byte_for_byte(
    crm: Crm, studio: Path, words: list[str]
) -> None:
    before, count = tree(studio), commits(studio)
    ran = crm(*words)
    assert ran.code == 0, ran.err
    assert tree(studio) != before
    undone = crm("undo")
    assert undone.code == 0
    assert "+++ " in undone.err, "it shows the diff"
    assert (tree(studio), commits(studio), clean(studio)) == (before, count + 2, True)
    assert subject(studio).startswith("Undo: ")


def test_a_second_undo_goes_further_back(crm: Crm, studio: Path) -> None:
    trees = [tree(studio)]
    for job in ("A", "B", "C"):
        crm("set", "kari-berg", f"job={job}")
        trees.append(tree(studio))
    for expected in (trees[2], trees[1]):
        assert crm("undo").code == 0
        assert tree(studio) == expected
    crm("set", "kari-berg", "job=D")
    assert crm("undo", "2").code == 0
    assert tree(studio) == trees[0]
    assert crm("undo").code == 1
    assert crm("undo", "--list").out == ""


def test_two_operations_that_make_and_remove_a_file(crm: Crm, studio: Path) -> None:
    before = tree(studio)
    crm("add", "contact", "Ada Lovelace")
    crm("rm", "ada-lovelace", "-y")
    crm("undo")
    assert "name: Ada" in read(studio, "contacts/ada-lovelace.md")
    crm("rm", "ada-lovelace", "-y")
    assert crm("undo", "2").code == 0
    assert (tree(studio), (studio / "contacts/ada-lovelace.md").exists()) == (before, False)


def test_the_list_and_the_dry_run_write_nothing(crm: Crm, studio: Path) -> None:
    crm("set", "kari-berg", "job=Boss")
    before = commits(studio)
    assert "Set contact/kari-berg: job=Boss" in crm("undo", "--list").out
    shown = crm("undo", "-n")
    assert "+job: Accounts" in shown.out.splitlines()
    assert commits(studio) == before
    assert crm("undo", "-m", "Not so").code == 0
    assert subject(studio) == "Not so"
    assert crm("undo").code == 1, "the message does not hide what was undone"


def edit(studio: Path, path: str, old: str, new: str, *, commit: bool = False) -> None:
    file = studio / path
    text = file.read_bytes().decode()
    assert old in text
    file.write_bytes(text.replace(old, new).encode())
    if commit:
        git(studio, "commit", "-qam", "By hand")


@pytest.mark.parametrize("commit", [True, False], ids=["committed", "not committed"])
def test_the_users_words_in_the_same_file_stay(crm: Crm, studio: Path, commit: bool) -> None:
    crm("set", "kari-berg", "job=Boss", "tags+=vip,new")
    crm("log", "kari-berg", "call", "Said hello")
    crm("task", "add", "kari-berg", "Foo", "due:fri")
    edit(studio, KARI, "tags: [vip, new]", "tags: [vip, mine, new]", commit=commit)
    edit(studio, KARI, "2026-10-06 email in: ", "2026-10-06 email in: My words. ", commit=commit)
    edit(studio, KARI, "language: nb", "language: nn  # she says", commit=commit)
    assert crm("undo", "3").code == 0
    text = read(studio, KARI)
    assert "job: Accounts\n" in text
    assert "tags: [mine]\n" in text
    assert "language: nn  # she says\n" in text
    assert "My words." in text
    assert "Said hello" not in text
    assert "Foo" not in text
    assert clean(studio)
    assert touched(studio) == [KARI]


@pytest.mark.parametrize(
    ("words", "path", "old", "new"),
    [
        (["set", "kari-berg", "job=Boss"], KARI, "job: Boss", "job: Chief"),
        (["log", "kari-berg", "call", "Hello"], KARI, "call: Hello", "call: Hello you"),
        (["task", "add", "kari-berg", "Foo"], KARI, "[ ] Foo", "[x] Foo"),
        (["add", "contact", "Ada Lovelace"], "contacts/ada-lovelace.md", "---\n", "---\n# mine\n"),
    ],
)
def test_what_was_changed_again_is_a_conflict(
    crm: Crm, studio: Path, words: list[str], path: str, old: str, new: str
) -> None:
    crm(*words)
    edit(studio, path, old, new)
    before, text = commits(studio), read(studio, path)
    ran = crm("undo")
    assert ran.code == 6
    assert path in ran.err
    assert (commits(studio), read(studio, path)) == (before, text)


def test_what_stands_in_the_way_is_named_and_gone_past(crm: Crm, studio: Path) -> None:
    crm("set", "ola-nordmann", "job=Captain")
    crm("set", "kari-berg", "job=Boss")
    (studio / KARI).write_text(read(studio, KARI).replace("job: Boss", "job: Chief"))
    refused = crm("undo")
    assert refused.code == 6
    assert "plaincrm undo --only N" in refused.err
    assert crm("undo", "2").code == 6
    assert crm("undo", "--only", "2").code == 0
    assert "Captain" not in read(studio, OLA)
    assert "job: Chief" in read(studio, KARI)
    assert crm("undo", "--only", "9999").code == 1
    assert crm("redo").code == 0
    assert "Captain" in read(studio, OLA)


def contest(studio: Path, values: str) -> None:
    """What a sync leaves where others set the job, too: Boss is ours."""
    text = read(studio, KARI).replace("job: Boss", f"job: {values.partition(',')[0]}")
    rest = values.partition(",")[2]
    (studio / KARI).write_text(
        text.replace(
            "language: nb",
            f"language: nb\n_conflicts: {{job: {{base: Accounts, values: [{rest}]}}}}",
        )
    )
    git(studio, "commit", "-qam", "Sync with origin")


@pytest.mark.parametrize("values", ["Chief,Boss", "Boss,Chief"])
def test_of_two_contested_values_the_others_stays(crm: Crm, studio: Path, values: str) -> None:
    crm("set", "kari-berg", "job=Boss")
    contest(studio, values)
    assert crm("undo").code == 0
    assert "job: Chief\n" in read(studio, KARI)
    assert "_conflicts" not in read(studio, KARI)


def test_a_bulk_undo_is_whole_or_not_at_all(crm: Crm, studio: Path) -> None:
    crm("set", "contacts", "--where", "company:fjord-ferries", "region=North", "-y")
    edit(studio, KARI, "region: North", "region: South")
    assert crm("undo").code == 6
    assert "region: North" in read(studio, OLA)


def test_a_stage_is_taken_back_beside_a_later_entry(crm: Crm, studio: Path) -> None:
    crm("win", "fjord-website-2027")
    edit(studio, DEAL, "## Log\n", "## Log\n- 2026-08-01 note: Mine, and older.\n")
    assert crm("undo").code == 0
    text = read(studio, DEAL)
    assert "stage: proposal\n" in text
    assert "closed" not in text
    assert "-> won" not in text
    assert "Mine, and older." in text


def test_commits_of_ones_own_are_no_operations(crm: Crm, studio: Path) -> None:
    edit(studio, KARI, "job: Accounts", "job: Boss", commit=True)
    assert crm("undo").code == 1
    assert "job: Boss" in read(studio, KARI)


def test_an_edit_in_the_editor_is_an_operation(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = tree(studio)
    editing(monkeypatch, tmp_path, "echo 'More words' >> \"$1\"")
    crm("edit", "kari-berg")
    assert crm("undo").code == 0
    assert tree(studio) == before


def test_what_is_gone_already_is_said(crm: Crm, studio: Path) -> None:
    crm("set", "kari-berg", "job=Boss")
    edit(studio, KARI, "job: Boss", "job: Accounts", commit=True)
    ran = crm("undo")
    assert ran.code == 0
    assert "plaincrm undo 2" in ran.err

"""File names that a file system may take for one: composed and decomposed umlauts, capital and
small letters.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tests.commands.test_sync import ADA, World
from tests.conftest import Ran, git

COMPOSED = "contacts/jörg-müller.md"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)
PAIRS = [(COMPOSED, DECOMPOSED), ("contacts/Grace.md", "contacts/grace.md")]
IDS = ["umlauts", "case"]


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path, monkeypatch)
    probe = tmp_path / DECOMPOSED.rpartition("/")[2]
    probe.touch()
    (tmp_path / "UPPER").touch()
    if (tmp_path / COMPOSED.rpartition("/")[2]).exists() or (tmp_path / "upper").exists():
        pytest.skip("this file system takes such names for one")
    for folder in (made.a, made.b):
        git(folder, "config", "core.precomposeunicode", "false")
        git(folder, "config", "core.quotepath", "false")
    return made


def person(name: str, mail: str, more: str = "") -> str:
    return (
        f"---\nname: {name}\nemail: {mail}\n{more}---\n\n## Log\n- 2026-01-01 call: To {name}"
        f" {mail}\n"
    )


def contacts(folder: Path) -> dict[str, str]:
    return {
        f"contacts/{file.name}": file.read_bytes().decode()
        for file in sorted((folder / "contacts").iterdir())
    }


def problems(context: World) -> list[str]:
    ran: Ran = context.crm(context.a, "check", "--json")
    return [each["code"] for each in ran.json["results"]]


@pytest.mark.parametrize("paths", PAIRS, ids=IDS)
def test_two_people_of_one_name_both_stay_and_stand_apart(
    context: World, paths: tuple[str, str]
) -> None:
    context.put(context.a, paths[0], person("Müller", "one@x.example"))
    context.put(context.b, paths[1], person("Müller", "other@y.example"))
    context.settle()
    texts = contacts(context.a)
    assert len(texts) == 3
    assert sum("one@x.example" in text for text in texts.values()) == 1
    assert sum("other@y.example" in text for text in texts.values()) == 1
    assert len({unicodedata.normalize("NFC", path).casefold() for path in texts}) == 3, (
        "no twins are left"
    )
    assert "id-twin" not in problems(context)


@pytest.mark.parametrize("paths", PAIRS, ids=IDS)
def test_one_person_made_on_both_is_one_record(context: World, paths: tuple[str, str]) -> None:
    context.put(context.a, paths[0], person("Müller", "one@x.example", "job: Boss\n"))
    context.put(context.b, paths[1], person("Müller", "one@x.example", "city: Bergen\n"))
    context.settle()
    (_, text), *rest = [(path, text) for path, text in contacts(context.a).items() if path != ADA]
    assert rest == []
    assert "job: Boss" in text and "city: Bergen" in text


@pytest.mark.parametrize("path", [COMPOSED, DECOMPOSED, "contacts/GRACE.md"])
def test_a_record_changed_on_both_keeps_its_name_byte_for_byte(context: World, path: str) -> None:
    context.put(context.a, path, person("Müller", "one@x.example", "job: A\ncity: B\n"))
    context.settle()
    context.edit(context.a, path, "job: A", "job: AA")
    context.edit(context.b, path, "city: B", "city: BB")
    context.settle()
    assert path in contacts(context.b)
    assert "job: AA\ncity: BB\n" in context.read(path)


@pytest.mark.parametrize("paths", PAIRS, ids=IDS)
def test_twins_that_are_there_are_reported_and_merged_without_harm(
    context: World, paths: tuple[str, str]
) -> None:
    for path, mail in zip(paths, ("one@x.example", "other@y.example"), strict=True):
        context.put(context.a, path, person("Müller", mail, "job: A\ncity: B\n"))
    git(context.a, "add", "-A")
    git(context.a, "commit", "-q", "-m", "Twins")
    context.settle()
    assert problems(context).count("id-twin") >= 1
    for path in paths:
        context.edit(context.a, path, "job: A", "job: AA")
        context.edit(context.b, path, "city: B", "city: BB")
    context.settle()
    texts = contacts(context.a)
    for mail in ("one@x.example", "other@y.example"):
        (text,) = [text for text in texts.values() if f"email: {mail}" in text]
        assert "job: AA\ncity: BB\n" in text
    assert problems(context).count("id-twin") >= 1


def test_a_rename_that_changes_no_more_than_the_form_of_the_name(context: World) -> None:
    context.put(context.a, DECOMPOSED, person("Müller", "one@x.example", "job: A\n"))
    context.settle()
    git(context.a, "mv", DECOMPOSED, COMPOSED)
    context.edit(context.b, DECOMPOSED, "job: A", "job: AA")
    context.settle()
    assert [path for path in contacts(context.a) if path != ADA] == [COMPOSED]
    assert "job: AA\n" in context.read(COMPOSED)


@pytest.mark.parametrize("paths", PAIRS, ids=IDS)
def test_plain_git_pull_keeps_both_and_check_reports_them(
    context: World, paths: tuple[str, str]
) -> None:
    for folder, path, mail in zip(
        (context.a, context.b), paths, ("one@x.example", "other@y.example"), strict=True
    ):
        context.put(folder, path, person("Müller", mail))
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "By hand")
    git(context.a, "push", "-q", "origin", "main")
    git(context.b, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    context.crm(context.b, "sync")
    context.settle()
    texts = "".join(contacts(context.a).values())
    assert "email: one@x.example" in texts and "email: other@y.example" in texts
    assert problems(context).count("id-twin") >= 1


def test_crlf_bom_and_an_umlaut_in_the_name_all_stay(context: World) -> None:
    text = "\ufeff" + person("Müller", "one@x.example", "job: A\nzip: 01234\ncity: B\n").replace(
        "\n", "\r\n"
    )
    context.put(context.a, DECOMPOSED, text)
    context.settle()
    context.edit(context.a, DECOMPOSED, "job: A", "job: AA")
    context.edit(context.b, DECOMPOSED, "city: B", "city: BB")
    context.settle()
    merged = context.read(DECOMPOSED)
    assert merged == text.replace("job: A", "job: AA").replace("city: B", "city: BB")

"""What is said where nothing is found: each line says what to type."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Crm


@pytest.fixture
def book(crm: Crm, tmp_path: Path) -> Path:
    assert crm("init", "book", "-y", cwd=tmp_path).code == 0
    return tmp_path / "book"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["today"], "plaincrm import FILE"),
        (["list"], "plaincrm add contact"),
        (["list", "deals"], "plaincrm add deal"),
        (["list", "tasks"], "plaincrm task add REF"),
        (["list", "log"], "plaincrm log REF call"),
        (["pipeline"], "lead"),
        (["ticket", "list"], "plaincrm ticket open"),
        (["segment", "list"], "plaincrm segment save"),
        (["outbox", "list"], "plaincrm email TEMPLATE REF --outbox"),
        (["find", "müller"], "plaincrm list contacts"),
        (["find", "müller", "bau"], "plaincrm find müller"),
    ],
)
def test_an_empty_book_says_what_to_type(crm: Crm, book: Path, words: list[str], line: str) -> None:
    ran = crm(*words, cwd=book)
    assert ran.code == 0
    assert line in ran.out + ran.err


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["list", "name:nordmann"], "plaincrm list contacts 'name:*nordmann*' finds parts"),
        (["list", "contacts", "name:nordmann"], "'name:*nordmann*' finds parts"),
        (["list", "nordmannn"], "plaincrm find nordmannn looks everywhere"),
        (["list", "delas"], 'did you mean "deals"?'),
        (["list", "deals", "value:999999.."], "plaincrm list deals shows all"),
    ],
)
def test_a_query_without_an_answer_says_what_finds_more(
    crm: Crm, studio: Path, words: list[str], line: str
) -> None:
    ran = crm(*words, cwd=studio)
    assert ran.code == 0
    assert line in ran.err
    assert "+vip" not in ran.err


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["conflicts"], "plaincrm sync"),
        (["dedupe"], "plaincrm dedupe --threshold 50"),
        (["history"], "plaincrm commit"),
        (["invoice", "list"], "plaincrm invoice DEAL 1200"),
        (["invoice", "list", "--all"], "plaincrm invoice DEAL 1200"),
        (["agenda"], "plaincrm agenda --days 74"),
        (["kb", "search", "blue", "ink"], "plaincrm kb search --any blue ink"),
        (["kb", "search", "ink"], 'plaincrm add article "TITLE"'),
        (["kb", "gaps"], "plaincrm list articles"),
        (["score"], "plaincrm help score"),
        (["campaign", "list"], "plaincrm campaign new"),
        (["automation", "list"], "in plaincrm.yaml switches one on"),
        (["sequence", "due"], "plaincrm sequence enrol"),
        (["undo"], "plaincrm undo --list"),
    ],
)
def test_whatever_has_nothing_says_so_and_what_to_type(
    crm: Crm, book: Path, words: list[str], line: str
) -> None:
    assert line in crm(*words, cwd=book).err

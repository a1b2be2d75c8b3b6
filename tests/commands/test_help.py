"""`plaincrm help`."""

from __future__ import annotations

from pathlib import Path

from plaincrm.cli import COMMANDS
from tests.conftest import Crm

DOCS = Path(__file__).parents[2] / "docs"


def test_lists_pages_and_commands(crm: Crm, tmp_path: Path) -> None:
    out = crm("help", cwd=tmp_path).out
    for word in [path.stem for path in DOCS.glob("*.md")] + list(COMMANDS):
        assert f"  {word} " in out


def test_shows_a_page(crm: Crm) -> None:
    assert crm("help", "format").out == (DOCS / "format.md").read_text("utf-8")


def test_shows_the_help_of_a_command(crm: Crm) -> None:
    assert crm("help", "list").out == crm("list", "--help").out


def test_an_unknown_word_is_not_found(crm: Crm) -> None:
    done = crm("help", "qeury")
    assert done.code == 3
    assert 'did you mean "query"?' in done.err

"""`plaincrm help`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plaincrm.cli import COMMANDS
from plaincrm.commands._aliases import ALIASES, LINES
from plaincrm.views.layout import Layout
from plaincrm.views.manual import rendered
from plaincrm.views.table import columns
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


def test_an_alias_has_the_help_of_its_command(crm: Crm) -> None:
    assert crm("help", "ls").out == crm("list", "--help").out


@pytest.mark.parametrize(
    ("word", "places"),
    [
        ("money", ["plaincrm help query, What is compared how", "plaincrm help facts, deal"]),
        ("tasks", ["plaincrm help task\n", "plaincrm help format, Log and tasks"]),
        ("invoices", ["plaincrm help invoice\n", "plaincrm help figures"]),
        ("birthday", ["plaincrm help "]),
    ],
)
def test_a_word_is_looked_up_in_the_manual(crm: Crm, word: str, places: list[str]) -> None:
    ran = crm("help", word)
    assert ran.code == 0
    assert [place for place in places if place not in ran.out] == []


def test_what_readers_need_stands_before_how_it_is_made(crm: Crm) -> None:
    out = crm("help").out
    assert out.index("  concepts ") < out.index("How it is made") < out.index("  decisions ")


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("page", sorted(path.stem for path in DOCS.glob("*.md")))
def test_a_page_fits_the_terminal_and_loses_no_word(page: str, width: int) -> None:
    text = (DOCS / f"{page}.md").read_text("utf-8")
    shown = rendered(text, Layout(width))
    code = {line for line in text.splitlines() if line.startswith("    ")} | set(_fenced(text))
    wide = [line for line in shown.splitlines() if columns(line) > width and line not in code]
    assert wide == []
    assert "\n\n\n" not in shown or "\n\n\n" in text
    there = re.sub(r"(?m)^```.*$|^\|.*\|\n\|[-|: ]+\|$|\]\([^)]*\)", "", text)
    words = re.compile(r"[a-z]{6,}")
    assert set(words.findall(there)) - set(words.findall(shown)) == set()


def _fenced(text: str) -> list[str]:
    return [line for block in text.split("```")[1::2] for line in block.splitlines()]


@pytest.mark.parametrize("word", [*COMMANDS, *ALIASES, *LINES])
def test_each_word_of_the_command_line_has_help(crm: Crm, word: str) -> None:
    ran = crm("help", word)
    assert ran.code == 0 or LINES[word] in ran.err

"""The pages for contributors name files that are there, and names that stand in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("docs/contributing.md", "docs/architecture.md")
CODE = re.compile(r"`([^`\s]+)`")
TEST = re.compile(r"`(tests/[\w./]+\.py)`")
# A name in code, and the file that the sentence says it stands in.
PLACED = re.compile(r"`(\w+)` (?:in|of) `([\w/]+\.py)`")


def file_of(path: str) -> Path:
    """The file or folder that a page names, without `plaincrm/` or `tests/` too."""
    found = (ROOT / path, ROOT / "plaincrm" / path, ROOT / "tests" / path)
    return next((each for each in found if each.exists()), found[0])


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_is_there(page: str) -> None:
    named = CODE.findall((ROOT / page).read_text("utf-8"))
    paths = [each for each in named if re.fullmatch(r"[\w./-]+(?:/|\.py)", each)]
    assert len(paths) > 10
    assert [path for path in paths if not file_of(path).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_name_that_a_page_places_stands_in_its_file(page: str) -> None:
    placed = PLACED.findall((ROOT / page).read_text("utf-8"))
    wrong = [
        (name, path)
        for name, path in placed
        if not re.search(rf"\b{name}\b", file_of(path).read_text("utf-8"))
    ]
    assert wrong == []


def test_every_test_that_a_page_names_is_there() -> None:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    named = {path for page in pages for path in TEST.findall(page.read_text("utf-8"))}
    assert len(named) > 10
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_the_table_of_wishes_has_names_in_files() -> None:
    text = (ROOT / "docs" / "contributing.md").read_text("utf-8")
    assert len(PLACED.findall(text)) >= 16

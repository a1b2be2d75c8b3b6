"""Tests mirror the tree: the test of a module has its place and name, or docs/contributing.md says
where it is.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE, TESTS = ROOT / "plaincrm", ROOT / "tests"
PAGE = ROOT / "docs" / "contributing.md"


def names(folder: Path, pattern: str) -> list[str]:
    """`core/values/money` for each file below the folder."""
    found = (path.relative_to(folder).with_suffix("") for path in sorted(folder.rglob(pattern)))
    return [path.as_posix() for path in found if path.name != "__init__"]


MODULES = names(PACKAGE, "*.py")
FILES = names(TESTS, "test_*.py")
HELPERS = [each for each in names(TESTS, "*.py") if each not in FILES]
PACKAGES = [path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("__init__.py")]


def table() -> list[tuple[list[str], list[str]]]:
    """The rows: patterns of modules, patterns of tests."""
    section = PAGE.read_text("utf-8").partition("## Where tests stand")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("| ")]
    words = [tuple(re.findall(r"`([^`]+)`", cell) for cell in row) for row in rows[1:]]
    return [(modules, tests) for modules, tests in words]


ROWS = table()


def own_test(module: str) -> str:
    """The place of a module's test; an action and a view may be tested with their command."""
    folder, _, name = module.rpartition("/")
    test = f"test_{name.strip('_')}"
    with_command = folder in ("crm/actions", "views") and f"commands/{test}" in FILES
    return f"commands/{test}" if with_command else f"{folder}/{test}".strip("/")


def fits(name: str, pattern: str) -> bool:
    """Like a shell's: `*` stays within its folder."""
    return name.count("/") == pattern.count("/") and fnmatch(name, pattern)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_its_test_or_a_row_that_says_where_it_is(module: str) -> None:
    rows = [patterns for patterns, _ in ROWS if any(fits(module, each) for each in patterns)]
    own = own_test(module)
    assert own in FILES or rows, f"no tests/{own}.py, and no row of docs/contributing.md"


@pytest.mark.parametrize("test", FILES)
def test_every_test_belongs_to_a_module_or_a_row_says_what_it_is_for(test: str) -> None:
    folder, _, name = test.rpartition("/")
    about = name.removeprefix("test_")
    near = [each for each in (*MODULES, *HELPERS) if each.rpartition("/")[0] == folder]
    subjects = [each.rpartition("/")[2].strip("_") for each in near]
    if folder in PACKAGES:
        subjects.append(folder.rpartition("/")[2])
    mirrors = any(about == each or about.startswith(f"{each}_") for each in subjects)
    listed = any(test in tests for _, tests in ROWS)
    assert mirrors or listed or not folder, f"of which module is tests/{test}.py?"


def test_every_row_is_needed_and_names_tests_that_are_there() -> None:
    without = [module for module in MODULES if own_test(module) not in FILES]
    for modules, tests in ROWS:
        for pattern in modules:
            assert any(fits(each, pattern) for each in without), f"{pattern}: all have their own"
        for pattern in tests:
            assert any(fits(each, pattern) for each in FILES), f"{pattern}: there is no such test"

"""Problems as text for people, for compilers' readers (gcc), for GitHub's annotations, and as
JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plaincrm.core.text.counted import counted
from plaincrm.core.value_class import changed
from plaincrm.errors import Problem
from plaincrm.views.layout import Layout
from plaincrm.views.rows import Rows, text_columns
from plaincrm.views.safe import line, safe
from plaincrm.views.table import wrapped

FORMATS = ("text", "gcc", "github", "json")
COLUMNS = ("path", "line", "column", "level", "code", "message", "hint")
_BENEATH = "\n    "  # before what goes on below a problem
_STYLES = {"error": "bad", "warning": "warn"}


def rows(problems: Sequence[Problem], form: str, refs: Mapping[str, str], prefix: str = "") -> Rows:
    """A row a problem; `form`: how its line looks on a terminal, one of `text gcc github`.
    `refs`: the records of the files, by path. `prefix`: where the book lies in its repository,
    from whose root GitHub counts.
    """
    place = f"{prefix}{{}}".format if form == "github" else None

    def screen(rows: Rows, layout: Layout) -> str:
        placed = changed(layout, place=place) if place is not None else layout
        return "".join(f"{_line(problem, form, placed)}\n" for problem in rows.records)

    return Rows(
        "check",
        len(problems),
        problems,
        text_columns(COLUMNS, _cells, right=("line", "column")),
        as_json,
        lambda problem: refs.get(problem.path, ""),
        lambda problem: problem.path,
        screen=screen,
    )


def _cells(problem: Problem) -> list[str]:
    place = [problem.path, str(problem.line), str(problem.column)]
    return [*place, problem.level, problem.code, problem.message, problem.hint]


def _line(problem: Problem, form: str, layout: Layout) -> str:
    """The problem on a line; `text`: its level in colour, and the hint on a line below."""
    problem = problem.moved(layout.place(problem.path))
    if form in ("gcc", "github"):
        said = _github(problem) if form == "github" else _gcc(problem)
        return said if layout.width is None else safe(said)  # programs want the path as it is
    said = safe(_gcc(problem))
    if layout.width is not None:
        said = _BENEATH.join(wrapped(said, layout.width - len(_BENEATH)))
    level = f"{problem.level}:"
    said = said.replace(level, layout.paint(level, _STYLES.get(problem.level, "")), 1)
    return f"{said}{_BENEATH}{line(_one_line(problem.hint))}" if problem.hint else said


def as_json(problem: Problem) -> dict[str, Any]:
    """The object that docs/commands.md fixes."""
    return {
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "level": problem.level,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "fixable": problem.fixable,
    }


def summary(problems: Sequence[Problem], files: int) -> str:
    """One line that sums up: `2 errors and 1 warning in 3 of 160 files`."""
    if not problems:
        return f"no problems in {counted(files, 'record')}"
    errors = sum(problem.level == "error" for problem in problems)
    parts = [counted(errors, "error"), counted(len(problems) - errors, "warning")]
    said = " and ".join(part for part in parts if part[0] != "0")
    places = len({problem.path for problem in problems})
    return f"{said} in {counted(places, 'file')}; {counted(files, 'record')} checked"


def _gcc(problem: Problem) -> str:
    return _one_line(str(problem))


def _github(problem: Problem) -> str:
    """A workflow command; GitHub shows it at the line of the file."""
    place = (
        f"file={_property(problem.path)},line={problem.line},col={problem.column},"
        f"title={problem.code}"
    )
    said = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
    return f"::{problem.level} {place}::{_data(said)}"


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

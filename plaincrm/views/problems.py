"""Problems as text for people, for compilers' readers (gcc), for GitHub's annotations, and as
JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plaincrm.errors import Problem
from plaincrm.views.rows import dumps, envelope

FORMATS = ("text", "gcc", "github", "json")


def render(problems: Sequence[Problem], form: str) -> str:
    """The problems in one of `FORMATS`, a line each (text: the hint on a line below), with the last
    line end.
    """
    if form == "json":
        return dumps(envelope("check", len(problems), [as_json(problem) for problem in problems]))
    line = {"text": _text, "gcc": _gcc, "github": _github}[form]
    return "".join(f"{line(problem)}\n" for problem in problems)


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


def counted(problems: Sequence[Problem], files: int) -> str:
    """One line that sums up: `2 errors and 1 warning in 3 of 160 files`."""
    if not problems:
        return f"no problems in {_number(files, 'record')}"
    errors = sum(problem.level == "error" for problem in problems)
    parts = [_number(errors, "error"), _number(len(problems) - errors, "warning")]
    said = " and ".join(part for part in parts if part[0] != "0")
    places = len({problem.path for problem in problems})
    return f"{said} in {_number(places, 'file')}; {_number(files, 'record')} checked"


def _number(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _text(problem: Problem) -> str:
    return f"{_gcc(problem)}\n    {_one_line(problem.hint)}" if problem.hint else _gcc(problem)


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

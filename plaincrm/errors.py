"""Every error a user can meet, and `Problem`, a defect found in a file.

An error is something the user must decide about: it is raised, ends the command, and its class
fixes the exit code (the table stands in docs/commands.md). A defect in a file is a value: it is
collected, counted on stderr and listed by `plaincrm check`, and never stops a command.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Level = Literal["error", "warning"]


class PlaincrmError(Exception):
    """The operation failed, or the answer was no. `message` says what and where, `hint` what to
    type next.
    """

    exit_code = 1
    code = "failed"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(PlaincrmError):
    """The words of the command are off: an option, an unknown field, a bad query."""

    exit_code = 2
    code = "usage"


class QueryError(UsageError):
    """A query that can't be understood; `message` names the word."""

    code = "query"


class NotFound(PlaincrmError):
    """No such record, template, file or book."""

    exit_code = 3
    code = "not_found"


class Ambiguous(PlaincrmError):
    """A reference that fits several records; `candidates` are their `kind/id`."""

    exit_code = 4
    code = "ambiguous"

    def __init__(self, message: str, candidates: Iterable[str], hint: str = "") -> None:
        super().__init__(message, hint)
        self.candidates = tuple(candidates)


class Refused(PlaincrmError):
    """A value that validation refuses, or an edit that can't be made surely. Nothing was
    written.
    """

    exit_code = 5
    code = "refused"


class Conflict(PlaincrmError):
    """A file changed underneath, or a merge needs the user. Nothing was overwritten."""

    exit_code = 6
    code = "conflict"


class Overtaken(Conflict):
    """A file changed between the look at it and the write: the same command may well do now."""


class GitFailed(PlaincrmError):
    """git or the remote failed. Files already written stay."""

    exit_code = 7
    code = "git"

    @property
    def is_lock(self) -> bool:
        """Whether another git holds the index, or died while it did: to be tried again later."""
        return "index.lock" in self.message


class Problem:
    """A defect in a file. `line` and `column` count from 1; `code` is stable and documented in
    docs/format.md.
    """

    def __init__(
        self,
        path: str,
        line: int,
        column: int,
        code: str,
        message: str,
        hint: str = "",
        level: Level = "error",
        fixable: bool = False,
    ) -> None:
        self.path, self.line, self.column, self.code = path, line, column, code
        self.message, self.hint, self.level, self.fixable = message, hint, level, fixable

    @property
    def fields(self) -> tuple[str, int, int, str, str, str, Level, bool]:
        """All of it, in the order in which problems are sorted and made."""
        return (
            self.path,
            self.line,
            self.column,
            self.code,
            self.message,
            self.hint,
            self.level,
            self.fixable,
        )

    def moved(self, path: str) -> Problem:
        """The same, of a file that is called by another path."""
        return Problem(path, *self.fields[1:])

    def at(self, line: int, message: str = "") -> Problem:
        """The same on another line, said in other words."""
        return Problem(
            self.path,
            line,
            self.column,
            self.code,
            message or self.message,
            self.hint,
            self.level,
            self.fixable,
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self.fields == other.fields

    def __lt__(self, other: Problem) -> bool:
        return self.fields < other.fields

    def __hash__(self) -> int:
        return hash(self.fields)

    def __repr__(self) -> str:
        return f"Problem{self.fields}"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.level}: {self.message} [{self.code}]"


def did_you_mean(word: str, choices: Iterable[str], likeness: float = 0.6) -> str:
    """`did you mean "close_date"?` for the nearest of `choices`, or an empty string when none is
    near. `likeness` from 0 to 1 is how near it must be.
    """
    from difflib import get_close_matches

    near = get_close_matches(word.casefold(), list(choices), n=1, cutoff=likeness)
    return f'did you mean "{near[0]}"?' if near else ""

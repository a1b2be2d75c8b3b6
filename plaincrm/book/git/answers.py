"""What git is told and answers: lists of paths; failures into one line with a hint, statuses, ids,
objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from plaincrm.core.value_class import value
from plaincrm.errors import GitFailed

_HINTS = (
    ("index.lock", "if no other git is at work, one was killed: rm .git/index.lock"),
    ("dubious ownership", "git config --global --add safe.directory FOLDER, if you trust it"),
    (
        "clean filter",
        "this repo's own filter is not run; name it in your global git config if you trust it",
    ),
    ("auto-detection is disabled", "git config --global user.email you@example.com"),
)


@value
class GitAnswer:
    """What git said: exit code, standard output, standard error."""

    code: int
    out: bytes
    err: str


def failure(command: str, answer: GitAnswer) -> GitFailed:
    """git's last meaningful line, and what to do about it."""
    said = answer.err.strip() or answer.out.decode("utf-8", "replace")
    lines = [line.strip() for line in said.splitlines() if not line.startswith("hint:")]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))] or list(
        filter(None, lines)
    )
    message = re.sub(
        r"^(fatal|error): ", "", telling[-1] if telling else f"exit code {answer.code}"
    )
    hint = next((hint for mark, hint in _HINTS if mark in answer.err), "look at `git status`")
    return GitFailed(f"git {command}: {message}", hint)


def listed(paths: Iterable[str]) -> bytes:
    """Paths in the form that git reads with `-z`."""
    return "\0".join(paths).encode("utf-8", "surrogateescape")


def commit_id(out: bytes) -> str | None:
    """The id from `[main (root-commit) 1f2e…] Message`."""
    found = re.search(rb"^\[.*?\b([0-9a-f]{40,64})\] ", out)
    return found[1].decode() if found else None


def parse_batch(out: bytes) -> list[bytes | None]:
    """Reads `git cat-file --batch`: the contents in order, None for an object that isn't there."""
    found: list[bytes | None] = []
    start = 0
    while start < len(out):
        end = out.index(b"\n", start)
        words = out[start:end].split(b" ")
        start = end + 1
        if words[-1] in (b"missing", b"ambiguous"):
            found.append(None)
        else:
            size = int(words[-1])
            found.append(out[start : start + size])
            start += size + 1
    return found


def parse_status(out: bytes, prefix: str) -> dict[str, str]:
    """Reads `git status --porcelain=v1 -z --no-renames`: path below `prefix` → the two letters."""
    lines = out.decode("utf-8", "surrogateescape").split("\0")
    return {line[3:].removeprefix(prefix): line[:2] for line in lines if line}

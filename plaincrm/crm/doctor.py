"""`plaincrm doctor`: what this installation, this machine and this book look like."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from importlib.util import find_spec
from typing import Literal

from plaincrm import __version__
from plaincrm.book import schedule
from plaincrm.book.config import SETTINGS
from plaincrm.book.git import merge_driver, repo_state
from plaincrm.book.git.client import Git
from plaincrm.book.left_schedules import left_schedules
from plaincrm.core.text.counted import counted
from plaincrm.core.yaml.front_matter import libyaml
from plaincrm.crm.book import Book
from plaincrm.errors import GitFailed

FindingLevel = Literal["good", "note", "warning"]
SAFE_GIT = (2, 43, 7)  # older ones run code of a repo while cloning (CVE-2025-48384)
OLDEST_GIT = (2, 38)
_CODE = re.compile(
    r"(filter\..*\.(clean|smudge|process)|core\.(sshcommand|fsmonitor|hookspath|gitproxy|askpass)"
    r"|remote\..*\.(uploadpack|receivepack)|merge\..*\.driver|diff\..*\.(command|textconv)"
    r"|credential\..*helper|credential\.helper|gpg\..*program|include\.path|includeif\..*)",
    re.IGNORECASE,
)
_SWITCH = "git switch main, or git switch -c NAME for a branch from here"
_KNOWN = re.compile(r"(filter|diff|merge)\.(lfs|git-crypt|plaincrm)\.")


@dataclass(frozen=True, slots=True)
class SetupCheck:
    """One thing looked at. `hint` says what to type about a warning."""

    topic: str
    level: FindingLevel
    text: str
    hint: str = ""


def diagnose(book: Book) -> list[SetupCheck]:
    """All findings; `book` may be an empty one, where there is none."""
    return [*_program(), *_git(book), *_place(book), *(_book(book) if _is_book(book) else ())]


def _is_book(book: Book) -> bool:
    return (book.root / SETTINGS).is_file()


def _program() -> Iterator[SetupCheck]:
    yield SetupCheck("plaincrm", "good", __version__)
    yield SetupCheck("python", "good", f"{platform.python_version()} ({sys.executable})")
    fast = "libyaml, the fast parser" if libyaml() else "pure Python; large books are read slowly"
    hint = "" if libyaml() else "reinstall PyYAML as a wheel"
    yield SetupCheck("yaml", "good" if libyaml() else "note", fast, hint)
    if find_spec("re2"):
        yield SetupCheck("regular expressions", "good", "google-re2")
    else:
        yield SetupCheck(
            "regular expressions",
            "note",
            "a safe subset of Python's",
            "pip install google-re2 takes all",
        )


def _git(book: Book) -> Iterator[SetupCheck]:
    if not Git.available():
        yield SetupCheck("git", "warning", "not installed: no history, undo or sync", "install git")
        return
    if book.git is None:
        yield SetupCheck(
            "git",
            "warning" if _is_book(book) else "note",
            "no repo here",
            "git init begins a history",
        )
        return
    try:
        yield _version(book.git.version())
        yield from _repo(book.git)
    except GitFailed as error:
        yield SetupCheck("git", "warning", error.message, error.hint)


def _version(version: tuple[int, ...]) -> SetupCheck:
    spelled = ".".join(map(str, version))
    if version < OLDEST_GIT:
        return SetupCheck(
            "git",
            "warning",
            f"{spelled} is too old for sync",
            f"2.{OLDEST_GIT[1]} or newer is wanted",
        )
    if version < SAFE_GIT:
        return SetupCheck(
            "git",
            "note",
            f"{spelled}; older than the fix of CVE-2025-48384",
            "clone only what you trust",
        )
    return SetupCheck("git", "good", spelled)


def _repo(git: Git) -> Iterator[SetupCheck]:
    name, email = (git.run_or_none("config", "--get", key) for key in ("user.name", "user.email"))
    if name and email:
        yield SetupCheck("identity", "good", f"{name} <{email}>")
    else:
        hint = (
            'git config --global user.name "Your Name"; git config --global user.email'
            " you@example.com"
        )
        yield SetupCheck(
            "identity", "warning", "git does not know who you are; commits are by plaincrm", hint
        )
    states = git.status()
    waiting = (
        f"{len(states)} files with changes that are not committed" if states else "all committed"
    )
    yield SetupCheck(
        "work tree", "note" if states else "good", waiting, "git status" if states else ""
    )
    yield from _state(git)
    wrong = merge_driver.state(git)
    mend = "plaincrm sync" if wrong else ""
    yield SetupCheck("merge driver", "warning" if wrong else "good", wrong or "installed", mend)
    for key in _own_code(git):
        hint = f"git config --local --unset-all {key}, unless you know it"
        yield SetupCheck(
            "git config",
            "warning",
            f"this repo's own config sets {key}, which can run a program",
            hint,
        )


def _state(git: Git) -> Iterator[SetupCheck]:
    """What is unusual about the clone: where history is cut, no branch, a checkout in part."""
    if git.boundary:
        yield SetupCheck("history", "warning", repo_state.CUT, repo_state.DEEPEN)
    if repo_state.is_detached(git.repo):
        yield SetupCheck("branch", "warning", "HEAD is detached: no branch is checked out", _SWITCH)
    if repo_state.is_sparse(git.repo):
        sparse = "this checkout is sparse: parts of the book are left out"
        yield SetupCheck("work tree", "warning", sparse, "git sparse-checkout disable")


def _own_code(git: Git) -> list[str]:
    """Keys of the repo's own config that name programs, but for those of well-known tools."""
    listed = git.call("config", "--local", "--list", "--name-only", "-z").out.decode(
        "utf-8", "replace"
    )
    keys = dict.fromkeys(key for key in listed.split("\0") if key)
    return [key for key in keys if _CODE.fullmatch(key) and not _KNOWN.match(key)]


def _place(book: Book) -> Iterator[SetupCheck]:
    if not _is_book(book):
        yield SetupCheck(
            "book", "note", "none here", "plaincrm init makes one; plaincrm demo shows the example"
        )
        return
    below = " (a folder of a larger git repo)" if book.git and book.git.below_root else ""
    yield SetupCheck("book", "good", f"{book.root}{below}")
    yield from _schedule(book)
    yield SetupCheck("private folder", "good", str(book.private))


def _schedule(book: Book) -> Iterator[SetupCheck]:
    """The recipes by which the system starts plaincrm, and whether they start one that is there."""
    for scheduler in schedule.SCHEDULERS:
        if scheduler == "cron" and not schedule.has_crontab():
            continue
        wanted = schedule.recipe(scheduler, book.root.resolve(), time(8), tuple(schedule.JOBS))
        wrong = schedule.defect(wanted)
        if wrong is None:
            continue
        if wrong:
            mend = f"plaincrm schedule install --by {scheduler}"
            yield SetupCheck("schedule", "warning", f"{scheduler}: {wrong}", mend)
        else:
            yield SetupCheck("schedule", "good", f"{scheduler} starts plaincrm every day")
    for left in left_schedules():
        said = f"{left.scheduler} starts plaincrm in {left.folder}, which is no book any more"
        yield SetupCheck("schedule", "warning", said, left.ending)


def _book(book: Book) -> Iterator[SetupCheck]:
    counts = [(len(book.store.records(kind.name)), kind) for kind in book.schema.kinds.values()]
    said = ", ".join(counted(count, kind.name, kind.plural) for count, kind in counts if count)
    yield SetupCheck("records", "good", said or "none yet")
    yield SetupCheck(
        "time zone", "good", f"{book.settings.timezone}, now {book.now:%Y-%m-%d %H:%M}"
    )
    if not book.settings.me.email:
        yield SetupCheck(
            "me", "note", "no addresses of your own", f"me: {{name: …, email: […]}} in {SETTINGS}"
        )
    for problem in book.settings.problems:
        yield SetupCheck("settings", "warning", str(problem), problem.hint)
    damaged, first = book.unreadable()
    if damaged:
        yield SetupCheck(
            "files", "warning", f"{damaged} with problems, such as {first}", "plaincrm check"
        )

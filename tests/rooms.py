"""How many modules a command enters: trips through the program, traced in the example book.

    python -m tests.rooms
    python -m tests.rooms list sync

A room is a module of which a function runs; an arrow a module that calls into another one; a call
one that crosses modules. Child processes are not counted. Each trip runs in a copy of the example
book whose cache is warm; `sync` finds nothing new.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).parents[1]
DAY = "2026-11-30"
TRIPS: Mapping[str, Sequence[str]] = {
    "list": ("list", "deals", "stage:lead"),
    "set": ("set", "deal/fjord-website-2027", "close_date=2026-12-24"),
    "today": ("today",),
    "email": ("email", "follow-up", "jens-petersen", "--outbox"),
    "import": ("import", "../one.csv", "-y"),
    "sync": ("sync",),
}
ONE_ROW = "Name,E-mail\nGrace Hopper,grace@navy.example\n"
FUNCTION = 0x1 | 0x2  # flags of code that is a function, not the body of a module or class


@dataclass(frozen=True)
class Trip:
    """What a command entered, and how many modules of the program it imported."""

    rooms: int
    arrows: int
    calls: int
    functions: int
    imported: int


class Trace:
    """Notes the functions of the program that run, and who calls whom, by `sys.setprofile`."""

    def __init__(self) -> None:
        self.functions: set[CodeType] = set()
        self.calls: Counter[tuple[str, str]] = Counter()
        self._modules: dict[CodeType, str] = {}

    def note(self, frame: FrameType, event: str, _: Any) -> None:
        own = self._module(frame) if event == "call" else ""
        if not own:
            return
        self.functions.add(frame.f_code)
        before = frame.f_back
        caller = self._module(before) if before is not None else ""
        if caller and caller != own:
            self.calls[caller, own] += 1

    def trip(self) -> Trip:
        imported = sum(name.partition(".")[0] == "plaincrm" for name in sys.modules)
        rooms = {self._modules[code] for code in self.functions}
        arrows, calls = len(self.calls), self.calls.total()
        return Trip(len(rooms), arrows, calls, len(self.functions), imported)

    def _module(self, frame: FrameType) -> str:
        """The module of the program that a function belongs to; empty for anything else."""
        code = frame.f_code
        if code not in self._modules:
            name = str(frame.f_globals.get("__name__", ""))
            inside = name.partition(".")[0] == "plaincrm" and code.co_flags & FUNCTION
            self._modules[code] = name if inside else ""
        return self._modules[code]


def traced(words: Sequence[str]) -> Trip:
    """Run the program on `words` in this process."""
    trace = Trace()
    done: Callable[[int], None] = os._exit

    def leave(code: int) -> None:
        raise SystemExit(code)

    sys.argv = ["plaincrm", *words]
    os._exit = leave  # type: ignore[assignment]  # the program leaves so after it has answered
    sys.setprofile(trace.note)
    try:
        from plaincrm.start import main

        main()
    except SystemExit as ended:
        assert not ended.code, f"{words} ended with {ended.code}"
    finally:
        sys.setprofile(None)
        os._exit = done  # type: ignore[assignment]
    return trace.trip()


def measured(word: str) -> Trip:
    """One of `TRIPS`, in a process of its own, in a copy of the example book."""
    with TemporaryDirectory() as folder:
        book = _book(Path(folder))
        for _ in range(2):  # the cache is not trusted about files as young as itself
            _run(book, [sys.executable, "-m", "plaincrm", "--today", DAY, "today"])
        if word == "sync":
            _run(book, [sys.executable, "-m", "plaincrm", "sync"])
        answer = _run(book, [sys.executable, "-m", "tests.rooms", "--traced", word])
    return Trip(**json.loads(answer.splitlines()[-1]))


def _book(folder: Path) -> Path:
    """The example book in git, with a remote that has all of it."""
    book, remote = folder / "studio", folder / "remote.git"
    shutil.copytree(ROOT / "examples" / "studio", book)
    (folder / "one.csv").write_text(ONE_ROW)
    (folder / "gitconfig").write_text("[user]\n\tname = Test\n\temail = test@example.org\n")
    _run(book, ["git", "init", "-q", "-b", "main"])
    _run(book, ["git", "add", "-A"])
    _run(book, ["git", "commit", "-q", "-m", "The book as it was"])
    _run(book, ["git", "clone", "-q", "--bare", ".", str(remote)])
    _run(book, ["git", "remote", "add", "origin", str(remote)])
    _run(book, ["git", "fetch", "-q"])
    _run(book, ["git", "branch", "-q", "-u", "origin/main"])
    return book


def _run(book: Path, words: Sequence[str]) -> str:
    surroundings = os.environ | {
        "PYTHONPATH": str(ROOT),
        "GIT_CONFIG_GLOBAL": str(book.parent / "gitconfig"),
        "HOME": str(book.parent),
    }
    done = subprocess.run(
        words, cwd=book, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return done.stdout


def main(words: Sequence[str]) -> None:
    """Print a table of the trips named, or of all."""
    if words[:1] == ["--traced"]:
        trip = traced(["--today", DAY, *TRIPS[words[1]]])
        print("\n" + json.dumps(vars(trip)))
        return
    print("| trip | rooms | arrows | calls | functions | modules imported |")
    print("|---|---:|---:|---:|---:|---:|")
    for word in words or TRIPS:
        trip = measured(word)
        figures = (trip.rooms, trip.arrows, trip.calls, trip.functions, trip.imported)
        print(f"| `{word}` | {' | '.join(f'{figure:,}' for figure in figures)} |")


if __name__ == "__main__":
    main(sys.argv[1:])

"""What the system itself starts every day: recipes for systemd, launchd and cron.

A recipe is a few files of the user's own, or lines of their crontab, named after the book. It is
written and taken out whole; nothing else of the user's is touched.
"""

from __future__ import annotations

import hashlib
import os
import plistlib
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import time
from pathlib import Path
from typing import Literal
from xml.parsers.expat import ExpatError

from plaincrm.book import atomic
from plaincrm.core.value_class import value
from plaincrm.errors import PlaincrmError, UsageError

Scheduler = Literal["systemd", "launchd", "cron"]
SCHEDULERS: tuple[Scheduler, ...] = ("systemd", "launchd", "cron")
JOBS = {
    "notify": ("today", "--notify"),
    "rules": ("automation", "run", "-y"),
    "sync": ("sync",),
}
_TIMEOUT = 20  # seconds; systemctl answers in one, or not at all


@value
class Recipe:
    """A recipe: its files with their texts (`crontab` None), the lines of a crontab, and the
    programs to run after it is written and before it is taken out.
    """

    scheduler: Scheduler
    name: str
    files: tuple[tuple[Path, str], ...] = ()
    lines: tuple[str, ...] = ()
    begin: tuple[tuple[str, ...], ...] = ()
    end: tuple[tuple[str, ...], ...] = ()

    @property
    def text(self) -> str:
        """The recipe for people: every file under its path."""
        shown = [f"# {path}\n{text}" for path, text in self.files]
        return "\n".join([*shown, *(["\n".join(self.lines) + "\n"] if self.lines else [])])


def usual() -> Scheduler:
    """What this system has."""
    if sys.platform == "darwin":
        return "launchd"
    return "systemd" if shutil.which("systemctl") else "cron"


def recipe(scheduler: Scheduler, book: Path, at: time, jobs: Sequence[str]) -> Recipe:
    """The recipe that starts the jobs every day at that time."""
    name = f"plaincrm-{hashlib.sha256(str(book).encode()).hexdigest()[:8]}"
    commands = [[*_program(), "-C", str(book), *JOBS[job]] for job in jobs]
    if any(ord(char) < 32 for command in commands for word in command for char in word):
        raise UsageError("the book's path has a line end, which no schedule can hold")
    make = {"systemd": _systemd, "launchd": _launchd, "cron": _cron}[scheduler]
    return make(name, at, commands)


def install(wanted: Recipe) -> None:
    """Write a recipe, over an older one of the book, and begin it. Raises PlaincrmError."""
    if wanted.scheduler == "cron":
        return _write_crontab([*_others(wanted.name), *wanted.lines])
    for path, text in wanted.files:
        atomic.make_folder(path.parent)
        atomic.replace(path, text.encode(), atomic.present(path))
    for words in wanted.begin:
        _run(words)
    return None


def remove(wanted: Recipe) -> bool:
    """Take the book's recipe out; False where there was none. Raises PlaincrmError."""
    if wanted.scheduler == "cron":
        there = bool(present(wanted))
        if there:
            _write_crontab(_others(wanted.name))
        return there
    found = present(wanted)
    for words in wanted.end if found else ():
        _run(words, must=False)
    for path, _ in wanted.files:
        data = atomic.present(path)
        if data is not None:
            atomic.remove(path, data)
    return bool(found)


def present(wanted: Recipe) -> str:
    """The recipe of the book as it stands; empty where there is none."""
    if wanted.scheduler == "cron":
        lines = [line for line in crontab() if line.endswith(_mark(wanted.name))]
        return "".join(f"{line}\n" for line in lines)
    found = [(path, atomic.present(path)) for path, _ in wanted.files]
    return "\n".join(
        f"# {path}\n{data.decode('utf-8', 'replace')}" for path, data in found if data is not None
    )


def defect(wanted: Recipe) -> str | None:
    """What is wrong with the recipe as it stands: a file of it that is gone, or a program that is
    not there; empty where it works, None where there is no recipe.
    """
    text = present(wanted)
    if not text:
        return None
    if wanted.scheduler == "systemd":
        gone = [path.name for path, _ in wanted.files if atomic.present(path) is None]
        if gone:
            return f"{gone[0]} is gone"
    started = _started(wanted, text)
    lost = [each for each in started if not os.access(each, os.X_OK)]
    if lost:
        return f"{lost[0]} is no program any more"
    return "" if started else "it starts nothing"


def _started(wanted: Recipe, text: str) -> list[str]:
    """The programs that a recipe starts, by their paths."""
    try:
        if wanted.scheduler == "launchd":
            datas = [data for path, _ in wanted.files if (data := atomic.present(path))]
            return [plistlib.loads(data)["ProgramArguments"][0] for data in datas]
        if wanted.scheduler == "systemd":
            words = re.findall(r'^ExecStart=-?"((?:\\.|[^"\\])*)"', text, re.MULTILINE)
            return [
                re.sub(r"\\(.)", r"\1", each).replace("%%", "%").replace("$$", "$")
                for each in words
            ]
        lines = [line.split(None, 5)[5].replace("\\%", "%") for line in text.splitlines()]
        return [shlex.split(line)[0] for line in lines]
    except (ValueError, KeyError, IndexError, plistlib.InvalidFileException, ExpatError):
        return []


def _program() -> list[str]:
    """How the system starts plaincrm: by its whole path, since it knows no shell's."""
    found = shutil.which("plaincrm")
    return [found] if found else [sys.executable, "-m", "plaincrm"]


def _home(variable: str, *usual: str) -> Path:
    given = os.environ.get(variable, "")
    return Path(given) if given.startswith("/") else Path.home().joinpath(*usual)


def unit_folder() -> Path:
    """Where systemd looks for the units of a user."""
    return _home("XDG_CONFIG_HOME", ".config") / "systemd" / "user"


def agents_folder() -> Path:
    """Where launchd looks for the agents of a user."""
    return Path.home() / "Library" / "LaunchAgents"


def _systemd(name: str, at: time, commands: Sequence[Sequence[str]]) -> Recipe:
    folder = unit_folder()
    starts = "".join(f"ExecStart=-{' '.join(map(_unit_word, each))}\n" for each in commands)
    service = f"[Unit]\nDescription=plaincrm, every day\n\n[Service]\nType=oneshot\n{starts}"
    timer = (
        f"[Unit]\nDescription=plaincrm, every day\n\n[Timer]\nOnCalendar=*-*-* {at:%H:%M}:00\n"
        "Persistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )
    control = ("systemctl", "--user")
    return Recipe(
        "systemd",
        name,
        ((folder / f"{name}.service", service), (folder / f"{name}.timer", timer)),
        begin=((*control, "daemon-reload"), (*control, "enable", "--now", f"{name}.timer")),
        end=((*control, "disable", "--now", f"{name}.timer"),),
    )


def _unit_word(word: str) -> str:
    """A word of a unit file: `%` and `$` mean something there, even in quotes."""
    kept = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{kept}"'


def _launchd(name: str, at: time, commands: Sequence[Sequence[str]]) -> Recipe:
    folder = agents_folder()
    files = []
    for number, words in enumerate(commands, 1):
        label = f"{name}.{number}"
        plist = {
            "Label": label,
            "ProgramArguments": list(words),
            "StartCalendarInterval": {"Hour": at.hour, "Minute": at.minute},
        }
        files.append((folder / f"{label}.plist", plistlib.dumps(plist).decode()))
    return Recipe(
        "launchd",
        name,
        tuple(files),
        begin=tuple(("launchctl", "load", "-w", str(path)) for path, _ in files),
        end=tuple(("launchctl", "unload", "-w", str(path)) for path, _ in files),
    )


def _cron(name: str, at: time, commands: Sequence[Sequence[str]]) -> Recipe:
    when = f"{at.minute} {at.hour} * * *"
    lines = (
        f"{when} {shlex.join(words)}".replace("%", "\\%") + f" {_mark(name)}" for words in commands
    )
    return Recipe("cron", name, lines=tuple(lines))


def _mark(name: str) -> str:
    return f"# {name}"


def has_crontab() -> bool:
    return shutil.which("crontab") is not None


def crontab() -> list[str]:
    """The lines of the user's crontab. Raises PlaincrmError where the machine has none."""
    if not has_crontab():
        raise PlaincrmError("this machine has no crontab", "install cron, or --by systemd")
    done = subprocess.run(
        ["crontab", "-l"], capture_output=True, text=True, timeout=_TIMEOUT, check=False
    )
    return done.stdout.splitlines() if done.returncode == 0 else []


def _others(name: str) -> list[str]:
    return [line for line in crontab() if not line.endswith(_mark(name))]


def _write_crontab(lines: Sequence[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    _run(("crontab", "-"), input=text)


def _run(words: Sequence[str], *, input: str = "", must: bool = True) -> None:
    try:
        done = subprocess.run(
            list(words), input=input, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        if must:
            raise PlaincrmError(f"{words[0]} did not run: {error}") from None
        return
    if done.returncode and must:
        said = done.stderr.strip().splitlines()
        told = said[-1] if said else f"exit code {done.returncode}"
        raise PlaincrmError(
            f"the files are written, but {shlex.join(words)} failed: {told}",
            "run that line in your own session",
        )

"""Recipes of `plaincrm schedule` whose folder is no book any more, since the book has moved. The
system starts them every day, and they fail every day, where nobody looks.
"""

from __future__ import annotations

import plistlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from xml.parsers.expat import ExpatError

from plaincrm.book import atomic, schedule
from plaincrm.book.config import SETTINGS
from plaincrm.book.schedule import Scheduler
from plaincrm.core.value_class import value

_WORD = r'"((?:\\.|[^"\\])*)"'  # of a unit file, as a recipe writes each
_MARK = re.compile(r"# (plaincrm-[0-9a-f]{8})$")


@value
class LeftSchedule:
    """A recipe of a book that is gone: its scheduler, the folder that it names, what ends it."""

    scheduler: Scheduler
    folder: str
    ending: str


def left_schedules() -> list[LeftSchedule]:
    """Those of all schedulers of this machine; one a folder and scheduler."""
    found = [*_systemd(), *_launchd(), *(_cron() if schedule.has_crontab() else ())]
    kept = {(each.scheduler, each.folder): each for each in found if not _is_book(each.folder)}
    return list(kept.values())


def _is_book(folder: str) -> bool:
    return (Path(folder) / SETTINGS).is_file()


def _systemd() -> Iterator[LeftSchedule]:
    for path in _files(schedule.unit_folder(), "service"):
        line = re.search(r"^ExecStart=-?(.*)$", _text(path), re.MULTILINE)
        words = re.findall(_WORD, line[1]) if line else []
        ending = f"systemctl --user disable --now {path.stem}.timer, then delete {path}"
        yield from _left("systemd", [_plain(word) for word in words], ending)


def _plain(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word).replace("%%", "%").replace("$$", "$")


def _launchd() -> Iterator[LeftSchedule]:
    for path in _files(schedule.agents_folder(), "plist"):
        try:
            words = plistlib.loads(_text(path).encode())["ProgramArguments"]
        except (ValueError, KeyError, TypeError, ExpatError):
            continue  # somebody changed it; whether its book is there can't be known
        ending = f"launchctl unload -w {shlex.quote(str(path))}, then delete that file"
        yield from _left("launchd", [str(word) for word in words], ending)


def _cron() -> Iterator[LeftSchedule]:
    for line in schedule.crontab():
        mark = _MARK.search(line)
        fields = line.split(None, 5)
        if mark is None or len(fields) < 6:
            continue
        try:
            words = shlex.split(fields[5].replace("\\%", "%"), comments=True)
        except ValueError:
            continue  # as above
        yield from _left("cron", words, f"crontab -e, and delete what ends in {mark[0]}")


def _files(folder: Path, ending: str) -> list[Path]:
    return sorted(folder.glob(f"plaincrm-[0-9a-f]*.{ending}"))


def _text(path: Path) -> str:
    return (atomic.present(path) or b"").decode("utf-8", "replace")


def _left(scheduler: Scheduler, words: list[str], ending: str) -> Iterator[LeftSchedule]:
    """What stands after -C is the folder."""
    if "-C" in words[:-1]:
        yield LeftSchedule(scheduler, words[words.index("-C") + 1], ending)

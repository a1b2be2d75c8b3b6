"""The merge driver, for people who type `git pull`: git gives three files, and the first of them
gets the result.

It looks at nothing but the three files and the path. Before it thinks it leaves both versions
between markers in the file, so that a driver that dies never leaves one side's version looking like
a merged one.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from plaincrm.book import atomic
from plaincrm.book.git.client import Git
from plaincrm.book.private_folder import make_private
from plaincrm.core.text.text_file import decode, encode
from plaincrm.errors import PlaincrmError

NAME = "plaincrm"
COMMAND = (
    "if command -v plaincrm >/dev/null 2>&1; then plaincrm merge-driver %O %A %B %L %P; "
    "else git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B; fi"
)
_DRIVER = f'driver = "{COMMAND}"'
_SECTION = f'[merge "{NAME}"]\n\tname = plaincrm, field by field\n\t{_DRIVER}\n'
_NOTE = "driver"
ATTRIBUTES = (
    "*.md merge=plaincrm",
    "templates/*.md !merge",
    "plaincrm.yaml merge=plaincrm",
    "segments/*.yaml merge=plaincrm",
    "sequences/*.yaml merge=plaincrm",
    ".plaincrm/* merge=plaincrm",
)
_OTHER_FOLDERS = ("segments", "sequences", ".plaincrm")  # those that are no kind's


def run(base: Path, ours: Path, theirs: Path, size: int, path: str) -> int:
    """Merge the three files into `ours`; the exit code for git: 0 if it is whole, 1 if a person
    must look. Raises PlaincrmError for a file that can't be read.
    """
    from plaincrm.core.merge.markers import marked

    versions = [_version(file) for file in (base, ours, theirs)]
    ours.write_bytes(marked(versions, size))  # before anything that might die
    from plaincrm.core.merge import merge
    from plaincrm.core.merge.audit import lost
    from plaincrm.core.merge.identity import same_record

    old, a, b = (decode(data)[0] for data in versions)
    path = _in_book(path)
    result = merge(old or None, a, b, path)
    if result.beside or (not old and not same_record(a, b, path)):
        return 1
    if path.endswith(".md") and lost(old, a, b, result.text):
        return 1
    ours.write_bytes(encode(result.text))
    return 0


def _version(file: Path) -> bytes:
    with atomic.told("read", file):
        return file.read_bytes()


def install(git: Git) -> bool:
    """Tell this clone's git of the driver: its config, and its own attributes. False if all was
    there.

    Starts no git unless another driver of that name is there. Raises OSError, GitFailed.
    """
    changed = _DRIVER not in _text(git.repo.common / "config")
    if changed:
        _configure(git)
    attributes = git.repo.common / "info" / "attributes"
    present = _text(attributes)
    missing = [line for line in _lines(git) if line not in present.splitlines()]
    if missing:
        attributes.parent.mkdir(exist_ok=True)
        gap = "\n" if present and not present.endswith("\n") else ""
        added = present + gap + "".join(f"{line}\n" for line in missing)
        attributes.write_text(added, "utf-8", "surrogateescape")
    return changed or bool(missing)


def arrive(git: Git, private: Path) -> None:
    """The first command in a clone installs the driver, and leaves the note by which later ones
    know.
    """
    with suppress(OSError, PlaincrmError):  # a clone that can't be written to has no use for it
        install(git)
        (make_private(private) / _NOTE).write_text("installed\n", "ascii")


def state(git: Git) -> str:
    """What is wrong with the driver of this clone, in words; empty if nothing is."""
    config = _text(git.repo.common / "config")
    if _DRIVER not in config:
        other = git.run_or_none("config", "--local", "--get", f"merge.{NAME}.driver")
        return (
            "the merge driver of this clone is not this plaincrm's"
            if other
            else "no merge driver in this clone"
        )
    present = _text(git.repo.common / "info" / "attributes").splitlines()
    return (
        ""
        if all(line in present for line in _lines(git))
        else "no attribute names the merge driver"
    )


def _configure(git: Git) -> None:
    """Adds the driver to the repo's config, under git's own lock for it."""
    config = git.repo.common / "config"
    if f'[merge "{NAME}"]' in _text(config):
        git.run("config", "--local", f"merge.{NAME}.driver", COMMAND)
        return
    lock = config.with_name("config.lock")
    handle = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with open(handle, "wb") as stream:
        stream.write(config.read_bytes().rstrip(b"\n") + b"\n" + _SECTION.encode())
    lock.replace(config)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "surrogateescape")
    except FileNotFoundError:
        return ""


def _lines(git: Git) -> list[str]:
    """The attributes as this repo needs them; a book below the root has its folder before each
    pattern.
    """
    if not git.prefix:
        return list(ATTRIBUTES)
    folder = re.sub(r'([\\"])', r"\\\1", git.prefix)
    rows = [line.rsplit(" ", 1) for line in ATTRIBUTES]
    return [f'"{folder}{"" if "/" in name else "**/"}{name}" {value}' for name, value in rows]


def _in_book(path: str) -> str:
    """The path within the book: git gives it from the repo's root."""
    from plaincrm.core.schema import builtin

    names = (*builtin.schema().folders.values(), *_OTHER_FOLDERS)
    found = re.fullmatch(rf"(?:.*/)?((?:{'|'.join(map(re.escape, names))})/.*)", path)
    return found[1] if found else path

"""Files in the work tree that no commit may ever take, such as what an import refused: noted in
`.git/info/exclude`, which is this machine's own and needs no change of the book.
"""

from __future__ import annotations

import re
from pathlib import Path

from plaincrm.book import atomic
from plaincrm.book.private_folder import find_repo

_SPECIAL = re.compile(r"([\\*?\[\]])")


def keep_out(root: Path, files: list[Path]) -> None:
    """See that git ignores these files, as far as they lie in the repo of the book at `root`.
    Raises PlaincrmError where the disk refuses."""
    repo = find_repo(root)
    if repo is None:
        return
    places = [file.absolute().parent.resolve() / file.name for file in files]
    inside = [
        each.relative_to(repo.work_tree) for each in places if each.is_relative_to(repo.work_tree)
    ]
    note = repo.common / "info" / "exclude"
    there = note.read_text("utf-8", "surrogateescape") if note.is_file() else ""
    rules = [rule for each in inside if (rule := _rule(each)) not in there.splitlines()]
    if not rules:
        return
    start = "\n" if there and not there.endswith("\n") else ""
    with atomic.told("write", note):
        note.parent.mkdir(exist_ok=True)
        with note.open("a", encoding="utf-8", errors="surrogateescape") as out:
            out.write(start + "".join(f"{rule}\n" for rule in rules))


def _rule(path: Path) -> str:
    """The pattern that fits this path alone; a line break, which no pattern holds, fits any
    letter."""
    text = _SPECIAL.sub(r"\\\1", path.as_posix()).replace("\n", "?").replace("\r", "?")
    bare = text.rstrip(" ")
    return f"/{bare}" + "\\ " * (len(text) - len(bare))

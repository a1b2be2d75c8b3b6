"""Whether git's ignore rules can hide a record at all.

Asking git means walking every folder once more, so it is asked only when a rule might fit something
that the scan found. Nearly all rules (`outbox/`, `*.tmp`, `.DS_Store`) can't fit a Markdown file
below `contacts/`.
"""

from __future__ import annotations

import os
import re
from array import array
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.book.git.settings import global_files, rules_in, user_folder
from plaincrm.book.index.scan import Ignored, Listing, Scan
from plaincrm.book.private_folder import Repo
from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.book.git.client import Git

# Folders whose files are for this machine alone: what came in, and what waits to be sent.
UNTRACKED = ("inbox", "outbox")


def by_git(root: Path, repo: Repo, folders: Iterable[str]) -> Ignored:
    """What `folder.scan` asks: the ignored paths below `folders`. Starts git at most once, mostly
    never.
    """
    tops = list(folders)

    def ignored(found: Scan) -> frozenset[str]:
        if not could_match(root, repo, found):
            return frozenset()
        from plaincrm.book.git.client import Git

        if not Git.available():
            return frozenset()
        return Git(root, repo).ignored([top or "." for top in tops if (root / top).is_dir()])

    return ignored


def could_match(root: Path, repo: Repo, found: Scan) -> bool:
    """Whether some ignore rule might fit a found record or a folder above one; never a false no."""
    if found.ignore_files or any(
        re.search("excludesfile", _text(path), re.I) for path in _configs(repo)
    ):
        return True
    rules = (line.rstrip() for path in _rule_files(root, repo) for line in _text(path).splitlines())
    last_parts = {
        rule.rstrip("/").rpartition("/")[2] for rule in rules if rule and rule[0] not in "#!"
    }
    above = root.relative_to(repo.work_tree).parts
    folders = {*above, *(part for folder in found.folders for part in folder.split("/"))}
    if any(_fits(part, folders) for part in last_parts):
        return True
    suspects = [part for part in last_parts if _may_end_in_md(part)]
    names = (
        {name for listing in found.folders.values() for name in listing.names}
        if suspects
        else set()
    )
    return any(_fits(part, names) for part in suspects)


def refuse_hidden(git: Git, new: Sequence[str]) -> None:
    """Raises Refused where git's ignore rules hide one of these new files.

    It would be in no commit, so on no other machine.
    """
    new = [path for path in new if path.partition("/")[0] not in UNTRACKED]
    if not new or not _could_hide(git, new):
        return
    words = ["--no-literal-pathspecs", "check-ignore", "-v", "-z", "--stdin"]
    listed = "\0".join(new).encode("utf-8", "surrogateescape")
    said = git.call(*words, input=listed).out.decode("utf-8", "surrogateescape").split("\0")
    for source, line, rule, path in zip(
        said[::4], said[1::4], said[2::4], said[3::4], strict=False
    ):
        if not rule.startswith("!"):
            raise Refused(
                f"git ignores {path}, by the rule {rule!r} in {source}:{line}",
                "change the rule, or choose another name",
            )


def _could_hide(git: Git, paths: Iterable[str]) -> bool:
    """As `could_match`, for paths that are not there yet."""
    from plaincrm.book.durable import above  # for whoever writes

    found = Scan()
    for path in paths:
        folder, _, name = path.rpartition("/")
        found.folders.setdefault(folder, Listing("", [], array("q"))).names.append(name)
    folders = {step for folder in found.folders for step in (folder, *above(folder)) if step}
    found.ignore_files = [
        f"{folder}/.gitignore"
        for folder in folders
        if os.path.lexists(git.root / folder / ".gitignore")
    ]
    return could_match(git.root, git.repo, found)


def _may_end_in_md(pattern: str) -> bool:
    """Whether a pattern can fit the name of any record, which begins with no dot: what follows its
    last wildcard decides.
    """
    if pattern.startswith("."):
        return False
    tail = re.split(r"[*?\]\\]", pattern)[-1]
    return tail.endswith(".md") or ".md".endswith(tail)


def _fits(pattern: str, names: set[str]) -> bool:
    if not set(pattern) & set("*?[\\"):
        return pattern in names
    if pattern.startswith("*.") and not set(pattern[1:]) & set("*?[\\"):
        return any(name.endswith(pattern[1:]) for name in names)
    return "\\" in pattern or any(fnmatchcase(name, pattern) for name in names)


def _rule_files(root: Path, repo: Repo) -> list[Path]:
    above = [root, *root.parents]
    inside = above[: above.index(repo.work_tree) + 1]
    elsewhere = [repo.common / "info" / "exclude", user_folder() / "ignore"]
    return [folder / ".gitignore" for folder in inside] + elsewhere


def _configs(repo: Repo) -> list[Path]:
    of_repo = [repo.common / "config", repo.folder / "config.worktree"]
    return [Path("/etc/gitconfig"), *global_files(), *of_repo]


def _text(path: Path) -> str:
    return rules_in(path).decode("utf-8", "surrogateescape")

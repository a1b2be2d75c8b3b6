"""Whether git's ignore rules can hide a record at all.

Asking git means walking every folder once more, so it is asked only when a rule might fit something
that the scan found. Nearly all rules (`outbox/`, `*.tmp`, `.DS_Store`) can't fit a Markdown file
below `contacts/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from plaincrm.book.git.settings import global_files, user_folder
from plaincrm.book.index.scan import Ignored, Scan
from plaincrm.book.private_folder import Repo


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
        return Git(root, repo).ignored([top for top in tops if (root / top).is_dir()])

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
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""

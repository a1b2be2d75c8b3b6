"""Files that git keeps in another form than the disk: encrypted (git-crypt), or elsewhere (LFS).

The program that does it is named in git's configuration. Where it is missing, or only the repo's
own configuration names it, which plaincrm doesn't run, git would take the file as it is: the plain
text would be committed. So that is refused, before anything is written.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterable
from typing import TYPE_CHECKING

from plaincrm.book import inside
from plaincrm.book.git.settings import rules_in, user_folder
from plaincrm.errors import GitFailed

if TYPE_CHECKING:
    from plaincrm.book.git.client import Git

_ATTRIBUTES = ".gitattributes"


def refuse_missing(git: Git, paths: Iterable[str]) -> None:
    """Raises GitFailed where one of the files needs a filter that would not run."""
    wanted = list(paths)
    if not wanted or not _any_filter(git):
        return
    for path, name in filters(git, wanted):
        reason = _reason(git, name)
        if reason:
            raise GitFailed(
                f"{path} passes through the filter {name!r} of git's, {reason}; it would be"
                " committed as it is",
                f"set it up in your own configuration: git config --global filter.{name}.clean …",
            )


def filters(git: Git, paths: Iterable[str]) -> list[tuple[str, str]]:
    """(path, name of the filter) of those that have one."""
    listed = "\0".join(paths).encode("utf-8", "surrogateescape")
    out = git.run("check-attr", "-z", "--stdin", "filter", input=listed)
    words = out.decode("utf-8", "surrogateescape").split("\0")
    found = zip(words[::3], words[2::3], strict=False)
    return [(path, name) for path, name in found if name not in ("unspecified", "unset")]


def _any_filter(git: Git) -> bool:
    """Whether any rule names a filter: a look at the few files that can. Those of sub-folders are
    taken for granted to be like that of the root, as plaincrm makes none there.
    """
    above = [git.root, *git.root.parents]
    upwards = above[: above.index(git.repo.work_tree) + 1]
    kinds = [
        git.root / entry.name / _ATTRIBUTES
        for entry in inside.listed(git.root, "")
        if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
    ]
    places = [
        *(folder / _ATTRIBUTES for folder in upwards),
        *kinds,
        git.repo.common / "info" / "attributes",
        user_folder() / "attributes",
    ]
    return any(b"filter" in rules_in(place) for place in places)


def _reason(git: Git, name: str) -> str:
    """Why a filter would not run; empty where it would."""
    named = git.users_own(rf"filter\.{re.escape(name)}\.(clean|process)")
    if not named:
        return "which your own git configuration doesn't name"
    command = next(iter(named.values()))
    if not command:
        return ""
    program = shlex.split(command)[0]
    return "" if shutil.which(program) else f"whose program {program!r} is not installed"

"""A book that lies elsewhere, brought to this machine."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from plaincrm.book import atomic
from plaincrm.book.config import SETTINGS, here
from plaincrm.book.git import merge_driver
from plaincrm.book.git.client import Git
from plaincrm.errors import GitFailed, PlaincrmError, Refused

_ODD = re.compile(r"-|[A-Za-z][A-Za-z0-9+.]*::")
_LONGEST = 1000  # a name of a file may have 255 bytes, and git refuses longer addresses, too


def clone(url: str, root: Path | None = None) -> Path:
    """Clone the book at `url` into `root`, a new folder (named as the repo, if None); its merge
    driver is installed.

    Raises Refused for an address that would run a program, PlaincrmError where the folder is taken
    or no book comes, GitFailed; then no folder is left behind.
    """
    if _ODD.match(url):
        raise Refused(
            f"{url!r} is no address of a repo", "git@host:me/book.git, https://…, or a folder"
        )
    if len(url) > _LONGEST or "\0" in url:
        raise Refused(f"an address of {len(url)} characters is none of a repo")
    local = Path(url).expanduser()
    url = str(local.resolve()) if local.exists() else url
    root = here() / (root if root is not None else _name(url))
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise PlaincrmError(
            f"{root} is there already", "name another folder: plaincrm clone URL DIR"
        )
    fresh = not root.exists()
    atomic.make_folder(root.parent)
    git = Git.clone(url, root)
    if git.head() is None:
        _take_only_branch(git)
    if not (root / SETTINGS).is_file():
        _remove(root, fresh)
        raise PlaincrmError(
            f"{url} holds no book: there is no {SETTINGS} in it",
            "git clone, then plaincrm init there",
        )
    merge_driver.install(git)
    return root


def _take_only_branch(git: Git) -> None:
    """Check out the one branch there is, where the hub's HEAD names another: `git init --bare` says
    master, and the first sync pushed main."""
    refs = (
        git.run("for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes/origin")
        .decode()
        .split()
    )
    if len(refs) == 1:
        git.run("checkout", "-q", "-B", refs[0], "--track", f"origin/{refs[0]}")


def _name(url: str) -> str:
    name = re.split(r"[/:]", url.rstrip("/"))[-1].removesuffix(".git")
    if not name or name.startswith("."):
        raise GitFailed(f"{url!r} has no name for a folder", "plaincrm clone URL DIR")
    return name


def _remove(root: Path, fresh: bool) -> None:
    """Takes away what was cloned just now; a folder that was there, and empty, is empty again."""
    shutil.rmtree(root)
    if not fresh:
        root.mkdir()

"""The other end of a sync: which remote, fetching from it, pushing to it; every refusal in clear
words.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from plaincrm.book.git.client import Git
from plaincrm.book.git.refusals import explained
from plaincrm.book.git.trees import REF
from plaincrm.errors import Conflict, PlaincrmError

_RACE = re.compile(
    r"non-fast-forward|fetch first|\[rejected\]|cannot lock ref|failed to update ref"
)
_FETCH = (
    "fetch",
    "--no-progress",
    "--no-tags",
    "--no-write-fetch-head",
    "--refmap=",
    "--no-auto-gc",
)


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a branch syncs with: the remote's name, the branch there, and ours, as
    `refs/heads/…`.
    """

    name: str
    theirs: str
    branch: str
    is_new: bool = False

    @property
    def own_words(self) -> str:
        """Where a branch goes that the other end had not, as the end of a sentence."""
        short = self.theirs.removeprefix("refs/heads/")
        return f" for the first time, to {self.name}/{short}"

    @property
    def tracking(self) -> str:
        """Where the last known state of the other end is kept."""
        return f"refs/remotes/{self.name}/{self.theirs.removeprefix('refs/heads/')}"


def remote_of(git: Git) -> Remote:
    """The remote of the present branch. Raises Conflict for a detached HEAD, PlaincrmError where
    there is none.
    """
    branch = git.run_or_none("symbolic-ref", "-q", "HEAD")
    if branch is None:
        raise Conflict("HEAD is detached: no branch is checked out", "git switch main")
    answer = git.call("config", "-z", "--get-regexp", r"^(remote|branch)\..*\.(url|remote|merge)$")
    rows = [
        row.partition("\n") for row in answer.out.decode("utf-8", "surrogateescape").split("\0")
    ]
    config = {key: value for key, _, value in rows}
    names = [
        key[len("remote.") : -len(".url")]
        for key in config
        if key.startswith("remote.") and key.endswith(".url")
    ]
    short = branch.removeprefix("refs/heads/")
    name, theirs = config.get(f"branch.{short}.remote"), config.get(f"branch.{short}.merge")
    if name in names and name is not None and theirs:
        if _is_another_branchs(git, branch, theirs):
            return Remote(name, branch, branch, is_new=True)
        return Remote(name, theirs, branch)
    if not names:
        raise PlaincrmError("this book has no other end to sync with", "plaincrm sync --to URL")
    chosen = "origin" if "origin" in names else names[0]
    if len(names) > 1 and chosen != "origin":
        raise PlaincrmError(f"which of {', '.join(names)} to sync with?", "git push -u NAME, once")
    main = None if _is_beside_main(git, chosen) else _main_branch(git, chosen)
    return Remote(chosen, main or branch, branch, is_new=True)


def _is_another_branchs(git: Git, branch: str, theirs: str) -> bool:
    """Whether a branch begun from the other end's main was given that as its upstream by git: its
    commits are for a branch of its own there, as long as main is here too.
    """
    return theirs != branch and git.call("rev-parse", "-q", "--verify", theirs).code == 0


def _is_beside_main(git: Git, name: str) -> bool:
    """Whether another branch here has been synced with this remote: then this one goes by its own
    name there.
    """
    refs = git.run("for-each-ref", "--format=%(refname)", "refs/heads/", f"refs/remotes/{name}/")
    found = refs.decode("utf-8", "surrogateescape").split()
    ours = [each for each in found if each.startswith("refs/heads/")]
    return len(ours) > 1 and len(found) > len(ours)


def _main_branch(git: Git, name: str) -> str | None:
    """The branch that the other end shows, whatever it is called there; None where it is empty, or
    silent.
    """
    answer = git.call("ls-remote", "--symref", name, "HEAD")
    found = re.match(r"ref: (refs/heads/\S+)\tHEAD", answer.out.decode("utf-8", "replace"))
    return found[1] if found and "\n" in answer.out.decode("utf-8", "replace").strip() else None


def set_remote(git: Git, url: str) -> bool:
    """Makes `url` the remote `origin`; False if it was that. Raises PlaincrmError where another one
    is already.
    """
    if url.startswith("-"):
        raise PlaincrmError(f"{url!r} is no address of a repo")
    present = git.run_or_none("config", "--get", "remote.origin.url")
    if present is None:
        git.run("remote", "add", "origin", url)
        return True
    if present != url:
        raise PlaincrmError(f"origin is {present} already", f"git remote set-url origin {url}")
    return False


def unset_remote(git: Git) -> None:
    """Takes `origin` back. Not by `git remote remove`: it runs the hooks of a repo whatever
    core.hooksPath says.
    """
    git.run("config", "--local", "--remove-section", "remote.origin")
    for ref in (
        git.run("for-each-ref", "--format=%(refname)", "refs/remotes/origin").decode().splitlines()
    ):
        git.run("update-ref", "--no-deref", "-d", ref)


def fetch(git: Git, remote: Remote) -> str | None:
    """The commit that the other end is at; None if it has no such branch yet.

    Raises Conflict if it was rewound, GitFailed if it can't be reached.
    """
    for _ in range(20):
        answer = git.call(*_FETCH, remote.name, f"{remote.theirs}:{remote.tracking}")
        if not answer.code or "cannot lock ref" not in answer.err:
            break
        time.sleep(0.1)  # another fetch is at work, perhaps that of a sync that was killed
    if not answer.code:
        return git.run_or_none("rev-parse", "-q", "--verify", remote.tracking)
    if "couldn't find remote ref" in answer.err:
        if not remote.is_new:
            _refuse_renamed(git, remote)
        return None
    if "non-fast-forward" in answer.err or "rejected" in answer.err:
        raise _moved_on(git, remote)
    raise explained("fetch", remote.name, answer)


def _refuse_renamed(git: Git, remote: Remote) -> None:
    """Raises Conflict where the branch we synced with is gone, and another is the main one now."""
    now = _main_branch(git, remote.name)
    if now is None or now == remote.theirs:
        return
    old, new = (each.removeprefix("refs/heads/") for each in (remote.theirs, now))
    ours = remote.branch.removeprefix("refs/heads/")
    raise Conflict(
        f"{remote.name} has no branch {old} any more; its main branch is {new} now",
        f"git fetch {remote.name}, then git branch -m {ours} {new}"
        f" and git branch -u {remote.name}/{new}",
    )


def another_book(name: str) -> Conflict:
    """The two have never met."""
    return Conflict(
        f"{name} holds another book: the two have no history in common; nothing was changed",
        "plaincrm clone URL brings that one here, into a folder of its own",
    )


def no_book(name: str) -> Conflict:
    """The other end is a repo, with files of somebody, and no book."""
    return Conflict(
        f"{name} holds other files, but no book; nothing was changed",
        "sync with an empty repo: plaincrm sync --to URL",
    )


def _moved_on(git: Git, remote: Remote) -> Conflict:
    """Why the other end does not go on from where it was: it is another book now, or its history
    was cut back.
    """
    git.call(*_FETCH, remote.name, f"+{remote.theirs}:{REF}")
    apart = git.call("merge-base", REF, remote.tracking).code == 1
    git.call("update-ref", "-d", REF)
    if apart:
        return another_book(remote.name)
    return Conflict(
        f"{remote.name} was rewound: what it had is no longer part of its history; nothing was"
        " changed",
        f"if that was meant: git fetch {remote.name}, then merge"
        f" {remote.tracking.removeprefix('refs/remotes/')}",
    )


def push(git: Git, remote: Remote, commit: str) -> bool:
    """Sends the commit. False if somebody else pushed in between. Raises GitFailed."""
    answer = git.call("push", "-q", "--porcelain", remote.name, f"{commit}:{remote.theirs}")
    said = answer.err + answer.out.decode("utf-8", "replace")
    if answer.code and _RACE.search(said):
        return False
    if answer.code:
        raise explained("push", remote.name, answer)
    return True


def remember(git: Git, remote: Remote) -> None:
    """Makes the remote the upstream of the branch, once they have met."""
    if remote.is_new:
        short = remote.branch.removeprefix("refs/heads/")
        git.run("config", "--local", f"branch.{short}.remote", remote.name)
        git.run("config", "--local", f"branch.{short}.merge", remote.theirs)

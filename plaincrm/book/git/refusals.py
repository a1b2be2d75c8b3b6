"""Why the other end could not be reached, or took nothing: in its own words, with what to do.

git's last line is the same for most causes ("Could not read from remote repository"). What ssh, a
hook or the hosting site said stands above it.
"""

from __future__ import annotations

import re

from plaincrm.book.git.answers import GitAnswer, failure
from plaincrm.core.value_class import value
from plaincrm.errors import GitFailed

LATER = "all your work is here and committed; sync later"
_ADDRESS = "see the address: git remote -v"
_AWAY = f"{_ADDRESS}; if it is on a disk that is not here, {LATER}"


@value
class RefusalCause:
    """Why git refused: how it is known, the sentence for it, what to do."""

    said: str
    sentence: str
    hint: str


# The first that fits.
CAUSES = (
    RefusalCause(
        r"host key verification failed|host identification has changed",
        "is at a host whose key ssh doesn't know",
        "compare the key with the one that the host publishes, then ssh to it once",
    ),
    RefusalCause(
        r"not appear to be a git repo|does not exist",
        "has no repo at that address",
        _AWAY,
    ),
    RefusalCause(
        r"repository (.* )?not found",
        "has no repo at that address, or does not show it to you",
        _ADDRESS,
    ),
    RefusalCause(
        r"branch is currently checked out",
        "refused the push",
        "the other end is a folder that somebody works in; sync with a bare repo (git init --bare)",
    ),
    RefusalCause(
        r"(pre-receive|update) hook|protected branch|remote rejected|GH\d{3}",
        "refused the push",
        "all is committed here; ask whoever keeps that repo",
    ),
    RefusalCause(
        r"authentication failed|permission denied|terminal prompts disabled|\b40[13]\b",
        "does not let you in",
        "check your key or password with `git fetch`",
    ),
    RefusalCause(
        r"could not resolve host",
        "can't be reached",
        f"if you are offline, {LATER}; else {_ADDRESS}",
    ),
    RefusalCause(
        r"unable to access|could not read from remote|connection (refused|timed out|reset)"
        r"|network is unreachable|no such device|timed out|hung up",
        "can't be reached",
        LATER,
    ),
)
_REJECTED = re.compile(r"\[(?:remote )?rejected\][^(]*(\(.+\))")
_EMPTY_WORDS = re.compile(r"could not read from remote|the remote end hung up", re.IGNORECASE)
# Lines that say only that something went wrong, or what git was about to do.
_NOISE = re.compile(
    r"fatal: |error: failed to push|hint:|To |!|Done$|Please make sure|and the repository exists"
    r"|[=* +-]\t|-+$|error: remote unpack|Cloning into|Warning: Permanently added"
)


def explained(what: str, name: str, answer: GitAnswer) -> GitFailed:
    """The error for `git WHAT` with the other end `name`, whose answer tells why it failed."""
    said = answer.err + answer.out.decode("utf-8", "replace")
    plain = failure(what, answer)
    reason = reason_in(said) or plain.message
    for cause in CAUSES:
        if re.search(cause.said, said, re.IGNORECASE):
            return GitFailed(f"{name} {cause.sentence}: {reason}", cause.hint)
    return GitFailed(f"{name}: {reason}", plain.hint)


def reason_in(said: str) -> str:
    """The lines that tell why, of all that git, ssh and the other end wrote; empty for none."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    theirs = [line.removeprefix("remote:").strip() for line in lines if line[:7] == "remote:"]
    told = [line for line in theirs if line and not _NOISE.match(line)]
    told = told or [line for line in lines if not _NOISE.match(line) and line[:7] != "remote:"]
    fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
    told = told or [line for line in fatal if not _EMPTY_WORDS.search(line)][:1]
    rejected = [found[1] for line in lines if (found := _REJECTED.search(line))]
    if "(branch is currently checked out)" in rejected:
        return "its branch is currently checked out"  # git's own words are twelve lines of advice
    return "; ".join(dict.fromkeys([*told[-2:], *rejected[:1]]))

"""One run of git, on a machine that may have no room for it at the moment.

Where the system can start no process right now, or kills one for want of memory, that says nothing
about the book. So a start is tried again for some seconds, and what only reads is run once more. A
git that was killed is never taken for one that said no.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from plaincrm.book.git.answers import GitAnswer
from plaincrm.errors import GitFailed

_NO_ROOM = (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE)
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)  # seconds; a crowd of processes is gone by then
_READING = (
    *("cat-file", "diff", "diff-tree", "for-each-ref", "log", "ls-files", "ls-tree"),
    *("merge-base", "rev-list", "rev-parse", "show", "status"),
)
_KILLED = 128  # a shell gives this and the signal for a program that was killed


def run_program(
    words: Sequence[str], folder: Path, environ: Mapping[str, str], input: bytes | None
) -> GitAnswer:
    """What git answered. Raises GitFailed where it can't be started."""
    answer = _run(words, folder, environ, input)
    if _was_killed(answer) and _reads(words):
        answer = _run(words, folder, environ, input)
    return answer


def _run(
    words: Sequence[str], folder: Path, environ: Mapping[str, str], input: bytes | None
) -> GitAnswer:
    reason = ""
    for pause in (*_PAUSES, 0):
        try:
            return _once(words, folder, environ, input)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            reason = (error.strerror or "").lower()
            time.sleep(pause)
    raise GitFailed(f"git can't be started: {reason}", "see what else runs here, then try again")


def _once(
    words: Sequence[str], folder: Path, environ: Mapping[str, str], input: bytes | None
) -> GitAnswer:
    import subprocess  # here, since many commands never start git

    done = subprocess.run(
        words,
        cwd=folder,
        env=environ,
        input=b"" if input is None else input,
        capture_output=True,
        check=False,
    )
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode >= 0:
        return GitAnswer(done.returncode, done.stdout, said)
    killed = f"{said}\nfatal: git was killed (signal {-done.returncode})"
    return GitAnswer(_KILLED - done.returncode, done.stdout, killed)


def _was_killed(answer: GitAnswer) -> bool:
    return answer.code > _KILLED and "fatal: git was killed" in answer.err


def _reads(words: Sequence[str]) -> bool:
    """Whether git's command, the first word after its options, writes nothing."""
    rest = iter(words[1:])
    for word in rest:
        if word == "-c":
            next(rest, None)
        elif not word.startswith("-"):
            return word in _READING
    return False

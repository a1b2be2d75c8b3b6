"""What `git log` tells: commits, the files that they changed, and which operation of plaincrm made
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

# With -z, git ends the head of each commit by a NUL; the fields use it too, and no message can hold
# one.
FORMAT = "--format=%H%x00%P%x00%an%x00%ae%x00%aI%x00%B"
_FIELDS = 6
_TRAILER = "Plaincrm-Op"


@dataclass(frozen=True, slots=True)
class TouchedFile:
    """A file in a commit: `state` A, M, D, R, T; blob ids, None if absent; `was`, its path
    before.
    """

    path: str
    state: str
    old: str | None
    new: str | None
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit; `at` is the author's time with its zone. A merge lists no files, nor does one at
    which a shallow clone's history is `cut`.
    """

    id: str
    parents: tuple[str, ...]
    author: str
    email: str
    at: datetime
    message: str
    files: tuple[TouchedFile, ...]
    cut: bool = False

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]

    @property
    def operation(self) -> str | None:
        """The command of plaincrm that made the commit, such as `set`; None for the user's own."""
        found = re.findall(rf"^{_TRAILER}: *(.*)$", self.message, re.M)
        return found[-1].strip() if found else None


def signed(message: str, operation: str) -> str:
    """The message with the trailer that tells an operation of plaincrm."""
    return f"{message.rstrip()}\n\n{_TRAILER}: {operation}\n"


def parse_log(out: bytes) -> list[Commit]:
    """Reads `git log -z --raw --no-abbrev FORMAT`."""
    words = out.decode("utf-8", "surrogateescape").split("\0")
    commits: list[Commit] = []
    place = 0
    while place + _FIELDS < len(words):
        head = words[place : place + _FIELDS]
        place += _FIELDS
        files: list[TouchedFile] = []
        while words[place].lstrip("\n").startswith(":"):
            touched, used = _touched(words, place)
            files.append(touched)
            place += used
        commits.append(_commit(head, files))
    return commits


def _commit(head: list[str], files: list[TouchedFile]) -> Commit:
    id, parents, author, email, at, message = head
    when = datetime.fromisoformat(at)
    return Commit(id, tuple(parents.split()), author, email, when, message, tuple(files))


def _touched(words: list[str], place: int) -> tuple[TouchedFile, int]:
    """One raw entry, `:100644 100644 OLD NEW M` and its one or two paths; and how many words it
    took.
    """
    _, _, old, new, state = words[place].split()
    renamed = state[0] in "RC"
    paths = words[place + 1 : place + (3 if renamed else 2)]
    return TouchedFile(
        paths[-1], state[0], _blob(old), _blob(new), paths[0] if renamed else None
    ), 1 + len(paths)


def _blob(id: str) -> str | None:
    return None if not id.strip("0") else id


def operations(commits: list[Commit]) -> Iterator[Commit]:
    """Those commits that plaincrm made."""
    return (commit for commit in commits if commit.operation is not None)

"""The folder `outbox/`: rendered e-mails that wait for the user, as plain .eml files nobody else
may read.

Names are for people; who gets a mail stands in its headers. What was sent moves to `outbox/sent/`,
so the words are kept; only files of the outbox itself are ever moved or deleted. Call under the
book's lock.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from plaincrm.book import atomic, inside
from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value
from plaincrm.errors import Ambiguous, Conflict, NotFound

FOLDER = "outbox"
SENT = f"{FOLDER}/sent"
_UNSAFE = pattern(r"[^a-z0-9]+")
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32


@value
class Waiting:
    """An e-mail in the outbox: file name, path, and the short code that commands take."""

    name: str
    path: Path
    handle: str

    def read(self) -> bytes:
        """The mail's bytes. Raises PlaincrmError where the disk refuses."""
        return atomic.read(self.path)


class Outbox:
    """The outbox of the book at `root`. A missing folder is an empty outbox."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / FOLDER

    def list(self) -> tuple[Waiting, ...]:
        """What waits, by file name."""
        return self._listed(FOLDER)

    def sent(self) -> tuple[Waiting, ...]:
        """What was sent from here, by file name."""
        return self._listed(SENT)

    def find(self, word: str) -> Waiting:
        """The waiting mail of this handle, file name or path. Raises NotFound, Ambiguous."""
        inside.refuse_folder(self.root, FOLDER)
        name = word.removeprefix(f"{FOLDER}/")
        waiting = self.list()
        exact = [one for one in waiting if name in (one.name, one.path.stem, str(one.path))]
        found = exact or [one for one in waiting if one.handle == word.casefold()]
        if len(found) > 1:
            names = [one.name for one in found]
            raise Ambiguous(f'"{word}" fits {len(found)} mails', names, "give the file name")
        if not found:
            raise NotFound(
                f'no mail "{word}" waits in {FOLDER}/', "see what does: plaincrm outbox list"
            )
        return found[0]

    def write(self, name: str, data: bytes) -> Path:
        """Add a mail under a name like `name` that is free; the file is the owner's only.
        Durable.
        """
        return _add(self.root, FOLDER, name, data)

    def drop(self, waiting: Waiting) -> None:
        """Delete a waiting mail. Raises Conflict if the file is gone."""
        atomic.remove(self._own(waiting), waiting.read())

    def mark_sent(self, waiting: Waiting) -> Path:
        """Move a mail to `outbox/sent/`, its new path. Killed half-way it stands in both."""
        data = waiting.read()
        kept = _add(self.root, SENT, waiting.name, data)
        atomic.remove(self._own(waiting), data)
        return kept

    def _own(self, waiting: Waiting) -> Path:
        if waiting.path != self.folder / waiting.name or "/" in waiting.name:
            raise Conflict(f"{waiting.path} is no file of {FOLDER}/")
        return inside.place(self.root, f"{FOLDER}/{waiting.name}")

    def _listed(self, folder: str) -> tuple[Waiting, ...]:
        names = [entry.name for entry in inside.listed(self.root, folder) if _is_mail(entry)]
        pairs = zip(names, handles(names), strict=True)
        return tuple(Waiting(name, self.root / folder / name, handle) for name, handle in pairs)


def file_name(day: str, contact: str, template: str) -> str:
    """`2026-11-22-ada-lovelace-follow-up.eml`; anything but a-z and 0-9 becomes a dash."""
    parts = (_UNSAFE.sub("-", part.casefold()).strip("-")[:60] for part in (day, contact, template))
    return "-".join(filter(None, parts)) + ".eml"


def handles(names: Iterable[str]) -> list[str]:
    """Short codes, four letters or as many as tell the names apart; made of the name alone."""
    codes = [_code(name) for name in names]
    taken = Counter(code[:length] for code in codes for length in range(4, 13))
    return [next((code[:n] for n in range(4, 13) if taken[code[:n]] == 1), code) for code in codes]


def _code(name: str) -> str:
    import hashlib

    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest()
    return "".join(_LETTERS[byte % 32] for byte in digest)


def _is_mail(entry: os.DirEntry[str]) -> bool:
    named = entry.name.endswith(".eml") and not entry.name.startswith(".")
    return named and stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode)


def _add(root: Path, where: str, name: str, data: bytes) -> Path:
    inside.refuse_folder(root, where)
    folder = root / where
    stem = _UNSAFE.sub("-", name.removesuffix(".eml").casefold()).strip("-")[:180] or "mail"
    atomic.sweep(folder)
    for number in count(1):
        path = folder / (f"{stem}.eml" if number == 1 else f"{stem}-{number}.eml")
        if path.exists() or path.is_symlink():
            continue
        staged = atomic.stage(path, b"")
        try:
            # The words go in only after the file is its owner's alone.
            staged.chmod(0o600)
            _fill(staged, data)
            atomic.swap_in(staged, path, None)
        except BaseException:
            atomic.discard(staged)
            raise
        atomic.sync_folder(folder)
        return path
    raise AssertionError("count() has no end")


def _fill(staged: Path, data: bytes) -> None:
    with atomic.told("write", staged), open(staged, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())

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
from collections.abc import Iterable, Iterator, Sequence
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
class WaitingMail:
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
        self._swept: set[str] = set()

    def list(self) -> tuple[WaitingMail, ...]:
        """What waits, by file name."""
        return self._listed(FOLDER)

    def sent(self) -> tuple[WaitingMail, ...]:
        """What was sent from here, by file name."""
        return self._listed(SENT)

    def find(self, word: str) -> WaitingMail:
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
        return self._add(FOLDER, name, data)

    def write_all(self, mails: Sequence[tuple[str, bytes]]) -> tuple[Path, ...]:
        """Add many mails, as `write` does. A crowd of them is brought to the disk in one go: first
        all contents, then all names.
        """
        from plaincrm.book import durable as disk  # for whoever writes

        if len(mails) < disk.CROWD or not disk.can_sync_all():
            return tuple(self.write(name, data) for name, data in mails)
        atomic.make_folder(self.folder)
        self._sweep(FOLDER)
        taken = {entry.name for entry in os.scandir(self.folder)}
        staged: list[tuple[Path, Path]] = []
        try:
            for name, data in mails:
                free = next(each for each in _names(name) if each not in taken)
                taken.add(free)
                path = self.folder / free
                staged.append((atomic.stage(path, data, durable=False, private=True), path))
            disk.sync_all(self.folder)
            for hidden, path in staged:
                atomic.swap_in(hidden, path, None)
        except BaseException:  # Ctrl-C too: nothing half done stays behind
            for hidden, _ in staged:
                atomic.discard(hidden)
            raise
        disk.sync_all(self.folder)
        return tuple(path for _, path in staged)

    def drop(self, waiting: WaitingMail) -> None:
        """Delete a waiting mail. Raises Conflict if the file is gone."""
        atomic.remove(self._own(waiting), waiting.read())

    def mark_sent(self, waiting: WaitingMail) -> Path:
        """Move a mail to `outbox/sent/`, its new path. Killed half-way it stands in both."""
        data = waiting.read()
        kept = self._add(SENT, waiting.name, data)
        atomic.remove(self._own(waiting), data)
        return kept

    def _add(self, where: str, name: str, data: bytes) -> Path:
        path = self._free(where, name)
        staged = atomic.stage(path, data, private=True)
        with atomic.gone_on_error(staged):
            atomic.swap_in(staged, path, None)
        atomic.sync_folder(path.parent)
        return path

    def _free(self, where: str, name: str) -> Path:
        """A path like `name` that no mail has."""
        self._sweep(where)
        folder = self.root / where
        return next(p for each in _names(name) if not os.path.lexists(p := folder / each))

    def _sweep(self, where: str) -> None:
        """Take away what a killed command left in a folder. Raises Refused where it is none."""
        if where not in self._swept:
            inside.refuse_folder(self.root, where)
            atomic.sweep(self.root / where)
            self._swept.add(where)

    def _own(self, waiting: WaitingMail) -> Path:
        if waiting.path != self.folder / waiting.name or "/" in waiting.name:
            raise Conflict(f"{waiting.path} is no file of {FOLDER}/")
        return inside.place(self.root, f"{FOLDER}/{waiting.name}")

    def _listed(self, folder: str) -> tuple[WaitingMail, ...]:
        names = [entry.name for entry in inside.listed(self.root, folder) if _is_mail(entry)]
        pairs = zip(names, handles(names), strict=True)
        return tuple(WaitingMail(name, self.root / folder / name, handle) for name, handle in pairs)


def file_name(day: str, contact: str, template: str) -> str:
    """`2026-11-22-ada-lovelace-follow-up.eml`; anything but a-z and 0-9 becomes a dash."""
    parts = (_UNSAFE.sub("-", part.casefold()).strip("-")[:60] for part in (day, contact, template))
    return "-".join(filter(None, parts)) + ".eml"


def _names(name: str) -> Iterator[str]:
    """The names that a mail may have, the best first."""
    stem = _UNSAFE.sub("-", name.removesuffix(".eml").casefold()).strip("-")[:180] or "mail"
    yield f"{stem}.eml"
    yield from (f"{stem}-{n}.eml" for n in count(2))


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

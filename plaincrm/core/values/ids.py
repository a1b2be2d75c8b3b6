"""Ids: the file names of new records.

ASCII, lower case, at most 60 characters, from any script; never a name that some file system keeps
for a device. Tickets get four random characters, since two offline machines open tickets at the
same time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32: no i, l, o, u
LONGEST = 60
CROWDED = 2000  # files of a kind in one folder; past it a commit writes megabytes of tree
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)
_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)


def slug(name: str, kind: str = "record") -> str:
    """The id that `name` gives: `Zoë Müller` → `zoe-mueller`. Where nothing is left of it, the
    kind.
    """
    text = name.translate(_GERMAN)
    if not text.isascii():
        from anyascii import anyascii

        text = anyascii(text)
    text = re.sub(r"['’`]", "", text.lower())
    text = re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:LONGEST].strip("-")
    return f"{text}-{kind}" if text in _DEVICES else text or kind


def free(wanted: str, taken: Callable[[str], bool]) -> str:
    """`wanted`, or `wanted-2`, `wanted-3` … where it is taken."""
    if not taken(wanted):
        return wanted
    n = 2
    while taken(_numbered(wanted, n)):
        n += 1
    return _numbered(wanted, n)


def _numbered(wanted: str, n: int) -> str:
    tail = f"-{n}"
    return wanted[: LONGEST - len(tail)].rstrip("-") + tail


def with_random(wanted: str, random: Callable[[int], int]) -> str:
    """`wanted` and four characters of base32; `random(n)` gives a number below n."""
    tail = "".join(ALPHABET[random(32)] for _ in range(4))
    return f"{wanted[: LONGEST - 5].rstrip('-')}-{tail}"


def path(folder: str, id: str, files: int) -> str:
    """Where a new record goes: `contacts/ada.md`; past 2,000 files of a kind,
    `contacts/7f/ada.md`.
    """
    if not folder:
        return f"{id}.md"
    if files < CROWDED:
        return f"{folder}/{id}.md"
    return f"{folder}/{hashlib.sha256(id.encode()).hexdigest()[:2]}/{id}.md"

"""Which mails wait in the outbox, by their ids alone: a draft's headers are read, not its parts."""

from __future__ import annotations

import re
from pathlib import Path

from plaincrm.book.outbox import Outbox
from plaincrm.marketing.message_ids import hash_of

_HEAD = re.compile(rb"\r?\n\r?\n")
_ID = re.compile(rb"^message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)


def waiting_ids(root: Path) -> frozenset[str]:
    """The message ids of all drafts in the outbox of the book at `root`."""
    found = (_id(waiting.read()) for waiting in Outbox(root).list())
    return frozenset(id for id in found if id)


def step_hashes(root: Path) -> frozenset[str]:
    """What tells these mails apart in ids of this program, whatever domain they are from."""
    return frozenset(filter(None, map(hash_of, waiting_ids(root))))


def _id(draft: bytes) -> str:
    head = _HEAD.split(draft, maxsplit=1)[0]
    found = _ID.search(head)
    return found[1].decode("ascii", "replace") if found else ""

"""The people of a `From:`, `To:` or `Cc:` header, as programs really write it.

`Lind, Nora <nora@x.org>` is one person, as is `Nora Lind nora@x.org` and `Nora Lind [mailto:…]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:@]+@[^\s<>()\[\]\",;:@]+")
_MARKED = re.compile(
    r"(?P<name>.*?)\s*[<\[(]+\s*(?:mailto:)?\s*(?P<address>[^\s<>()\[\]\",;:@]+@[^\s<>()\[\]\",;@]+)\s*[>\])]*"
    r"\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_COMMENT = re.compile(r"(?P<address>\S+@\S+)\s+\((?P<name>[^()]*)\)")
_PIECES = re.compile(r'("(?:[^"\\]|\\.)*"|[^",;]+|[,;])')
_LONGEST = 500  # characters of one mailbox; the patterns above take longer than a text is long
_NO_NAME = re.compile(r"(?:inc|ltd|llc|gmbh|ag|kg|co|corp|jr|sr|phd|md|esq)\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name (may be empty) and an address."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


NOBODY = Mailbox("", "")


def read(text: str) -> tuple[Mailbox, ...]:
    """The mailboxes of a decoded header, in its order; what names no address is passed over."""
    found = (_mailbox(piece) for piece in _pieces(text))
    return tuple(each for each in found if each.address)


def _pieces(text: str) -> Iterator[str]:
    """The header at its commas, but a comma within a name (before the address) parts nothing."""
    held = ""
    for piece in _PIECES.findall(text):
        if piece not in (",", ";"):
            held += piece
        elif "@" in held:
            yield held
            held = ""
        else:
            held += piece if held.strip() else ""
    yield held


def _mailbox(piece: str) -> Mailbox:
    text = piece.strip()[-_LONGEST:]
    if found := _COMMENT.fullmatch(text):
        return Mailbox(clean_name(found["name"]), found["address"].strip("<>"))
    if found := _MARKED.match(text):
        return Mailbox(clean_name(found["name"]), found["address"].rstrip(".>"))
    bare = _ADDRESS.search(text)
    if not bare:
        return NOBODY
    return Mailbox(clean_name(text[: bare.start()]), bare.group().rstrip("."))


def clean_name(text: str) -> str:
    """A display name without quotes and addresses in it; `Lind, Nora` is Nora Lind."""
    bare = re.sub(r"\\(.)", r"\1", text.strip())
    bare = re.sub(r"\s*[<(\[][^<>()\[\]]*@[^<>()\[\]]*[>)\]]?", "", bare)
    bare = " ".join(bare.split()).strip(" \"'`,;:")
    if _ADDRESS.fullmatch(bare):
        return ""
    family, comma, given = bare.partition(", ")
    one_comma = comma and "," not in given and len(given.split()) <= 3 and len(family.split()) <= 3
    if one_comma and not _NO_NAME.fullmatch(given) and not any(c.isdigit() for c in bare):
        return f"{given} {family}"
    return bare

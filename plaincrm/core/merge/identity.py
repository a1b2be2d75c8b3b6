"""Whether two files that both sides made at one path are one record or two."""

from __future__ import annotations

from hashlib import sha256

from plaincrm.core.schema import builtin
from plaincrm.core.text.fold import fold
from plaincrm.core.values.raw import Raw, items
from plaincrm.core.yaml import front_matter

_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
_TELLING = ("email", "domain", "created", "vat_id")


def same_record(ours: str, theirs: str, path: str) -> bool:
    """True if the names agree and no link, e-mail, domain or day of creation contradicts.

    Files that are no records of a shipped kind are one: there is nothing to tell them apart by.
    """
    kind = builtin.schema().of_path(path)
    if kind is None or not path.endswith(".md"):
        return True
    a, b = (front_matter.parse(text).fields for text in (ours, theirs))
    if _folded(a.get(kind.title)) != _folded(b.get(kind.title)):
        return False
    names = [name for name in _TELLING if name in kind.fields] + [field.name for field in kind.refs]
    return not any(_contradict(a.get(name), b.get(name)) for name in names)


def _contradict(a: Raw | None, b: Raw | None) -> bool:
    one, other = _folded(a), _folded(b)
    return bool(one and other) and not one & other


def _folded(raw: Raw | None) -> set[str]:
    return {fold(" ".join(item.text.split())) for item in items(raw)}


def moved_apart(ours: str, theirs: str, id: str) -> tuple[str, str, str]:
    """Two records in one place: (the one that keeps the id, the one that moves, the new id of that
    one).

    The one with the larger bytes moves, to the id and four letters made of its content.
    """
    stays, moves = sorted((ours, theirs), key=lambda text: text.encode("utf-8", "surrogateescape"))
    number = int.from_bytes(sha256(moves.encode("utf-8", "surrogateescape")).digest()[:4], "big")
    letters = "".join(_BASE32[number >> shift & 31] for shift in (15, 10, 5, 0))
    return stays, moves, f"{id}-{letters}"

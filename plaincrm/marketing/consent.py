"""May a contact be mailed, and where to? The rules stand in docs under "May be mailed".

`do_not_email` and a hard bounce bind every kind of mail; `unsubscribed`, a withdrawn consent and
the list of suppressed addresses bind bulk mail only, erasure binds all. A flag that can't be read
counts as true.

    consent: {basis: consent, source: web form, day: 2026-03-01, text: The monthly letter}

A consent may be a word (`yes`, `withdrawn`), a map of its keys, or several of them, in a list or by
their purpose. `withdrawn:` with a day takes it back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from plaincrm.core.text.pattern import pattern
from plaincrm.core.values.raw import Raw

if TYPE_CHECKING:
    from plaincrm.marketing.templates.file import Kind

_FALSE = frozenset({"false", "no", "off", "0"})
_WITHDRAWN = _FALSE | {"none", "never", "withdrawn", "revoked", "denied", "refused"}
LISTED = "address unsubscribed"  # on the book's list, whatever the contact's own fields say
KEYS = ("basis", "source", "day", "text", "withdrawn")  # of a consent that is a map
_SAID = frozenset({"source", "day", "text"})  # what is told of it; no word in there forbids mail
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"(?!-)[^\W_](?:[^\W_]|-){0,62}(?<!-)"
_ADDRESS = pattern(rf"(?P<local>{_LOCAL})@(?P<domain>{_LABEL}(?:\.{_LABEL})+)")


SUBSCRIBED_AGAIN = "subscribed again"  # in the log
_FLAG_WORDS = (
    ("unsubscribed", "unsubscribed", SUBSCRIBED_AGAIN),
    ("do_not_email", "do_not_email", "may be mailed again"),
)


def valid(address: str) -> bool:
    """Whether `address` is one plain `local@domain.tld` that every mail server takes."""
    found = _ADDRESS.fullmatch(address)
    return bool(found) and len(address) <= 254 and len(found["local"]) <= 64 if found else False


def normal(address: str) -> str:
    """The form in which addresses are compared."""
    return unicodedata.normalize("NFC", address.strip()).casefold()


def suppression_hash(address: str) -> str:
    """What the suppression and erasure lists hold instead of an address: its SHA-256 in hex."""
    import hashlib

    return hashlib.sha256(normal(address).encode("utf-8", "replace")).hexdigest()


def flag(raw: Raw | None) -> bool:
    """A suppression flag: absent, empty or plainly false is False, all else is True."""
    if raw is None:
        return False
    if isinstance(raw, str):
        word = raw.strip().casefold()
        return bool(word) and word not in _FALSE
    return bool(raw)


def address(fields: Mapping[str, Raw]) -> str | None:
    """The first valid address of `email` (one, a list, or a map of labels) that has not bounced."""
    bounced = _bounced(fields.get("bounced"))
    if bounced is None:
        return None
    usable = (
        one for one in _texts(fields.get("email")) if valid(one) and normal(one) not in bounced
    )
    return next(usable, None)


def refusal(
    fields: Mapping[str, Raw],
    kind: Kind,
    *,
    suppressed: Collection[str] = (),
    erased: Collection[str] = (),
) -> str | None:
    """Why the contact may not get mail of this `kind`, in a word or two; None when it may.

    `suppressed` (binds bulk only) and `erased` (binds all) are collections of `suppression_hash`.
    """
    if flag(fields.get("do_not_email")):
        return "do_not_email"
    hashes = (
        {suppression_hash(one) for one in _texts(fields.get("email"))}
        if suppressed or erased
        else set()
    )
    if hashes & set(erased):
        return "erased"
    if kind == "bulk" and flag(fields.get("unsubscribed")):
        return "unsubscribed"
    if kind == "bulk" and hashes & set(suppressed):
        return LISTED
    if kind == "bulk" and _withdrawn(fields.get("consent")):
        return "no consent"
    return None if address(fields) else _no_address(fields)


def wants_no_mail(fields: Mapping[str, Raw]) -> bool:
    """Whether the record itself says that its person wants no mail, or none to many."""
    flags = flag(fields.get("do_not_email")) or flag(fields.get("unsubscribed"))
    return flags or _withdrawn(fields.get("consent"))


def _no_address(fields: Mapping[str, Raw]) -> str:
    addresses = list(_texts(fields.get("email")))
    if not addresses:
        return "no address"
    return "bounced" if any(map(valid, addresses)) else f"invalid address {addresses[0]!r}"


def _bounced(raw: Raw | None) -> frozenset[str] | None:
    """The bounced addresses; None when the field names none but is set: then all have bounced."""
    named = [*(raw if isinstance(raw, dict) else ()), *_texts(raw)]
    found = frozenset(normal(one) for one in named if "@" in one)
    return found if found or not any(flag(one) for one in named) else None


def _withdrawn(raw: Raw | None) -> bool:
    """Consent that somebody took back; of several the least permissive counts. None at all forbids
    none.
    """
    if isinstance(raw, dict):
        parts = {str(key).casefold(): each for key, each in raw.items()}
        taken_back = flag(parts.pop("withdrawn", None))
        return taken_back or any(
            _withdrawn(each) for key, each in parts.items() if key not in _SAID
        )
    if isinstance(raw, list):
        return any(map(_withdrawn, raw))
    words = (raw or "").casefold().split()
    return bool(words) and words[0].rstrip(",.;:") in _WITHDRAWN


def said(raw: Raw | None) -> str:
    """A consent in one line, as the log keeps it: `basis consent, source web form`."""
    if isinstance(raw, dict):
        pairs = ((str(key), said(each)) for key, each in raw.items())
        return ", ".join(f"{key} {text}" for key, text in pairs if text)
    if isinstance(raw, list):
        return "; ".join(filter(None, map(said, raw)))
    return " ".join((raw or "").split())


def changes(before: Mapping[str, Raw], after: Mapping[str, Raw]) -> list[str]:
    """What an edit changes in who may be mailed, in words for the log: `unsubscribed`."""
    words = [
        word if flag(after.get(name)) else back
        for name, word, back in _FLAG_WORDS
        if flag(before.get(name)) != flag(after.get(name))
    ]
    if said(before.get("consent")) != said(after.get("consent")):
        given = said(after.get("consent"))
        state = "withdrawn" if _withdrawn(after.get("consent")) else "given"
        words.append(f"{state}: {given}" if given else "no longer recorded")
    return words


def _texts(raw: Raw | None) -> Iterator[str]:
    if isinstance(raw, str):
        if raw.strip():
            yield raw.strip()
    elif raw is not None:
        for part in raw.values() if isinstance(raw, dict) else raw:
            yield from _texts(part)

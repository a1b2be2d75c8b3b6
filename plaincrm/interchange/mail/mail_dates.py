"""The moments of mails, in all the forms that `Date:` has in the world."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_ZONES = {
    "CET": 1,
    "MET": 1,
    "MEZ": 1,
    "CEST": 2,
    "MEST": 2,
    "MESZ": 2,
    "WET": 0,
    "WEST": 1,
    "EET": 2,
    "EEST": 3,
    "MSK": 3,
    "BST": 1,
    "JST": 9,
    "KST": 9,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "SAST": 2,
}
"""Hours east of Greenwich of zones that the standard library takes for Greenwich itself."""
_NAMED = re.compile(rf"\b({'|'.join(_ZONES)})\b")
_NOON = re.compile(r"(\d{1,2})(:\d\d(?::\d\d)?)\s*([AP])M\b", re.IGNORECASE)
_ENVELOPE = re.compile(
    rb"From (?:\S+ )?.*?(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d(?: [+-]\d{4})? \d{4})"
)


def read(text: str) -> datetime | None:
    """The moment, with its zone; None for what can't be read. Without a zone it is Greenwich."""
    text = _NOON.sub(_by_24, text.strip())
    with suppress(ValueError, OverflowError, TypeError, IndexError):
        if re.match(r"\d{4}-\d\d-\d\d[T ]", text):
            found = datetime.fromisoformat(text.replace("Z", "+00:00").strip())
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        parts = parsedate_tz(text)
        if parts is None:
            return None
        named = _NAMED.search(text)
        seconds = _ZONES[named[1]] * 3600 if named and not parts[9] else parts[9] or 0
        return datetime(*parts[:6], tzinfo=timezone(timedelta(seconds=seconds)))
    return None


def of_envelope(line: bytes) -> datetime | None:
    """The moment in the `From ` line above a mail of an mbox; None where it has none."""
    found = _ENVELOPE.match(line)
    if not found:
        return None
    zone = re.search(r" ([+-]\d{4}) ", found[1].decode("ascii", "replace"))
    text = found[1].decode("ascii", "replace")
    if zone:
        text = text.replace(zone[0], " ") + f" {zone[1]}"
    return read(text)


def _by_24(found: re.Match[str]) -> str:
    hour = int(found[1]) % 12 + (12 if found[3].upper() == "P" else 0)
    return f"{hour:02}{found[2]}"

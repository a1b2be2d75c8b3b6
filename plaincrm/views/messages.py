"""E-mails to be, on the screen and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from plaincrm.crm.mailing.render import GOT_IT, Letter
from plaincrm.views.json_text import Json, envelope
from plaincrm.views.safe import line
from plaincrm.views.table import wrapped

SHOWN = 3
_INDENT = "    "
AGAIN = "to write to those who got it: give it another subject, or say --again"


def preview(letters: Sequence[Letter], width: int | None = None) -> str:
    """The first few messages as their readers will get them."""
    ready = [letter for letter in letters if letter.rendered and letter.status == "ready"]
    return "\n".join(_message(letter, width) for letter in ready[:SHOWN])


def _message(letter: Letter, width: int | None) -> str:
    words = letter.rendered
    assert words is not None
    about = letter.recipient.about
    heads = [
        ("To", str(letter.to)),
        ("Cc", ", ".join(words.cc)),
        ("Subject", words.subject),
        ("Attached", ", ".join(words.attachments)),
        ("About", about.ref if about else ""),
        ("Next", words.next),
    ]
    shown = "\n".join(f"{name + ':':<9}{line(text)}" for name, text in heads if text)
    return f"{shown}\n\n{_indented(words.text, width)}"


def _indented(text: str, width: int | None) -> str:
    """The text set off; a line that is wider than the terminal goes on beneath."""
    rows = text.splitlines()
    if width is not None:
        rows = [piece for row in rows for piece in wrapped(row, width - len(_INDENT)) or [""]]
    return "".join(f"{_INDENT}{row}".rstrip() + "\n" for row in rows)


def summary(letters: Sequence[Letter]) -> list[str]:
    """How many are ready or written, and who was left out and why."""
    count = Counter(letter.status for letter in letters)
    more = count["ready"] - SHOWN
    said = [f"… and {more} more"] if more > 0 else []
    words = [
        f"{count[status]} {status}"
        for status in ("ready", "written", "skipped", "failed")
        if count[status]
    ]
    said.append(", ".join(words) or "nobody to write to")
    skipped = [letter for letter in letters if letter.status == "skipped"]
    reasons = Counter(letter.reason for letter in skipped)
    if len(skipped) <= 2 * SHOWN:
        said += [f"  skipped {letter.ref}: {letter.reason}" for letter in skipped]
    else:
        said += [f"  skipped {number}: {reason}" for reason, number in reasons.most_common()]
    return [*said, *([AGAIN] if reasons[GOT_IT] else [])]


def as_json(letters: Sequence[Letter]) -> Json:
    return envelope("email", len(letters), [_json(letter) for letter in letters])


def _json(letter: Letter) -> Json:
    who, about, words = letter.recipient.contact, letter.recipient.about, letter.rendered
    return {
        "contact": who.id if who else None,
        "to": str(letter.to) if letter.address else None,
        "subject": words.subject if words else None,
        "status": letter.status,
        "reason": letter.reason or None,
        "path": letter.path or None,
        "about": about.ref if about else None,
        "language": letter.template.language or None,
        "missing": list(letter.missing),
        "messageId": letter.message_id or None,
        "text": words.text if words else None,
        "attachments": list(words.attachments) if words else [],
        "next": (words.next or None) if words else None,
    }

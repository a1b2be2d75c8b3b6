"""The ledger of what was handed to a mail server: one line for each step of a recipient's mail.

    2026-11-21T09:30:00Z sending <id@studio.example> 1f6f68a05a14b335
    2026-11-21T09:30:00Z sent <id@studio.example> 1f6f68a05a14b335 2026-11-21T09:30:02Z 250 ok

The first word is the moment at which the try began; no two tries of one mail have the same. The
line that ends a try begins with it too, so that lines of two machines join as a union, in any
order. A try without an end is in doubt: the server may have the mail, and it is never sent again
unasked. A recipient stands as the hash of the address, so that the list names nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias, get_args

from plaincrm.core.value_class import value
from plaincrm.marketing.consent import suppression_hash

PATH = ".plaincrm/sending"
HASH_LETTERS = 16  # 64 bits tell a book's addresses apart

# sent and unsent are final; refused may be tried again; sending without an end is doubt.
Step: TypeAlias = Literal["sending", "sent", "refused", "unsent"]


@value
class LedgerLine:
    """One line: the step of a try that began at `began` (UTC, as text)."""

    began: str
    step: Step
    message_id: str
    recipient: str
    ended: str = ""
    words: str = ""

    def __str__(self) -> str:
        parts = (self.began, self.step, self.message_id, self.recipient, self.ended, self.words)
        return " ".join(part for part in parts if part)


def moment(now: datetime) -> str:
    """A moment as the ledger writes it, in UTC."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:  # a line that another program wrote
        return None


def recipient_hash(address: str) -> str:
    """What stands for an address."""
    return suppression_hash(address)[:HASH_LETTERS]


def read(text: str) -> Iterator[LedgerLine]:
    """The lines of a ledger; what is no line of it is passed over."""
    for each in text.splitlines():
        parts = each.split(" ", 5)
        if len(parts) >= 4 and parts[1] in get_args(Step) and parts[2].startswith("<"):
            began, step, message_id, recipient = parts[:4]
            ended, words = (*parts[4:], "", "")[:2]
            yield LedgerLine(began, step, message_id, recipient, ended, words)  # type: ignore[arg-type]


def written(lines: Iterable[LedgerLine]) -> str:
    """The text of a ledger: each line once, sorted."""
    return "".join(f"{each}\n" for each in sorted({str(line) for line in lines}))


class Ledger:
    """What is known of every mail and recipient."""

    def __init__(self, lines: Iterable[LedgerLine]) -> None:
        self._tries: dict[tuple[str, str], dict[str, set[Step]]] = {}
        for line in lines:
            tries = self._tries.setdefault((line.message_id, line.recipient), {})
            tries.setdefault(line.began, set()).add(line.step)

    def state(self, message_id: str, recipient: str) -> Literal["new", "sent", "refused", "doubt"]:
        """What became of a mail to a recipient (as a hash).

        `sent` if any try was. `doubt` if a try has no end. `refused` if every try was refused or
        settled as not sent, so that it may be tried again.
        """
        tries = self._tries.get((message_id, recipient), {})
        steps = list(tries.values())
        if any("sent" in each for each in steps):
            return "sent"
        if any(each == {"sending"} for each in steps):
            return "doubt"
        return "refused" if steps else "new"

    def begin(self, message_id: str, recipient: str, now: datetime) -> LedgerLine:
        """The line that begins a try now, at a moment that no other try of this mail has."""
        taken = self._tries.get((message_id, recipient), {})
        while moment(now) in taken:
            now += timedelta(microseconds=1)
        return LedgerLine(moment(now), "sending", message_id, recipient)

    def began(self) -> list[datetime]:
        """When each try of a mail began that was not taken back, once for a mail to several."""
        tries = {
            (began, message_id)
            for (message_id, _), found in self._tries.items()
            for began, steps in found.items()
            if "unsent" not in steps
        }
        return sorted(filter(None, (_moment(began) for began, _ in tries)))

    def in_doubt(self) -> list[tuple[str, str, str]]:
        """(message id, recipient, moment) of every try that nothing ended, where none was sent."""
        return [
            (message_id, recipient, began)
            for (message_id, recipient), tries in sorted(self._tries.items())
            if self.state(message_id, recipient) == "doubt"
            for began, steps in sorted(tries.items())
            if steps == {"sending"}
        ]

"""Campaigns: who gets which variant, and what came of it. Pure.

Variants and the control group are chosen by a stable hash of campaign and contact, so that every
machine chooses the same, and somebody who joins the segment later moves nobody else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Row
from datetime import datetime, timedelta
from decimal import Decimal
from string import ascii_lowercase
from typing import Literal, TypeAlias

from plaincrm.core.value_class import fresh, value
from plaincrm.core.values.money import Sums
from plaincrm.core.values.proportion import Interval, difference, visible_difference, wilson
from plaincrm.core.values.raw import Raw, items
from plaincrm.marketing.message_ids import hash_of

CONTROL = "control"
# What comes back without the mail's subject is put down to the last mail, if that is no older.
ANSWERED_WITHIN = timedelta(days=30)
USUAL_REPLIES = 0.05  # the share of replies that a test is planned with, where nothing is known
_ANSWER = re.compile(
    r"(?:(?:re|aw|antw|antwort|sv|vs|odp|rif|ref|fwd?|wg)(?:\[\d+\])?\s?:\s*)+", re.IGNORECASE
)

# out: a mail to the contact. The rest came back: replied, unsubscribed, met; bounced for good, soft
# for now; away: a machine's answer.
Happening: TypeAlias = Literal["out", "replied", "unsubscribed", "met", "bounced", "soft", "away"]


@value
class Variant:
    """One form of a campaign's mail."""

    name: str
    template: str


@value
class MailEvent:
    """A mail to a contact, or what came back, at a moment. `message_id` is that of the mail;
    `answers` the hash in that of the mail which it answers, where it names one.
    """

    at: datetime
    what: Happening
    message_id: str = ""
    subject: str = ""
    answers: str = ""


@value
class VariantResult:
    """What came of a variant, of the control group, or of the whole campaign.

    `audience`: the people in it. Each other number counts people: how many were written to, have
    been sent it, had it returned, replied, unsubscribed, met; `soft`: had it returned for now;
    `away`: answered by a machine. `won` counts deals.
    """

    name: str
    template: str = ""
    control: bool = False
    audience: int = 0
    written: int = 0
    sent: int = 0
    bounced: int = 0
    replied: int = 0
    unsubscribed: int = 0
    meetings: int = 0
    won: int = 0
    revenue: Mapping[str, Decimal] = fresh(factory=Sums)
    soft: int = 0
    away: int = 0

    @property
    def delivered(self) -> int:
        """What was not returned; nobody can see more."""
        return self.sent - self.bounced

    @property
    def rate(self) -> Interval | None:
        """The share of replies of what was not returned."""
        return wilson(self.replied, self.delivered)


@value
class VariantDifference:
    """How far the reply rates of two variants lie apart; a `winner` only where that is sure."""

    first: str
    second: str
    interval: Interval
    winner: str = ""


def variants(raw: Raw | None, template: str) -> tuple[Variant, ...]:
    """The variants that a campaign names (a map, or a list, which gets a, b, c for names); without
    any, the one of its `template`.
    """
    if isinstance(raw, dict):
        named = [Variant(name, str(each)) for name, each in raw.items() if each]
    else:
        listed = [item.text for item in items(raw)]
        named = [Variant(*pair) for pair in zip(ascii_lowercase, listed, strict=False)]
    return tuple(named) or ((Variant("a", template),) if template else ())


def arm(campaign: str, contact: str, row: Row[Variant], control: Decimal | None) -> Variant | None:
    """The variant of a contact; None for one of the control group, which is `control` per cent."""
    if control and _share("control", campaign, contact) * 100 < control:
        return None
    return row[int(_share("variant", campaign, contact) * len(row))]


def _share(what: str, campaign: str, contact: str) -> Decimal:
    """A number from 0 up to 1, the same for ever."""
    digest = hashlib.sha256(json.dumps([what, campaign, contact]).encode("ascii")).digest()
    return Decimal(int.from_bytes(digest[:8])) / Decimal(1 << 64)


def answers(events: Iterable[MailEvent]) -> dict[str, set[Happening]]:
    """What came back on each mail, by its message id.

    An answer belongs to the mail that it names, else to the last mail of its subject, else to the
    last mail at all that is not older than `ANSWERED_WITHIN`.
    """
    sent: list[MailEvent] = []
    found: dict[str, set[Happening]] = {}
    for event in sorted(events, key=lambda each: each.at):
        if event.what == "out":
            sent.append(event)
            continue
        mail = _answered(sent, event)
        if mail is not None:
            found.setdefault(mail.message_id, set()).add(event.what)
    return found


def _answered(sent: Row[MailEvent], event: MailEvent) -> MailEvent | None:
    for mail in sent if event.answers else ():
        if hash_of(mail.message_id) == event.answers:
            return mail
    subject = bare_subject(event.subject)
    for mail in reversed(sent):
        if subject and bare_subject(mail.subject) == subject:
            return mail
    last = sent[-1] if sent else None
    return last if last is not None and event.at - last.at <= ANSWERED_WITHIN else None


def bare_subject(subject: str) -> str:
    """A subject as it is compared: without `Re:` and the like."""
    return " ".join(_ANSWER.sub("", subject.strip(), count=1).split()).casefold()


def compared(results: Row[VariantResult]) -> VariantDifference | None:
    """The difference of two variants; None for any other number of them, or without a sample."""
    tried = [each for each in results if not each.control]
    if len(tried) != 2:
        return None
    first, second = tried
    gap = difference(first.replied, first.delivered, second.replied, second.delivered)
    if gap is None:
        return None
    winner = ""
    if gap.leaves_out_zero:
        winner = first.name if gap.value > 0 else second.name
    return VariantDifference(first.name, second.name, gap, winner)


def planned(sizes: Iterable[int], share: float = USUAL_REPLIES) -> float | None:
    """The smallest rise of a reply rate of `share` that variants of these sizes can show."""
    smallest = min(sizes, default=0)
    return visible_difference(share, smallest) if smallest else None


def return_on(won: Mapping[str, Decimal], cost: Mapping[str, Decimal]) -> Decimal | None:
    """(won - cost) / cost, where both are of one currency; None otherwise, and without a cost."""
    currencies = set(cost) | {name for name, amount in won.items() if amount}
    spent = next(iter(cost.values()), Decimal(0))
    if len(currencies) != 1 or not spent:
        return None
    return (won.get(next(iter(cost)), Decimal(0)) - spent) / spent

"""Sequences: enrolling and leaving, and writing what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from plaincrm.core.records.record import Record
from plaincrm.core.text.counted import counted
from plaincrm.core.value_class import value
from plaincrm.crm.mail_permission import MailPermission
from plaincrm.crm.mailing.render import Recipient
from plaincrm.crm.sequence_lines import ended, sequence_line, standing_in
from plaincrm.crm.staged import Staged, staged
from plaincrm.marketing.sequences import enrolled_text, left_text

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

Outcome = Literal["enrolled", "left", "skipped"]


@value
class EnrolmentChange:
    """What becomes of one person: `enrolled`, `left`, or `skipped` with the reason."""

    recipient: Recipient
    outcome: Outcome
    reason: str = ""

    @property
    def ref(self) -> str:
        who = self.recipient.contact or self.recipient.about
        return who.ref if who else ""


def enrol(
    book: Book, name: str, people: Sequence[Recipient]
) -> tuple[Staged, list[EnrolmentChange]]:
    """Stage the enrolment of people, and what becomes of each. Raises NotFound for the sequence.

    Nobody is in one sequence twice at once. Who may not be mailed at all is not enrolled.
    """
    sequence = book.sequences.named(name)
    changes = [_enrolment(book, sequence.name, each) for each in _once(people)]
    change = book.change("", "sequence enrol")
    after = []
    for each in changes:
        contact = each.recipient.contact
        if each.outcome == "enrolled" and contact is not None:
            about = each.recipient.about.ref if each.recipient.about else ""
            text = enrolled_text(name, about)
            edits = [*ended(book.context, contact, name), sequence_line(book.context, text)]
            after.append(change.edit(contact, edits))
    said = f"Enrol {_who(after)} in {name}"
    return staged(change, said, after), changes


def leave(
    book: Book, name: str, people: Sequence[Recipient], reason: str = ""
) -> tuple[Staged, list[EnrolmentChange]]:
    """Stage that people leave a sequence. Raises NotFound for a sequence that nobody knows."""
    change = book.change("", "sequence leave")
    changes, after = [], []
    for each in _once(people):
        found = standing_in(book.context, each.contact, name)
        if each.contact is None or found is None or not found.lasts:
            changes.append(EnrolmentChange(each, "skipped", "is not in it"))
            continue
        text = left_text(name, reason or "taken out")
        after.append(change.edit(each.contact, [sequence_line(book.context, text)]))
        changes.append(EnrolmentChange(each, "left", reason))
    return staged(change, f"Take {_who(after)} out of {name}", after), changes


def _enrolment(book: Book, name: str, recipient: Recipient) -> EnrolmentChange:
    contact = recipient.contact
    if contact is None:
        return EnrolmentChange(recipient, "skipped", "has no contact")
    found = standing_in(book.context, contact, name)
    if found is not None and found.lasts:
        return EnrolmentChange(recipient, "skipped", f"is in {name} already")
    # The stricter kind: whoever wants no bulk mail wants no sequence either.
    refusal = MailPermission(book.context).refusal(contact, "bulk")
    if refusal:
        return EnrolmentChange(recipient, "skipped", refusal)
    return EnrolmentChange(recipient, "enrolled")


def _once(people: Iterable[Recipient]) -> list[Recipient]:
    """Each contact once, with the deal or ticket that it was named by first."""
    found: dict[str, Recipient] = {}
    for each in people:
        who = each.contact or each.about
        found.setdefault(who.ref if who else "", each)
    return list(found.values())


def _who(records: Sequence[Record]) -> str:
    return records[0].ref if len(records) == 1 else counted(len(records), "contact")

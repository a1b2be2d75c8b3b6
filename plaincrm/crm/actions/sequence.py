"""Sequences: enrolling and leaving, and writing what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from plaincrm.core.records.edits import AddEntry, Edit, logged
from plaincrm.core.records.record import Record
from plaincrm.core.text.counted import counted
from plaincrm.core.value_class import value
from plaincrm.crm.mail_permission import MailPermission
from plaincrm.crm.mailing.render import Recipient
from plaincrm.crm.sequence_standings import ContactStanding, of_contact
from plaincrm.crm.staged import Staged, staged
from plaincrm.marketing.sequences import TYPE, enrolled_text, left_text

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
            edits = [*ended(book, contact, name), entry(book, text)]
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
        found = _standing(book, each.contact, name)
        if each.contact is None or found is None or not _lasts(found):
            changes.append(EnrolmentChange(each, "skipped", "is not in it"))
            continue
        text = left_text(name, reason or "taken out")
        after.append(change.edit(each.contact, [entry(book, text)]))
        changes.append(EnrolmentChange(each, "left", reason))
    return staged(change, f"Take {_who(after)} out of {name}", after), changes


def entry(book: Book, text: str) -> AddEntry:
    """A line of the sequence's own in a log."""
    return logged(book.now, TYPE, text)


def ended(book: Book, contact: Record, name: str) -> list[Edit]:
    """The line that ends an enrolment which is over and whose log does not say so yet."""
    found = _standing(book, contact, name)
    if found is None or _lasts(found) or found.standing.enrolment.left:
        return []
    return [entry(book, left_text(name, found.standing.reason or "done"))]


def _enrolment(book: Book, name: str, recipient: Recipient) -> EnrolmentChange:
    contact = recipient.contact
    if contact is None:
        return EnrolmentChange(recipient, "skipped", "has no contact")
    found = _standing(book, contact, name)
    if found is not None and _lasts(found):
        return EnrolmentChange(recipient, "skipped", f"is in {name} already")
    # The stricter kind: whoever wants no bulk mail wants no sequence either.
    refusal = MailPermission(book.context).refusal(contact, "bulk")
    if refusal:
        return EnrolmentChange(recipient, "skipped", refusal)
    return EnrolmentChange(recipient, "enrolled")


def _standing(book: Book, contact: Record | None, name: str) -> ContactStanding | None:
    if contact is None:
        return None
    return next(iter(of_contact(contact, book.context, (name,))), None)


def _lasts(found: ContactStanding) -> bool:
    return found.standing.state not in ("left", "done")


def _once(people: Iterable[Recipient]) -> list[Recipient]:
    """Each contact once, with the deal or ticket that it was named by first."""
    found: dict[str, Recipient] = {}
    for each in people:
        who = each.contact or each.about
        found.setdefault(who.ref if who else "", each)
    return list(found.values())


def _who(records: Sequence[Record]) -> str:
    return records[0].ref if len(records) == 1 else counted(len(records), "contact")

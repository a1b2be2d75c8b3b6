"""The lines that sequences write into the log of a contact."""

from __future__ import annotations

from plaincrm.core.records.edits import AddEntry, Edit, logged
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.crm.sequence_standings import ContactStanding, of_contact
from plaincrm.marketing.sequences import TYPE, left_text


def sequence_line(context: Context, text: str) -> AddEntry:
    """A line of a sequence's own, at this moment."""
    return logged(context.now, TYPE, text)


def ended(context: Context, contact: Record, name: str) -> list[Edit]:
    """The line that ends an enrolment which is over and whose log does not say so yet."""
    found = standing_in(context, contact, name)
    if found is None or found.lasts or found.standing.enrolment.left:
        return []
    return [sequence_line(context, left_text(name, found.standing.reason or "done"))]


def standing_in(context: Context, contact: Record | None, name: str) -> ContactStanding | None:
    """Where a contact stands in one sequence; None if it was never in it."""
    if contact is None:
        return None
    return next(iter(of_contact(contact, context, (name,))), None)

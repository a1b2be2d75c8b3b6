"""Who gets no bulk mail: what the contact's own fields say, and the book's lists of addresses."""

from __future__ import annotations

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.marketing.consent import refusal


def suppressed(record: Record, context: Context) -> bool:
    """Mail to its addresses is refused: unsubscribed, do_not_email, bounced, without consent, or on
    one of the lists."""
    lists = context.lists
    if not record.items("email"):
        return False
    said = refusal(record.fields, "bulk", suppressed=lists["suppressed"], erased=lists["erased"])
    return said is not None


FACTS = (Fact("contact", "is:suppressed", "bool", Needs.STORE, "Gets no bulk mail", suppressed),)

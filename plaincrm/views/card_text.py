"""A record's card as text, part by part."""

from __future__ import annotations

from plaincrm.core.records.facts import Context
from plaincrm.crm.card import RecordCard
from plaincrm.views import card_fields, card_others, card_timeline
from plaincrm.views.card_layout import CardStyle


def card(found: RecordCard, context: Context, style: CardStyle) -> str:
    """The card as text that fits into the width, with its last line end."""
    brief = style.brief
    parts = [
        card_fields.head(found, style),
        card_fields.fields(found, context, style),
        () if brief else card_others.people(found, style),
        card_others.deals("Open deals", found.deals, context, style),
        () if brief else card_others.deals("Won deals", found.won, context, style),
        card_others.open_tickets(found, style),
        () if brief else card_timeline.notes(found, style),
        card_timeline.tasks(found, style),
        () if brief else card_timeline.paid_invoices(found, style),
        card_timeline.log(found, style),
        *_customer(found, context, style),
        () if brief else card_others.backlinks(found, style),
    ]
    return "\n\n".join("\n".join(lines) for part in parts if (lines := list(part))) + "\n"


def _customer(found: RecordCard, context: Context, style: CardStyle) -> list[list[str]]:
    """The story of a ticket's customer."""
    if style.brief or found.record.kind.name != "ticket":
        return []
    from plaincrm.views.customer_story import of_ticket  # cards of other kinds need none of it

    return of_ticket(found.record, context, style)

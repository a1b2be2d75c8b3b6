"""A record's card: its fields, what is known of it, what it links to and what links to it, tasks,
log and notes.
"""

from __future__ import annotations

from collections.abc import Sequence

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import changed
from plaincrm.crm.card import RecordCard
from plaincrm.crm.card import card as card_of
from plaincrm.views import card_fields, card_others, card_timeline
from plaincrm.views.card_layout import WIDEST, CardStyle
from plaincrm.views.json_text import Json
from plaincrm.views.layout import WIDTH, Layout
from plaincrm.views.listing import columns_of_kind
from plaincrm.views.record_json import whole
from plaincrm.views.rows import ListColumn, Rows

_RECORD = ListColumn("record", lambda record: record.ref)
_NAME = ListColumn("title", lambda record: record.title)


def cards(
    records: Sequence[Record], context: Context, style: CardStyle, asked: Sequence[str] = ()
) -> Rows:
    """Whole records: a card each on a terminal, all that JSON knows of them, a row each of the
    kind's usual columns, or those `asked` for, in tables.
    """

    def screen(rows: Rows, layout: Layout) -> str:
        room = min(layout.width or WIDTH, WIDEST)
        laid = changed(style, width=room, paint=layout.paint, capped=layout.width is not None)
        texts = (card(card_of(record, context), context, laid) for record in rows.records)
        return "\n".join(texts)

    def as_json(record: Record) -> Json:
        return whole(record, context, context.facts.of(record.kind.name))

    kinds = list({record.kind.name: record.kind for record in records}.values())
    columns = [_RECORD, _NAME]
    if len(kinds) == 1:
        columns = list(columns_of_kind(kinds[0], asked, context))
    return Rows("show", len(records), records, columns, as_json, screen=screen)


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

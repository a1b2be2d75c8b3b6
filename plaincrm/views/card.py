"""A record's card: its fields, what is known of it, what it links to and what links to it, tasks,
log and notes.
"""

from __future__ import annotations

from collections.abc import Sequence

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.views.json_text import Json
from plaincrm.views.layout import WIDTH, Layout
from plaincrm.views.listing import columns_of_kind
from plaincrm.views.record_json import whole
from plaincrm.views.rows import ListColumn, Rows

_RECORD = ListColumn("record", lambda record: record.ref)
_NAME = ListColumn("title", lambda record: record.title)


def cards(
    records: Sequence[Record],
    context: Context,
    *,
    entries: int = 10,
    brief: bool = False,
    asked: Sequence[str] = (),
) -> Rows:
    """Whole records: a card each on a terminal, all that JSON knows of them, a row each of the
    kind's usual columns, or those `asked` for, in tables. A card shows so many log `entries`.
    """

    def screen(rows: Rows, layout: Layout) -> str:
        from plaincrm.crm.card import card as card_of
        from plaincrm.views.card_layout import WIDEST, CardStyle
        from plaincrm.views.card_text import card

        room = min(layout.width or WIDTH, WIDEST)
        capped = layout.width is not None
        laid = CardStyle(room, layout.paint, log=entries, brief=brief, capped=capped)
        texts = (card(card_of(record, context), context, laid) for record in rows.records)
        return "\n".join(texts)

    def as_json(record: Record) -> Json:
        shown = whole(record, context, context.facts.of(record.kind.name))
        if record.kind.name != "ticket":
            return shown
        from plaincrm.views.customer_story_json import story_json

        return shown | {"story": story_json(record, context)}

    kinds = list({record.kind.name: record.kind for record in records}.values())
    columns = [_RECORD, _NAME]
    if len(kinds) == 1:
        columns = list(columns_of_kind(kinds[0], asked, context))
    return Rows("show", len(records), records, columns, as_json, screen=screen)

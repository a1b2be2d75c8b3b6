"""One time line of a record: its own log, and the logs of its deals and tickets."""

from __future__ import annotations

from collections.abc import Sequence

from plaincrm.core import query
from plaincrm.core.records.facts import Context
from plaincrm.core.records.line_records import LOG, LineRecord
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import changed
from plaincrm.crm.card import timeline
from plaincrm.views.card_layout import WIDEST, CardStyle
from plaincrm.views.card_timeline import CardEntry, entries
from plaincrm.views.layout import WIDTH, Layout
from plaincrm.views.listing import listing
from plaincrm.views.rows import Rows
from plaincrm.views.safe import line


def rows(record: Record, context: Context, asked: Sequence[str]) -> Rows:
    """The entries, the newest first, as `list log` shows them; on a terminal with whole texts,
    each of another record with that one's ref.
    """
    lines = timeline(record, context)

    def screen(shown: Rows, layout: Layout) -> str:
        style = CardStyle(min(layout.width or WIDTH, WIDEST), layout.paint)
        head = f"{line(record.title)}: {len(shown.records)} of {len(lines)} entries"
        if len(shown.records) == len(lines):
            head = f"{line(record.title)}: all {len(lines)} entries"
        told = [_told(each, record) for each in shown.records]
        return "\n".join([style.paint(head, "head"), "", *entries(told, style)]) + "\n"

    found = query.compile([], LOG, context)
    listed = listing(LOG, found, lines, len(lines), context, asked)
    return changed(listed, screen=None if asked else screen)


def _told(row: LineRecord, record: Record) -> CardEntry:
    return CardEntry(row.entry, "" if row.owner is record else row.owner.ref)

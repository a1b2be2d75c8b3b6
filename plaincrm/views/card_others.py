"""The records around the one of a card, in tables: people, deals, tickets, what links to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.text.counted import counted
from plaincrm.core.values.money import Money, Sums
from plaincrm.crm.card import RecordCard
from plaincrm.views import numbers
from plaincrm.views.card_layout import CardStyle, section

_DEAL_RIGHT = (3,)  # of the cells of a deal: its value
_DEAL_WHOLE = (2, 3, 4)  # stage, value, date
_TICKET_WHOLE = (2, 3)  # status, priority
_MOST_LINKS = 10  # of each kind, on a terminal


def people(found: RecordCard, style: CardStyle) -> Iterator[str]:
    """The name, the job and the first address of each."""
    rows = [
        [each.title, _first_item(each, "job"), _first_item(each, "email")] for each in found.people
    ]
    return section("People", rows, style, whole=(2,))


def deals(
    title: str, listed: Sequence[Record], context: Context, style: CardStyle
) -> Iterator[str]:
    """Deals under a heading that sums them up."""
    rows, sums = [], Sums()
    for deal in listed:
        amount = deal.value("value", context.settings.currency)
        if isinstance(amount, Money):
            sums.add(amount)
        cells = (deal.text("stage"), numbers.cell(amount), deal.text("close_date"))
        rows.append([deal.id, deal.title, *cells])
    total = f"{counted(len(listed), 'deal')}: {numbers.sums(sums, ', ')}"
    return section(title, rows, style, _DEAL_RIGHT, _DEAL_WHOLE, total)


def open_tickets(found: RecordCard, style: CardStyle) -> Iterator[str]:
    rows = [
        [each.id, each.title, each.text("status"), each.text("priority")] for each in found.tickets
    ]
    return section("Open tickets", rows, style, whole=_TICKET_WHOLE)


def backlinks(found: RecordCard, style: CardStyle) -> Iterator[str]:
    """What links to the record and is in no other list."""
    listed = (*found.deals, *found.tickets, *found.won, *found.people)
    shown = {record.ref for record in listed}
    rest = [(source, field) for source, field in found.backlinks if source.ref not in shown]
    rows = []
    for _, group in groupby(rest, key=lambda pair: pair[0].kind.name):
        several = list(group)
        kept = several[:_MOST_LINKS] if style.capped else several
        rows += [[source.ref, source.title, _state(source), field] for source, field in kept]
        if len(several) > len(kept):
            rows.append([f"and {len(several) - len(kept)} more", "", "", ""])
    return section("Linked from", rows, style)


def _first_item(record: Record, name: str) -> str:
    return next((item.text for item in record.items(name)), "")


def _state(record: Record) -> str:
    return next((text for name in ("stage", "status", "state") if (text := record.text(name))), "")

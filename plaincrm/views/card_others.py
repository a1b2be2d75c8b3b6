"""The records around the one of a card, in tables: people, deals, tickets, what links to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def open_deals(found: RecordCard, context: Context, style: CardStyle) -> Iterator[str]:
    rows = _deals(found.deals, context)
    return section("Open deals", rows, style, _DEAL_RIGHT, _DEAL_WHOLE)


def won_deals(found: RecordCard, context: Context, style: CardStyle) -> Iterator[str]:
    """The deals that were won, the last one first, under a line that sums them up."""
    deals = found.won
    if not deals:
        return
    values = (deal.value("value", context.settings.currency) for deal in deals)
    sums = Sums()
    for amount in values:
        if isinstance(amount, Money):
            sums.add(amount)
    lines = list(section("Won deals", _deals(deals, context), style, _DEAL_RIGHT, _DEAL_WHOLE))
    total = f"  {counted(len(deals), 'deal')}: {numbers.sums(sums, ', ')}"
    yield lines[0] + style.paint(total, "quiet")
    yield from lines[1:]


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


def _deals(deals: Iterable[Record], context: Context) -> list[list[str]]:
    currency = context.settings.currency
    return [
        [
            deal.id,
            deal.title,
            deal.text("stage"),
            numbers.cell(deal.value("value", currency)),
            deal.text("close_date"),
        ]
        for deal in deals
    ]


def _first_item(record: Record, name: str) -> str:
    return next((item.text for item in record.items(name)), "")


def _state(record: Record) -> str:
    return next((text for name in ("stage", "status", "state") if (text := record.text(name))), "")

"""The customer's story on the card of a ticket."""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.text.counted import counted
from plaincrm.core.values.money import Sums
from plaincrm.crm.customer_story import CustomerStory, story
from plaincrm.views import numbers
from plaincrm.views.card_layout import INDENT, CardStyle, hanging, section
from plaincrm.views.card_timeline import CardEntry, entries
from plaincrm.views.safe import line

_MOST = 5  # earlier tickets and orders, on a terminal
_NOTE_LINES = 4  # of what is written about somebody
_WHOLE = (2, 3, 4)
_AMOUNT = 1


def of_ticket(ticket: Record, context: Context, style: CardStyle) -> list[list[str]]:
    """The parts of the card, each as its lines; none for a ticket of nobody."""
    found = story(ticket, context)
    if found is None:
        return []
    return [
        list(_health(found, style)),
        list(_earlier(found, context, style)),
        list(_sales(found, context, style)),
        list(_said(found, style)),
        *(list(_note(title, text, style)) for title, text in _noted(found)),
    ]


def _health(found: CustomerStory, style: CardStyle) -> Iterator[str]:
    """The points with their terms, and what is at risk."""
    figure = found.health.figure
    yield style.paint("Customer", "head") + style.paint(f"  {line(found.who.title)}", "quiet")
    terms = ", ".join(f"{term.name} {term.value}" for term in figure.terms)
    yield from hanging(f"{INDENT}health {figure.value} of 10  ", [terms], style)
    if found.health.risks:
        yield from hanging(f"{INDENT}at risk  ", ["; ".join(found.health.risks)], style)


def _earlier(found: CustomerStory, context: Context, style: CardStyle) -> Iterator[str]:
    rows = []
    for ticket in found.earlier[:_MOST] if style.capped else found.earlier:
        opened = context.fact(ticket, "opened_at")
        rated = f"rated {ticket.text('csat')}" if ticket.text("csat") else ""
        day = f"{opened:%Y-%m-%d}" if opened else ""
        rows.append([ticket.id, ticket.title, ticket.text("status"), day, rated])
    total = counted(len(found.earlier), "ticket")
    return section("Earlier tickets", rows, style, whole=_WHOLE, total=total)


def _sales(found: CustomerStory, context: Context, style: CardStyle) -> Iterator[str]:
    sums = Sums()
    for sale in found.sales:
        sums.add(sale.converted(context))
    shown = found.sales[:_MOST] if style.capped else found.sales
    rows = [[str(s.day), numbers.cell(s.money), s.source, line(s.text)] for s in shown]
    total = f"{counted(len(found.sales), 'sale')}: {numbers.sums(sums, ', ')}"
    return section("Orders and paid invoices", rows, style, (_AMOUNT,), (0, 1, 2), total)


def _said(found: CustomerStory, style: CardStyle) -> Iterator[str]:
    if found.said:
        yield style.paint("Last words", "head")
        yield from entries([CardEntry(row.entry, row.owner.ref) for row in found.said], style)


def _noted(found: CustomerStory) -> Iterator[tuple[str, str]]:
    for record, text in found.notes:
        yield f"Notes on {line(record.title)}", text


def _note(title: str, text: str, style: CardStyle) -> Iterator[str]:
    """The first lines of what is written freely."""
    yield style.paint(title, "head")
    lines = [line(each) for each in text.split("\n") if each.strip()]
    for each in lines[:_NOTE_LINES]:
        yield from hanging(INDENT, [each], style)
    if len(lines) > _NOTE_LINES:
        yield INDENT + style.paint(f"and {counted(len(lines) - _NOTE_LINES, 'line')} more", "quiet")

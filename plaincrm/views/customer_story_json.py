"""The customer's story beside a ticket, as JSON: the parts of its card, none of them cut."""

from __future__ import annotations

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.values.money import Sums
from plaincrm.crm.customer_story import CustomerStory, story
from plaincrm.sales.revenue import Sale
from plaincrm.views.figure_rows import figure_json
from plaincrm.views.json_text import Json, plain
from plaincrm.views.record_json import entry

_DEAL = ("stage", "value", "close_date", "ended")
_TICKET = ("status", "priority", "opened_at", "csat")


def story_json(ticket: Record, context: Context) -> Json:
    """`{"customer", "title", "health", "deals", "tickets", "earlier", "sales", "notes", "said"}`;
    None for a ticket of nobody. `health` is a figure with its terms, and `risks`.
    """
    found = story(ticket, context)
    if found is None:
        return None
    return {
        "customer": found.who.ref,
        "title": found.who.title,
        "health": figure_json(found.health.figure) | {"risks": list(found.health.risks)},
        "deals": [_told(each, _DEAL, context) for each in found.deals],
        "tickets": [_told(each, _TICKET, context) for each in found.waiting],
        "earlier": [_told(each, _TICKET, context) for each in found.earlier],
        "sales": _sales(found, context),
        "notes": [{"record": each.ref, "text": text} for each, text in found.notes],
        "said": [{"record": row.owner.ref} | entry(row.entry) for row in found.said],
    }


def _told(record: Record, names: tuple[str, ...], context: Context) -> Json:
    """What is worth knowing of a deal or a ticket; fields and facts, null where there is none."""
    told = {name: _value(record, name, context) for name in names}
    return {"record": record.ref, "title": record.title} | told


def _value(record: Record, name: str, context: Context) -> Json:
    if name in record.kind.fields:
        return plain(record.value(name, context.settings.currency))
    return plain(context.fact(record, name))


def _sales(found: CustomerStory, context: Context) -> Json:
    """Orders and paid invoices, and their sum by currency."""
    sums = Sums()
    for sale in found.sales:
        sums.add(sale.converted(context))
    rows = [_sale(sale) for sale in found.sales]
    return {"n": len(rows), "total": plain(dict(sums)), "results": rows}


def _sale(sale: Sale) -> Json:
    return {
        "record": sale.record,
        "day": plain(sale.day),
        "amount": plain(sale.money),
        "source": sale.source,
        "text": sale.text,
    }

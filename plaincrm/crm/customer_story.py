"""The customer behind a ticket, for whoever answers it: deals, other tickets, what was bought,
notes, health, and the last words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from plaincrm.core.records import line_records
from plaincrm.core.records.facts import Context
from plaincrm.core.records.line_records import LineRecord
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import is_touch
from plaincrm.core.timeline.prose import prose
from plaincrm.core.value_class import value
from plaincrm.crm.health import Health, health_of
from plaincrm.sales.revenue import Sale, of_record

LAST_WORDS = 3  # what was said lately; `show --timeline` has the rest
_LIVE = ("is:open", "is:parked", "is:won")


@value
class CustomerStory:
    """What is known of the people and the company of a ticket.

    `health` is of the company, else of the person. `deals` are open, parked or won, `waiting` their
    other tickets that are open, `earlier` those that are done, `sales` their orders and paid
    invoices, the last two the newest first. `notes`: what is written freely about each. `said`: the
    latest calls, meetings and messages, of other records than the ticket.
    """

    who: Record
    health: Health
    deals: tuple[Record, ...]
    waiting: tuple[Record, ...]
    earlier: tuple[Record, ...]
    sales: tuple[Sale, ...]
    notes: tuple[tuple[Record, str], ...]
    said: tuple[LineRecord, ...]


def story(ticket: Record, context: Context) -> CustomerStory | None:
    """The story of a ticket's customer; None for a ticket of nobody."""
    people = customers(ticket, context)
    if not people:
        return None
    who = next((each for each in people if each.kind.name == "company"), people[0])
    theirs = [each for each in _belonging(people, context) if each.ref != ticket.ref]
    tickets = [each for each in theirs if each.kind.name == "ticket"]
    sold = [sale for each in (*people, *theirs) for sale in of_record(each, context)]
    return CustomerStory(
        who,
        health_of(who, context),
        tuple(each for each in theirs if _is_live(each, context)),
        tuple(each for each in tickets if context.fact(each, "is:open")),
        tuple(_done(tickets, context)),
        tuple(sorted((s for s in sold if s.source != "deal"), key=lambda s: s.day, reverse=True)),
        tuple((each, text) for each in people if (text := prose(each.load()))),
        tuple(_said((*people, *theirs))),
    )


def customers(ticket: Record, context: Context) -> list[Record]:
    """The people who asked, and their company, each once."""
    found: dict[str, Record] = {}
    for contact in context.store.follow(ticket, "contact"):
        found[contact.ref] = contact
    for record in (ticket, *list(found.values())):
        for company in context.store.follow(record, "company"):
            found[company.ref] = company
    return list(found.values())


def _is_live(record: Record, context: Context) -> bool:
    """Whether a record is a deal that is open, parked or won."""
    return record.kind.name == "deal" and any(context.fact(record, fact) for fact in _LIVE)


def _belonging(people: Iterable[Record], context: Context) -> list[Record]:
    """Their deals and tickets, and the other people of the company, each once."""
    found: dict[str, Record] = {}
    for each in people:
        for kind in ("deal", "ticket", "contact"):
            name = each.kind.name
            if name in context.store.schema.kinds[kind].fields:
                found |= {r.ref: r for r in context.store.linked_from(each, kind, name)}
    for each in people:
        found.pop(each.ref, None)
    return list(found.values())


def _done(tickets: Iterable[Record], context: Context) -> list[Record]:
    found = [each for each in tickets if not context.fact(each, "is:open")]
    return sorted(found, key=lambda each: _opened(each, context), reverse=True)


def _opened(ticket: Record, context: Context) -> date:
    opened = context.fact(ticket, "opened_at")
    return date(opened.year, opened.month, opened.day) if opened else date.min


def _said(records: Iterable[Record]) -> list[LineRecord]:
    rows = [row for each in records for row in line_records.rows(each, "log")]
    touches = [row for row in rows if is_touch(row.entry)]
    newest = sorted(touches, key=lambda row: row.entry.at, reverse=True)
    # A mail stands in the log of the contact and in that of the deal; it was said once.
    once: dict[str, LineRecord] = {}
    for row in newest:
        once.setdefault(row.entry.message_id or row.id, row)
    return list(once.values())[:LAST_WORDS]

"""The one list of facts: those of every room, for queries, columns, templates, cache and docs."""

from __future__ import annotations

from functools import cache

from plaincrm.core.records import timeline_facts
from plaincrm.core.records.facts import Facts
from plaincrm.crm import health, mail_events, sequence_standings
from plaincrm.crm.reminders import birthdays, cadence, index
from plaincrm.marketing import enrolment_facts
from plaincrm.sales import deal_risk, deals, invoices, items, orders, score_facts
from plaincrm.support import article_facts, feedback, sla_facts, ticket_mail, ticket_times, tickets

_ROOMS = (
    timeline_facts,
    deals,
    orders,
    items,
    invoices,
    score_facts,
    deal_risk,
    tickets,
    sla_facts,
    ticket_times,
    ticket_mail,
    feedback,
    article_facts,
    enrolment_facts,
    sequence_standings,
    mail_events,
    cadence,
    birthdays,
    index,
    health,
)


@cache
def all_facts() -> Facts:
    """Every computed field there is."""
    return Facts(fact for room in _ROOMS for fact in room.FACTS)

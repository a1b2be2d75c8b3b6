"""The one list of facts: those of every room, for queries, columns, templates, cache and docs."""

from __future__ import annotations

from functools import cache

from plaincrm.core.records import timeline_facts
from plaincrm.core.records.facts import Facts
from plaincrm.crm.reminders import birthdays, cadence, index
from plaincrm.sales import deals
from plaincrm.support import sla_facts, tickets


@cache
def all_facts() -> Facts:
    """Every computed field there is."""
    return Facts(
        (
            *timeline_facts.FACTS,
            *deals.FACTS,
            *tickets.FACTS,
            *sla_facts.FACTS,
            *cadence.FACTS,
            *birthdays.FACTS,
            *index.FACTS,
        )
    )

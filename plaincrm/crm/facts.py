"""The one list of facts: those of every room, for queries, columns, templates, cache and docs."""

from __future__ import annotations

from functools import cache

from plaincrm.core import timeline_facts
from plaincrm.core.facts import Facts
from plaincrm.crm import day_index, follow_up
from plaincrm.sales import deals
from plaincrm.support import tickets


@cache
def all_facts() -> Facts:
    """Every computed field there is."""
    return Facts((*timeline_facts.FACTS, *deals.FACTS, *tickets.FACTS, *follow_up.FACTS, *day_index.FACTS))

"""The one list of facts: those of every room, for queries, columns, templates, cache and docs.

`NAMES` says which module declares which facts, so that a command imports those modules alone whose
facts it asks for. A `^` marks a fact that needs other records. `tests/crm/test_facts.py` holds the
list equal to what the modules declare.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from importlib import import_module

from plaincrm.core.records.facts import Fact, FactModule, Facts

_CLOCKS = " ".join(
    f"sla.{clock} sla.{clock}_due sla.{clock}_state"
    for clock in ("first_reply", "next_reply", "resolution")
)
_ITEMS = "items.product items.quantity items.total items.cost^ margin^"
_BILLED = "invoiced paid outstanding uninvoiced reminder_level"
_BILLED_DEALS = "invoiced^ paid^ outstanding^ uninvoiced^ reminder_level^"
_CONTACT = "last_touch^ idle^ rhythm^ cadence_due^ is:quiet^ is:unpaid^"
NAMES: dict[str, dict[str, str]] = {
    "core.records.timeline_facts": {
        "*": "last_entry began own_touch next_task is:contested _touched _changes _tasks",
    },
    "sales.deals": {
        "deal": "is:open is:won is:lost is:parked stage_status chance worth weighted mrr "
        "is:recurring last_stage_change idle rots_on is:rotting ended age cycle cancel_by "
        "is:overdue is:no_next _figures _course is:unpaid",
    },
    "sales.orders": {"*": "_orders _invoices"},
    "sales.items": {"deal": _ITEMS, "log": _ITEMS},
    "sales.invoices": {"deal": _BILLED, "contact": _BILLED_DEALS, "company": _BILLED_DEALS},
    "sales.score_facts": {
        "*": "_log_types",
        "contact": "score^ is:hot^",
        "company": "score^ is:hot^",
        "deal": "score^ is:hot^ learned_score^",
    },
    "sales.close_dates": {"deal": "pushed"},
    "sales.deal_risk": {"deal": "risk next_best"},
    "support.tickets": {
        "ticket": "is:open is:new is:pending is:hold is:solved is:closed opened_at first_reply "
        "solved_at reopens unanswered_since is:unanswered is:overdue is:due idle",
    },
    "support.sla_facts": {"ticket": f"_history _sla _promises {_CLOCKS} sla.due is:breached"},
    "support.ticket_times": {"ticket": "_times _words"},
    "support.ticket_mail": {"*": "_message_ids"},
    "support.feedback": {
        "*": "_ratings",
        "contact": "feedback.csat^ feedback.nps^",
        "company": "feedback.csat^ feedback.nps^",
    },
    "support.article_facts": {"article": "answered is:unused is:stale"},
    "marketing.enrolment_facts": {"contact": "_enrolments", "*": "_answers"},
    "marketing.consent_facts": {"contact": "is:suppressed^"},
    "crm.sequence_standings": {"contact": "sequence^ is:enrolled^"},
    "crm.mail_events": {"contact": "_mail_events"},
    "crm.reminders.cadence": {"contact": _CONTACT, "company": _CONTACT},
    "crm.reminders.birthdays": {"contact": "next_birthday"},
    "crm.reminders.index": {"*": "_reminders"},
    "crm.health": {
        "*": "_touch_days",
        "contact": "health^ is:at_risk^",
        "company": "health^ is:at_risk^",
    },
}


@cache
def all_facts() -> Facts:
    """Every computed field there is."""
    return Facts(_module(name) for name in NAMES)


def _module(name: str) -> FactModule:
    names = {
        kind: {word.rstrip("^"): word.endswith("^") for word in words.split()}
        for kind, words in NAMES[name].items()
    }
    return FactModule(names, partial(declared, name))


def declared(name: str) -> Sequence[Fact]:
    """What a module of `NAMES` declares."""
    found: Sequence[Fact] = import_module(f"plaincrm.{name}").FACTS
    return found

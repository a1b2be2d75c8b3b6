"""The short form of service levels, kept by the cache, tells the same as the clocks in full."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest

from plaincrm.core import query
from plaincrm.core.records.facts import Context
from plaincrm.core.value_class import changed
from plaincrm.support.figures import support_figures, support_period
from plaincrm.support.sla import all_promises, now_of, promise_of, service_of
from plaincrm.support.sla_settings import CLOCKS
from plaincrm.support.ticket_history import DONE_STATUSES, history_of
from plaincrm.support.ticket_times import all_times, times_of, was_open
from tests.contexts import context

NOW = datetime(2026, 11, 20, 12)
BY_PRIORITY = """
hours: {desk: {zone: Europe/Berlin, days: 'Mon-Fri 09:00-17:00', holidays: none}}
sla: {high: {first_reply: 1h, resolution: 1bd}, normal: {first_reply: 4h, next_reply: 2h}}
"""
BY_QUERY = (
    BY_PRIORITY.replace("sla: {", "sla: {'+vip': {first_reply: 30min, hours: late}, ")
    + "  # a second schedule\n"
).replace("holidays: none}}", "holidays: none}, late: {days: 'Sat-Sun 10:00-12:00'}}")


def tickets(seed: int, count: int = 60) -> dict[str, str]:
    """Tickets with messages and changes of status around `NOW`, some of them after it."""
    chance = random.Random(seed)
    return {f"tickets/t{n}.md": ticket(chance) for n in range(count)}


def ticket(chance: random.Random) -> str:
    at = NOW - timedelta(minutes=chance.randrange(20_000))
    opened, status, log = at, "new", []
    for _ in range(chance.randrange(6)):
        at += timedelta(minutes=chance.randrange(1, 3_000))
        kind = chance.choice(("message in", "reply out", "status"))
        text = chance.choice(("printer", "invoice", "login"))
        if kind == "status":
            before, status = status, chance.choice(("open", "pending", "solved"))
            text = f"{before} -> {status}"
        log.append(f"- {at:%Y-%m-%d %H:%M} {kind}: {text}")
    tags = "tags: [vip]\n" if chance.random() < 0.3 else ""
    fields = (
        f"subject: The printer again\n{tags}priority: {chance.choice(('high', 'normal', 'low'))}"
    )
    head = f"---\n{fields}\nopened: {opened:%Y-%m-%d %H:%M}\nstatus: {status}\n---\n\n"
    return head + "## Log\n" + "\n".join(log) + "\n"


def book(settings: str, seed: int = 1) -> Context:
    return context(tickets(seed), NOW.isoformat(), settings)


@pytest.mark.parametrize("settings", [BY_PRIORITY, BY_QUERY])
@pytest.mark.parametrize("later", [-3000, -60, 0, 600, 5000])
def test_the_kept_promises_are_those_of_the_clocks(settings: str, later: int) -> None:
    here = changed(book(settings), now=NOW + timedelta(minutes=later))
    now = now_of(here)
    every = list(here.store.records("ticket"))
    assert all_promises(here) == [promise_of(each, here) for each in every]
    for each in every:
        service, promise = service_of(each, here), promise_of(each, here)
        assert promise == service.promise
        assert promise.is_broken(now) == service.is_breached(now)
        states = {service.clock(name).state(now) for name in CLOCKS}
        assert promise.is_decided(now) == bool(states & {"met", "breached"})


@pytest.mark.parametrize("settings", [BY_PRIORITY, BY_QUERY])
def test_the_times_of_all_are_those_of_each(settings: str) -> None:
    here = book(settings)
    assert all_times(here) == [times_of(each, here) for each in here.store.records("ticket")]


@pytest.mark.parametrize("later", [-9000, -700, 0, 2500])
def test_what_was_open_is_what_the_history_says(later: int) -> None:
    here = book(BY_PRIORITY)
    moment = now_of(here) + later * 60
    for each in here.store.records("ticket"):
        known = history_of(each, here).until(moment)
        begun = known.opened is not None and known.opened <= moment
        status = known.statuses()[-1].status if begun else "solved"
        assert was_open(times_of(each, here), moment) == (status not in DONE_STATUSES)


@pytest.mark.parametrize("settings", [BY_PRIORITY, BY_QUERY, ""])
@pytest.mark.parametrize("words", ["is:breached", "not is:breached", "is:breached is:open"])
def test_a_query_for_breaches_gives_those_that_each_ticket_tells(settings: str, words: str) -> None:
    here = book(settings)
    wanted = query.compile([words], here.store.schema.kinds["ticket"], here)
    found = [each.id for each in wanted.all()]
    assert found == [each.id for each in here.store.records("ticket") if wanted.matches(each)]


@pytest.mark.parametrize("settings", [BY_PRIORITY, BY_QUERY])
def test_a_report_of_all_is_that_of_every_one_chosen(settings: str) -> None:
    here = book(settings)
    days = date(2026, 11, 10), date(2026, 11, 20)
    chosen = support_period(list(here.store.records("ticket")), here, *days)
    whole = support_period(None, here, *days)
    assert whole == chosen
    assert support_figures(whole) == support_figures(chosen)

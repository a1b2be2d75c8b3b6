"""`plaincrm sla`: how the service levels of a ticket were worked out."""

from __future__ import annotations

from tests.conftest import Crm


def test_explain_shows_the_spans_that_count(crm: Crm) -> None:
    out = crm("sla", "explain", "login-broken-k7m2").out
    assert "Target: high. Hours: office, Europe/Berlin. Holidays: DE-BE." in out
    assert "First reply: met" in out
    assert "took 53 minutes, 187 minutes to spare" in " ".join(out.split())
    assert "Resolution: breached" in out
    assert "Wed 2026-11-18 09:12  Wed 2026-11-18 17:00  468 minutes" in out


def test_explain_as_json(crm: Crm) -> None:
    found = crm("sla", "explain", "login-broken-k7m2", "--json").json
    assert found["kind"] == "sla"
    first = found["results"][0]
    assert first["clock"] == "first_reply"
    assert first["state"] == "met"
    assert first["minutes"] == 53
    assert first["due"] == "2026-11-18T13:12:00+01:00"
    assert first["spans"] == [
        {"from": "2026-11-18T09:12:00+01:00", "to": "2026-11-18T10:05:00+01:00"}
    ]


def test_a_ticket_that_is_not_there(crm: Crm) -> None:
    assert crm("sla", "explain", "nothing-0000").code == 3


def test_queries_and_columns_know_the_service_levels(crm: Crm) -> None:
    late = crm("list", "tickets", "is:breached", "is:open", "--ids").out.split()
    assert "ticket/login-broken-k7m2" in late
    soon = crm("list", "tickets", "sla.due<+2h", "--ids").out.split()
    assert "ticket/login-broken-k7m2" in soon
    states = crm("list", "tickets", "sla.first_reply_state:breached", "--count")
    assert states.code == 0
    shown = crm("list", "tickets", "id:login-broken-k7m2", "--columns", "sla.first_reply,sla.due")
    assert shown.out.splitlines()[1].split() == ["53", "2026-11-20", "09:12"]


def test_business_days_know_the_holidays_of_the_book(crm: Crm) -> None:
    """Away from 21 December to 6 January; 8 March is a holiday in Berlin."""
    ran = crm("--today", "2026-12-18", "task", "add", "kari-berg", "Call", "due:+1bd")
    assert "2027-01-07" in ran.err
    ran = crm("--today", "2027-03-05", "task", "add", "kari-berg", "Write", "due:+1bd")
    assert "2027-03-09" in ran.err

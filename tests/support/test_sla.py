"""Service levels: published vectors, the three clocks, and which target holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from tests.contexts import context, only

DAILY = "hours: {desk: {zone: UTC, days: 'daily 09:00-18:00', holidays: none}}\n"
TWO_HOURS = DAILY + "sla: {normal: {first_reply: 120min, next_reply: 60min, resolution: 240min}}\n"
DAY = "2013-06-04"


def ticket(
    fields: str, log: str = "", now: str = "18:00", settings: str = TWO_HOURS
) -> tuple[Record, Context]:
    """A ticket of 2013-06-04, its log given as `TIME ENTRY` lines."""
    lines = "\n".join(f"- {DAY} {line.strip()}" for line in log.strip().splitlines())
    text = f"---\nsubject: Help\n{fields}\n---\n\n## Log\n{lines}\n"
    return only("tickets/help.md", text, f"{DAY}T{now}", settings)


def fact(found: tuple[Record, Context], name: str) -> Any:
    record, here = found
    value = here.fact(record, name)
    return value.strftime("%H:%M") if isinstance(value, datetime) else value


def test_pending_and_solved_time_is_cut_out() -> None:
    """Zammad: open 9:00, pending 9:30 to 9:45, closed 10:00 to 10:30, open again."""
    found = ticket(
        f"status: open\nopened: {DAY} 09:00",
        """09:30 status: open -> pending
        09:45 status: pending -> open
        10:00 status: open -> closed
        10:30 status: closed -> open""",
    )
    assert fact(found, "sla.first_reply_due") == "11:45"


def test_a_ticket_that_was_born_pending() -> None:
    """Zammad: worked 30 minutes of 240, the first reply at 13:30 at the latest."""
    found = ticket(
        f"status: closed\nopened: {DAY} 09:00",
        """10:30 status: pending -> open
        11:00 status: open -> pending
        12:00 status: pending -> closed""",
    )
    assert fact(found, "sla.first_reply_due") == "13:30"
    assert fact(found, "sla.resolution") == 30
    assert fact(found, "sla.resolution_state") == "met"


def test_and_was_opened_again() -> None:
    """Zammad: 13:00 and 15:00, worked 60 minutes."""
    found = ticket(
        f"status: closed\nopened: {DAY} 09:00",
        """10:30 status: pending -> open
        11:00 status: open -> pending
        11:30 status: pending -> open
        12:00 status: open -> closed""",
    )
    assert fact(found, "sla.first_reply_due") == "13:00"
    assert fact(found, "sla.resolution_due") == "15:00"
    assert fact(found, "sla.resolution") == 60


@pytest.mark.parametrize(
    ("reply", "minutes", "state"), [("10:00", 30, "met"), ("14:00", 270, "breached")]
)
def test_the_first_reply(reply: str, minutes: int, state: str) -> None:
    """Zammad: opened 9:30, target 60 minutes."""
    hour = DAILY + "sla: {normal: {first_reply: 60min}}\n"
    found = ticket(f"status: open\nopened: {DAY} 09:30", f"{reply} reply out: Look", settings=hour)
    assert fact(found, "sla.first_reply") == minutes
    assert fact(found, "sla.first_reply_state") == state
    assert fact(found, "is:breached") is (state == "breached")


@pytest.mark.parametrize(
    ("now", "state"), [("09:30", "active"), ("11:00", "active"), ("11:01", "breached")]
)
def test_the_moment_decides_between_active_and_breached(now: str, state: str) -> None:
    found = ticket(f"status: new\nopened: {DAY} 09:00", now=now)
    assert fact(found, "sla.first_reply_state") == state
    assert fact(found, "sla.first_reply") is None
    assert fact(found, "sla.due") == "11:00"


def test_a_paused_clock_stands_still() -> None:
    log = "10:00 status: open -> pending"
    found = ticket(f"status: pending\nopened: {DAY} 09:00", log, now="17:00")
    assert fact(found, "sla.first_reply_state") == "paused"
    assert fact(found, "sla.due") is None
    late = ticket(f"status: pending\nopened: {DAY} 09:00", log.replace("10:00", "12:00"))
    assert fact(late, "sla.first_reply_state") == "breached"


def test_hold_pauses_where_the_book_says_so() -> None:
    log = "10:00 status: open -> hold\n12:00 status: hold -> open"
    fields = f"status: open\nopened: {DAY} 09:00"
    assert fact(ticket(fields, log), "sla.first_reply_due") == "11:00"
    pausing = TWO_HOURS.replace("sla: {", "sla: {pauses: [pending, hold], ")
    assert fact(ticket(fields, log, settings=pausing), "sla.first_reply_due") == "13:00"


def test_the_next_reply_is_due_from_the_oldest_message_without_an_answer() -> None:
    fields = f"status: open\nopened: {DAY} 09:00"
    log = """09:00 reply in: Help
    09:10 reply in: Hello?
    09:20 reply out: Look
    09:40 reply out: And here
    10:00 reply in: Not yet
    10:30 reply in: Still not"""
    found = ticket(fields, log, now="10:45")
    assert fact(found, "sla.next_reply_due") == "11:00"
    assert fact(found, "sla.next_reply_state") == "active"
    assert fact(found, "sla.next_reply") is None
    answered = ticket(fields, log + "\n11:30 reply out: Try this\n12:00 email in: Thanks")
    assert fact(answered, "sla.next_reply") == 90
    assert fact(answered, "sla.next_reply_state") == "breached"
    assert fact(answered, "sla.next_reply_due") == "13:00"


def test_without_a_first_reply_no_next_reply_runs() -> None:
    found = ticket(f"status: open\nopened: {DAY} 09:00", "09:00 reply in: Help\n10:00 reply in: ?")
    assert fact(found, "sla.next_reply_state") == "none"
    assert fact(found, "sla.next_reply_due") is None


def test_a_ticket_solved_without_a_reply_ends_its_reply_clocks() -> None:
    fields = f"status: solved\nopened: {DAY} 09:00"
    found = ticket(fields, "10:00 status: new -> solved")
    assert fact(found, "sla.first_reply") is None
    assert fact(found, "sla.first_reply_state") == "met"
    assert fact(ticket(fields, "12:00 status: new -> solved"), "sla.first_reply_state") == (
        "breached"
    )


def test_a_late_solution_is_a_breach() -> None:
    log = "09:30 reply out: Look\n15:00 status: new -> solved"
    found = ticket(f"status: solved\nopened: {DAY} 09:00", log)
    assert fact(found, "sla.resolution") == 360
    assert fact(found, "sla.resolution_state") == "breached"
    assert fact(found, "sla.due") is None


def test_the_last_solution_counts() -> None:
    log = """10:00 status: open -> solved
    12:00 status: solved -> open
    13:00 status: open -> solved
    14:00 status: solved -> closed"""
    found = ticket(f"status: closed\nopened: {DAY} 09:00", log)
    assert fact(found, "sla.resolution") == 120


def test_solved_in_the_editor_with_no_entry() -> None:
    found = ticket(f"status: solved\nopened: {DAY} 09:00\nsolved: {DAY} 11:30")
    assert fact(found, "sla.resolution") == 150


def test_nothing_is_promised_without_a_target() -> None:
    found = ticket(f"status: open\nopened: {DAY} 09:00", "10:00 reply out: Look", settings=DAILY)
    assert fact(found, "sla.first_reply") == 60
    assert fact(found, "sla.first_reply_state") == "none"
    assert fact(found, "sla.resolution_state") == "none"
    assert fact(found, "sla.due") is None


def test_a_reply_before_the_opening_is_left_out() -> None:
    found = ticket(f"status: open\nopened: {DAY} 12:00", "10:00 reply out: Look")
    assert fact(found, "sla.first_reply") is None


def test_entries_to_come_do_not_count_yet() -> None:
    log = "15:00 reply out: I shall write"
    found = ticket(f"status: open\nopened: {DAY} 09:00", log, now="12:00")
    assert fact(found, "sla.first_reply_state") == "breached"
    assert fact(found, "sla.first_reply") is None


def test_deadlines_are_shown_in_the_zone_of_the_book() -> None:
    berlin = "timezone: Europe/Berlin\n" + TWO_HOURS
    found = ticket(f"status: open\nopened: {DAY} 11:00+02:00", settings=berlin, now="11:30")
    assert fact(found, "sla.first_reply_due") == "13:00"


RULES = """
hours: {desk: {zone: UTC, days: 'daily 09:00-18:00'}, night: {zone: UTC, days: 'daily 18-24'}}
sla:
  company.tags:vip: {first_reply: 1h, hours: night}
  tag:print: {first_reply: 3h}
  urgent: {first_reply: 2h}
"""


@pytest.mark.parametrize(
    ("fields", "due"),
    [
        ("priority: urgent", "11:00"),
        ("priority: urgent\ntags: [print]", "12:00"),
        ("priority: low\ncompany: big\ntags: print", "19:00"),
        ("priority: low", None),
    ],
)
def test_the_first_query_that_fits_decides_else_the_priority(fields: str, due: str | None) -> None:
    files = {
        "companies/big.md": "name: Big\ntags: vip",
        "tickets/help.md": f"subject: Help\nopened: {DAY} 09:00\n{fields}",
    }
    here = context(files, f"{DAY}T10:00", RULES)
    record = here.store.get("ticket", "help")
    assert record is not None
    assert fact((record, here), "sla.first_reply_due") == due


@given(
    st.lists(st.integers(0, 700), min_size=1, max_size=8, unique=True).map(sorted),
    st.integers(1, 200),
)
def test_a_pause_never_brings_a_deadline_nearer(minutes: list[int], length: int) -> None:
    """Each status lasts from one minute to the next; one pause more moves no deadline back."""
    words = ["pending", "open", "hold", "solved"]
    start = datetime.fromisoformat(f"{DAY} 09:00")
    log, before = [], "open"
    for n, minute in enumerate(minutes):
        now = words[n % len(words)]
        log.append(f"{start + timedelta(minutes=minute):%H:%M} status: {before} -> {now}")
        before = now
    last = start + timedelta(minutes=minutes[-1])
    fields = f"status: open\nopened: {DAY} 09:00"
    ended = [*log, f"{last + timedelta(minutes=1):%H:%M} status: {before} -> open"]
    later = last + timedelta(minutes=2 + length)
    paused = [
        *ended,
        f"{last + timedelta(minutes=2):%H:%M} status: open -> pending",
        f"{later:%H:%M} status: pending -> open",
    ]
    one, other = (ticket(fields, "\n".join(lines), "23:59") for lines in (ended, paused))
    for name in ("sla.first_reply_due", "sla.resolution_due"):
        early, late = (here.fact(record, name) for record, here in (one, other))
        assert early <= late


def test_minutes_have_two_decimals_at_most() -> None:
    found = ticket(f"status: open\nopened: {DAY} 09:00", "09:10:20 reply out: Look")
    assert fact(found, "sla.first_reply") == Decimal("10.33")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("sla: {urgent: {first_reply: 1w}}", "no length of working time"),
        ("sla: {urgent: {firstreply: 1h}}", "unknown setting"),
        ("sla: {urgent: {first_reply: 1h, hours: moon}}", "no hours"),
        ("sla: {'is:breached': {first_reply: 1h}}", "service levels decide"),
        ("sla: {pauses: [open]}", "no status in which"),
        ("hours: {a: {days: 'Mon 9-25'}}", "no hours of a day"),
        ("hours: {a: {zone: Moon/Base, days: 'Mon 9-17'}}", "unknown time zone"),
        ("hours: {a: {days: 'Mon 9-17', holidays: Mars}}", "no country or region"),
        ("hours: {a: {holidays: DE}}", "name no days"),
    ],
)
def test_what_is_wrong_with_the_settings_is_told(settings: str, message: str) -> None:
    from plaincrm.core.schema import settings_file
    from plaincrm.crm.settings_sections import NAMES, all_sections

    found = settings_file.parse(settings, pillars=NAMES).problems_of(all_sections())
    assert any(message in problem.message for problem in found), found

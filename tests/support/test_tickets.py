from __future__ import annotations

from datetime import date, datetime

import pytest

from plaincrm.core.records.edits import AddEntry, DeleteField, Edit, SetField, apply
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.errors import Refused
from plaincrm.support import tickets
from tests.contexts import only


def ticket(
    fields: str = "", log: str = "", today: str = "2026-11-21T12:00"
) -> tuple[Record, Context]:
    body = f"\n## Log\n{log}" if log else ""
    return only("tickets/login.md", f"---\nsubject: Login\n{fields}\n---\n{body}", today)


def fact(name: str, fields: str = "", log: str = "", today: str = "2026-11-21T12:00") -> object:
    record, context = ticket(fields, log, today)
    return context.fact(record, name)


@pytest.mark.parametrize("status", tickets.STATUSES)
def test_a_ticket_is_open_until_it_is_solved_or_closed(status: str) -> None:
    assert fact("is:open", f"status: {status}") is (status not in ("solved", "closed"))
    assert fact("is:solved", f"status: {status}") is (status == "solved")


def test_a_ticket_without_a_status_is_new() -> None:
    assert fact("is:new") is True


def test_opened_at_is_the_field_else_the_earliest_entry_else_created() -> None:
    log = "- 2026-11-10 09:30 reply in: Help\n- 2026-11-09 note: Rang before\n"
    assert fact("opened_at", "opened: 2026-11-01 08:00", log) == datetime(2026, 11, 1, 8)
    assert fact("opened_at", "", log) == date(2026, 11, 9)
    assert fact("opened_at", "created: 2026-11-02") == date(2026, 11, 2)
    assert fact("opened_at") is None


def test_the_first_reply_is_a_reply_and_no_note() -> None:
    log = (
        "- 2026-11-10 09:00 note: Hm\n- 2026-11-10 10:00 reply out: Look\n- 2026-11-11 reply out:"
        " And\n"
    )
    assert fact("first_reply", "opened: 2026-11-10 08:00", log) == datetime(2026, 11, 10, 10)
    assert fact("first_reply", "opened: 2026-11-10 08:00") is None


def test_a_reply_dated_before_the_opening_is_none() -> None:
    log = "- 2026-11-09 10:00 reply out: Look\n"
    assert fact("first_reply", "opened: 2026-11-10 08:00", log) is None
    same_day = "- 2026-11-10 reply out: Look\n"
    assert fact("first_reply", "opened: 2026-11-10 08:00", same_day) == date(2026, 11, 10)


def test_resolution_is_the_last_time_solved_and_reopens_count() -> None:
    log = (
        "- 2026-11-10 status: new -> solved\n- 2026-11-12 status: solved -> open\n"
        "- 2026-11-14 status: open -> solved\n"
    )
    assert fact("solved_at", "status: solved", log) == date(2026, 11, 14)
    assert fact("solved_at", "status: open", log) is None
    assert fact("reopens", "status: solved", log) == 1
    assert fact("reopens", "status: new") == 0


@pytest.mark.parametrize(
    ("status", "log", "expected"),
    [
        ("new", "", True),
        ("open", "", True),
        ("hold", "", False),
        ("new", "- 2026-11-10 note: Hm\n", True),
        ("open", "- 2026-11-10 reply in: Help\n- 2026-11-10 reply out: Look\n", False),
        ("open", "- 2026-11-10 reply out: Look\n- 2026-11-11 reply in: Still\n", True),
        ("pending", "- 2026-11-10 reply out: Look\n- 2026-11-11 email in: Still\n", True),
        ("pending", "- 2026-11-10 reply out: Look\n", False),
        ("solved", "- 2026-11-10 reply in: Help\n", False),
        # newest first
        (
            "open",
            "- 2026-11-12 reply out: Look\n- 2026-11-12 reply in: Help\n- 2026-11-10 note: Hm\n",
            False,
        ),
    ],
)
def test_unanswered_is_the_customer_spoke_last_or_nobody_replied(
    status: str, log: str, expected: bool
) -> None:
    assert fact("is:unanswered", f"status: {status}", log) is expected


def test_a_customer_waits_from_the_oldest_message_without_an_answer() -> None:
    log = (
        "- 2026-11-10 reply out: Look\n- 2026-11-11 reply in: Still\n- 2026-11-13 reply in:"
        " Hello?\n"
    )
    assert fact("unanswered_since", "status: open", log) == date(2026, 11, 11)
    assert fact("unanswered_since", "opened: 2026-11-05 23:30") == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("due", "overdue", "today"),
    [
        ("2026-11-20", True, True),
        ("2026-11-21", False, True),
        ("2026-11-21 11:59", True, True),
        ("2026-11-21 12:01", False, True),
        ("2026-11-21 12:30+01:00", True, True),  # 11:30 on the clock of the book
        ("2026-11-21 13:30+01:00", False, True),
        ("2026-11-22", False, False),
        ("whenever", False, False),
    ],
)
def test_due_and_overdue(due: str, overdue: bool, today: bool) -> None:
    assert fact("is:overdue", f"due: {due}") is overdue
    assert fact("is:due", f"due: {due}") is today
    assert fact("is:overdue", f"due: {due}\nstatus: solved") is False


def entries(edits: list[Edit]) -> list[str]:
    found = [edit.entry for edit in edits if isinstance(edit, AddEntry)]
    return [" ".join(filter(None, (entry.type, entry.direction, entry.text))) for entry in found]


def test_a_new_ticket_is_opened_now() -> None:
    _, context = ticket()
    assert tickets.opening(context, subject="Login") == {
        "status": "new",
        "opened": "2026-11-21 12:00",
        "subject": "Login",
    }


def test_a_reply_waits_for_the_customer_and_is_a_first_reply() -> None:
    record, context = ticket("status: new\nopened: 2026-11-20 09:00")
    edits = tickets.reply(record, "Look here", context)
    assert entries(edits) == ["reply out Look here", "status new -> pending"]
    text = apply(record.load(), edits, record.kind.order)
    after, context = only("tickets/login.md", text, "2026-11-21T13:00")
    assert context.fact(after, "first_reply") == datetime(2026, 11, 21, 12)
    assert context.fact(after, "is:unanswered") is False


def test_a_message_of_the_customer_opens_it_again() -> None:
    record, context = ticket("status: solved\nsolved: 2026-11-20 10:00")
    edits = tickets.reply(record, "Broken again", context, "in")
    assert entries(edits) == ["reply in Broken again", "status solved -> open"]
    assert DeleteField("solved") in edits


def test_a_note_changes_no_status() -> None:
    record, context = ticket()
    assert entries(tickets.note(record, "Hm", context)) == ["note Hm"]


def test_solving_notes_when_and_solving_twice_writes_nothing() -> None:
    record, context = ticket("status: open")
    edits = tickets.solve(record, context, "Fixed")
    assert entries(edits) == ["reply out Fixed", "status open -> solved"]
    assert SetField("solved", "2026-11-21 12:00") in edits
    record, context = ticket("status: solved")
    assert tickets.solve(record, context) == []


def test_only_what_is_done_can_be_reopened() -> None:
    record, context = ticket("status: closed")
    assert entries(tickets.reopen(record, context)) == ["status closed -> open"]
    record, context = ticket("status: open")
    with pytest.raises(Refused, match="open already"):
        tickets.reopen(record, context)


def test_an_unknown_status_is_refused_with_the_nearest() -> None:
    record, context = ticket()
    with pytest.raises(Refused) as refused:
        tickets.set_status(record, "solvd", context)
    assert 'did you mean "solved"?' in refused.value.hint

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from plaincrm.core.records.facts import Context
from plaincrm.core.records.reminder import LEVELS, Reminder
from plaincrm.crm.reminders.agenda import agenda, events
from plaincrm.crm.reminders.index import all_handles, task_key
from plaincrm.crm.reminders.rules import by_reason
from plaincrm.crm.reminders.today import today as whole_day
from plaincrm.views.agenda import reminder_json
from tests.contexts import context, only, record


def today(here: Context, **wishes: Any) -> tuple[Reminder, ...]:
    return whole_day(here, **wishes).reminders


def items(path: str, text: str, day: str = "2026-11-21", settings: str = "") -> list[Reminder]:
    return list(today(only(path, text, day, settings)[1]))


def item(path: str, text: str, day: str = "2026-11-21", settings: str = "") -> Reminder:
    (found,) = items(path, text, day, settings)
    return found


def task(line: str, day: str = "2026-11-21") -> list[Reminder]:
    return items("contacts/ada.md", f"---\nname: Ada\n---\n- [ ] {line}\n", day)


@pytest.mark.parametrize(
    ("line", "level", "days"),
    [
        ("Call due:2026-11-19", "overdue", -2),
        ("Call due:2026-11-21", "today", 0),
        ("Call due:2026-11-28", "soon", 7),
        ("Call t:2026-11-20", "overdue", -1),
    ],
)
def test_a_task_shows_from_a_week_before_it_is_due(line: str, level: str, days: int) -> None:
    (found,) = task(line)
    assert (found.reason, found.level, found.days, found.text) == ("task", level, days, "Call")
    assert found.command == f"plaincrm done {found.handle}"


@pytest.mark.parametrize(
    "line", ["Call due:2026-11-29", "Call", "Call due:2026-11-19 t:2026-11-22"]
)
def test_tasks_of_later_without_a_day_or_snoozed_do_not_show(line: str) -> None:
    assert task(line) == []


def test_a_task_that_waits_for_somebody_says_so() -> None:
    (found,) = task("Contract due:2026-11-21 from:Kari")
    assert found.text == "waiting for Kari: Contract"


def test_an_invoice_is_reminded_of_once_it_is_late() -> None:
    text = "---\nname: Site\nstage: won\n---\n- [ ] invoice 7 100 EUR due:{}\n"
    late = item("deals/site.md", text.format("2026-11-20"))
    assert (late.reason, late.command) == ("invoice", "plaincrm email invoice-reminder deal/site")
    soon = item("deals/site.md", text.format("2026-11-22"))
    assert (soon.reason, soon.command) == ("invoice", f"plaincrm done {soon.handle}")
    assert item("deals/site.md", text.replace(" due:{}", "")).level == "today"


def test_a_next_action() -> None:
    found = item("contacts/ada.md", "name: Ada\nnext: 2026-11-21 Send the contract")
    assert (found.reason, found.level, found.text) == ("next", "today", "Send the contract")
    assert items("deals/site.md", "name: S\nstage: won\nnext: 2026-11-21 Send it") == []


@pytest.mark.parametrize(
    ("day", "level"),
    [
        ("2026-11-16", None),
        ("2026-11-17", "soon"),
        ("2026-11-21", "today"),
        ("2026-11-22", "overdue"),
    ],
)
def test_a_cadence_is_yellow_from_four_fifths_on_and_red_past_it(
    day: str, level: str | None
) -> None:
    found = items("contacts/ada.md", "name: Ada\ncadence: 20d\ncreated: 2026-11-01", day)
    assert [each.level for each in found] == ([level] if level else [])
    assert all(each.command == "plaincrm log contact/ada call" for each in found)


@pytest.mark.parametrize(
    ("birthday", "text"),
    [("1985-11-25", ["turns 41"]), ("11-28", ["birthday"]), ("11-29", []), ("11-20", [])],
)
def test_birthdays_show_for_a_week_ahead(birthday: str, text: list[str]) -> None:
    assert [
        each.text for each in items("contacts/ada.md", f"name: Ada\nbirthday: {birthday}")
    ] == text


def test_one_line_for_a_deal_that_is_overdue_and_rotting_and_has_no_next_step() -> None:
    found = item("deals/site.md", "name: Site\ncreated: 2026-01-01\nclose_date: 2026-11-01")
    assert (found.reason, found.level, found.day) == ("close_date", "overdue", date(2026, 11, 1))
    assert found.text == "expected to close 20 days ago; idle 324 days in lead; no next step"
    assert found.command == "plaincrm set deal/site close_date=+2w"


PUSHED = "- 2026-11-19 close_date: 2026-10-31 -> 2026-11-30\n"
PUSHED += "- 2026-11-20 close_date: 2026-11-30 -> 2026-12-31\n"


def test_the_risks_of_a_deal_stand_in_its_line() -> None:
    head = "---\nname: Site\ncreated: 2026-11-01\n{}---\n"
    log = f"## Log\n- 2026-10-01 call: Hello\n- 2026-11-20 note: x\n{PUSHED}"
    bare = item("deals/site.md", head.format("contact: ada\n") + log)
    assert (bare.reason, bare.level) == ("quiet_buyer", "overdue")
    assert bare.text == "no word from the buyer for 51 days; put off 2 times; no next step"
    assert bare.command == "plaincrm email follow-up deal/site"
    task = item("deals/site.md", head.format("") + f"- [ ] Ask\n{log}")
    assert task.text.endswith("; put off 2 times; no contact in the deal")
    planned = head.format("next: 2026-11-29 Decide\n") + log
    assert items("deals/site.md", planned) == []  # until its day comes
    due = item("deals/site.md", planned, "2026-11-29").text.split("; ")
    expected = ["Decide", "put off 2 times", "no word from the buyer for 59 days"]
    assert due == [*expected, "no contact in the deal"]
    assert items("deals/site.md", planned.replace("created", "stage: won\ncreated")) == []


def test_an_open_deal_without_a_next_step() -> None:
    found = item("deals/site.md", "name: Site\ncreated: 2026-11-20")
    assert (found.reason, found.level) == ("no_next_step", "today")
    parked = item("deals/site.md", "name: Site\nstage: parked")
    assert parked.text == "parked without a day to come back"
    assert items("deals/site.md", "name: Site\nstage: lost") == []


def test_a_parked_deal_comes_back_on_the_day_of_next() -> None:
    text = "name: Site\nstage: parked\nclose_date: 2026-01-01\nnext: 2027-01-07 Ask again"
    assert items("deals/site.md", text) == []
    assert item("deals/site.md", text, "2027-01-07").reason == "next"


def test_a_renewal_shows_before_the_last_day_to_cancel() -> None:
    text = "name: Care\nstage: won\nvalue: 100/month\nends: 2027-03-31\nnotice: 3m"
    found = item("deals/care.md", text, "2026-12-20")
    assert (found.reason, found.level, found.day) == ("renewal", "soon", date(2026, 12, 31))
    assert found.command == "plaincrm set deal/care ends=2028-03-31"
    assert items("deals/care.md", text, "2026-11-30") == []
    assert items("deals/care.md", text, "2027-04-01") == []
    assert items("deals/care.md", text.replace("won", "lost"), "2026-12-20") == []
    assert items("deals/care.md", "name: One-off\nstage: won\nvalue: 100\nends: 2026-11-30") == []


def test_tickets_due_and_unanswered_are_one_line() -> None:
    text = "subject: Login\nopened: 2026-11-19\npriority: high\ndue: 2026-11-20 10:00"
    found = item("tickets/login.md", text)
    assert (found.reason, found.level) == ("ticket_due", "overdue")
    assert found.text == "high ticket due 2026-11-20 10:00; high ticket unanswered since 2026-11-19"
    found = item("tickets/login.md", "subject: Login\nopened: 2026-11-19")
    assert (found.reason, found.command) == ("unanswered", "plaincrm ticket reply login")


def test_conflicts_and_drafts() -> None:
    text = "name: Engines\n_conflicts:\n  city:\n    base: A\n    values: [B, C]"
    here = only("companies/engines.md", text)[1]
    conflict, draft = today(here, drafts=2)
    assert (conflict.reason, conflict.command) == ("conflict", "plaincrm resolve company/engines")
    assert "city" in conflict.text
    assert (draft.reason, draft.text, draft.command) == (
        "draft",
        "2 drafts wait",
        "plaincrm outbox list",
    )


def test_a_snoozed_reason_stays_away_until_its_day() -> None:
    text = (
        "name: Ada\ncadence: 20d\ncreated: 2026-01-01\nbirthday: 11-22\nsnoozed: {cadence:"
        " 2026-11-25}"
    )
    assert [each.reason for each in items("contacts/ada.md", text)] == ["birthday"]
    assert items("contacts/ada.md", text, "2026-11-25")[0].reason == "cadence"
    odd = text.replace("2026-11-25", "soon")
    assert len(items("contacts/ada.md", odd)) == 2


def test_away_hides_what_is_not_urgent() -> None:
    away = "away: [2026-11-20..2026-11-30]"
    tasks = "- [ ] Call due:2026-11-20\n- [ ] Pay due:2026-11-20 pri:high\n"
    body = f"---\nname: Ada\nbirthday: 11-22\n---\n{tasks}"
    here = only("contacts/ada.md", body, settings=away)[1]
    assert [each.text for each in today(here, drafts=1)] == ["Pay"]


CALL = "- [ ] Call due:2026-11-{}\n"
FILES = {
    "contacts/ada.md": (
        "---\nname: Ada\nnext: 2026-11-25 Ask\nbirthday: 11-23\n---\n" + CALL.format(20)
    ),
    "contacts/kari.md": "---\nname: Kari\n---\n" + 2 * CALL.format(21) + "- [ ] Later\n",
    "deals/site.md": "name: Site\nclose_date: 2026-12-01\nnext: 2026-11-30 Offer",
    "tickets/o'brien.md": "subject: Login\nopened: 2026-11-19",
}


def test_the_most_urgent_stands_first() -> None:
    found = today(context(FILES))
    levels = [LEVELS.index(each.level) for each in found]
    assert levels == sorted(levels)
    assert {each.reason for each in found} <= set(by_reason())


def test_handles_are_unique_also_of_equal_tasks_and_the_same_in_lists() -> None:
    here = context(FILES)
    found = [each.handle for each in today(here)]
    assert len(set(found)) == len(found)
    kari = here.store.get("contact", "kari")
    assert kari is not None
    assert all(task_key(kari, each) in all_handles(here) for each in kari.tasks)


def test_handles_stay_from_day_to_day() -> None:
    def handle(day: str) -> str:
        return next(each.handle for each in today(context(FILES, day)) if each.text == "Ask")

    assert handle("2026-11-21") == handle("2026-11-24")


def test_commands_quote_what_a_shell_would_read() -> None:
    found = next(each for each in today(context(FILES)) if each.ref.startswith("ticket/"))
    assert found.command == """plaincrm ticket reply 'o'"'"'brien'"""


def test_the_json_has_the_documented_keys_in_order() -> None:
    (found,) = task("Send the contract due:2026-11-19")
    assert reminder_json(found) == {
        "due": "2026-11-19",
        "days": -2,
        "reason": "task",
        "level": "overdue",
        "handle": found.handle,
        "kind": "contact",
        "id": "ada",
        "title": "Ada",
        "text": "Send the contract",
        "command": f"plaincrm done {found.handle}",
    }
    assert list(reminder_json(found)) == [
        "due",
        "days",
        "reason",
        "level",
        "handle",
        "kind",
        "id",
        "title",
        "text",
        "command",
    ]


def days(here: Context, ahead: int) -> dict[str, list[str]]:
    return {str(day.day): [item.text for item in day.reminders] for day in agenda(here, ahead)}


def test_the_agenda_lists_what_is_due_by_day() -> None:
    assert days(context(FILES), 9) == {
        "2026-11-21": ["Call", "Call"],
        "2026-11-23": ["birthday"],
        "2026-11-25": ["Ask"],
        "2026-11-30": ["Offer"],
    }
    assert "2026-12-01" in days(context(FILES), 10)


def test_a_snoozed_matter_stands_in_the_agenda_on_the_day_it_comes_back() -> None:
    here = only("contacts/ada.md", "---\nname: Ada\n---\n- [ ] Call due:2026-11-20 t:2026-11-24\n")[
        1
    ]
    assert days(here, 9) == {"2026-11-24": ["Call"]}


def test_a_calendar_has_every_dated_matter_with_an_identity_that_outlives_its_day() -> None:
    def entries(text: str) -> dict[str, tuple[str, str]]:
        found = events(only("contacts/ada.md", text)[1])
        return {event.uid: (str(event.when), event.summary) for event in found}

    first = entries(
        "---\nname: Ada\nnext: 2026-11-25 Ask\n---\n- [ ] Call due:2026-11-20\n- [ ] Later\n"
    )
    assert sorted(first.values()) == [("2026-11-20", "Ada: Call"), ("2026-11-25", "Ada: Ask")]
    moved = entries("---\nname: Ada\nnext: 2027-01-25 Ask\n---\n- [ ] Call due:2026-12-20\n")
    assert moved.keys() == first.keys()


def test_a_record_that_changes_changes_what_waits() -> None:
    here = context({"contacts/ada.md": "---\nname: Ada\n---\n" + CALL.format(20)})
    assert len(today(here)) == 1
    here.store.put(record("contacts/ada.md", "name: Ada", here.settings))
    assert today(here) == ()

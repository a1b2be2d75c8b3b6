from __future__ import annotations

from datetime import date

import pytest

from plaincrm.core.records.edits import apply
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.reminder import Reminder
from plaincrm.crm.reminders import act, index
from plaincrm.crm.reminders.handles import code
from plaincrm.crm.reminders.today import today
from plaincrm.errors import Ambiguous, NotFound, Refused
from tests.contexts import context, only


def _shown(here: Context) -> tuple[Reminder, ...]:
    return today(here).reminders


def reminder(reason: str, here: Context) -> Reminder:
    return next(each for each in index.reminders(here) if each.reason == reason)


def only_one(word: str, here: Context) -> Reminder:
    (found,) = act.resolve([word], here)
    return found


def after(path: str, text: str, reason: str, until: date | None = None) -> tuple[Record, Context]:
    """The record after `done`, or `snooze` where there is a day, in the same context."""
    record, here = only(path, text)
    found = reminder(reason, here)
    edits = act.snooze(found, until, here) if until else act.done(found, here)
    return only(path, apply(record.load(), edits, record.kind.order))


ADA = "---\nname: Ada\n{}---\n{}"
TASK = ADA.format("", "- [ ] Call due:2026-11-20{}\n")


def test_done_ticks_a_task() -> None:
    record, here = after("contacts/ada.md", TASK.format(""), "task")
    assert (record.tasks[0].done, record.tasks[0].done_on) == (True, date(2026, 11, 21))
    assert today(here).reminders == ()


def test_done_moves_a_recurring_task_on() -> None:
    record, _ = after("contacts/ada.md", TASK.format(" rec:2w"), "task")
    assert (record.tasks[0].done, record.tasks[0].due) == (False, date(2026, 12, 5))
    assert [entry.type for entry in record.log] == ["task"]


def test_the_right_one_of_two_equal_tasks_is_ticked() -> None:
    text = ADA.format("", "- [ ] Call\n- [ ] Call\n")
    record, here = only("contacts/ada.md", text)
    second = only_one(code(index.key(list(index.reminders(here))[1])), here)
    after = apply(text, act.done(second, here), record.kind.order)
    assert after.endswith("- [ ] Call\n- [x] Call done:2026-11-21\n")


def test_done_takes_a_next_action_away_and_logs_it() -> None:
    record, _ = after("contacts/ada.md", ADA.format("next: 2026-11-21 Send it\n", ""), "next")
    assert "next" not in record.fields
    assert [(entry.type, entry.text) for entry in record.log] == [("task", "Send it")]


def test_done_on_a_cadence_is_a_touch() -> None:
    record, here = after(
        "contacts/ada.md", ADA.format("cadence: 20d\ncreated: 2026-01-01\n", ""), "cadence"
    )
    assert here.fact(record, "last_touch") == here.today
    assert today(here).reminders == ()


def test_done_on_a_rotting_deal_is_a_note() -> None:
    text = "---\nname: Site\ncreated: 2026-01-01\nnext: 2026-11-01 x\n---\n"
    record, here = after("deals/site.md", text, "rotting")
    assert [entry.type for entry in record.log] == ["note"]
    assert here.fact(record, "is:rotting") is False


def test_a_birthday_that_is_done_comes_back_next_year() -> None:
    record, here = after("contacts/ada.md", ADA.format("birthday: 11-23\n", ""), "birthday")
    assert today(here).reminders == ()
    assert len(_shown(context({"contacts/ada.md": record.load()}, "2027-11-20"))) == 1


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("deals/site.md", "---\nname: Site\nclose_date: 2026-11-01\n---\n", "close_date"),
        ("deals/site.md", "---\nname: Site\n---\n", "no_next_step"),
        ("tickets/login.md", "---\nsubject: Login\n---\n", "unanswered"),
    ],
)
def test_what_only_its_own_command_deals_with_is_refused(path: str, text: str, reason: str) -> None:
    _, here = only(path, text)
    found = reminder(reason, here)
    with pytest.raises(Refused) as refused:
        act.done(found, here)
    assert refused.value.hint == found.command


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("contacts/ada.md", TASK.format(""), "task"),
        ("contacts/ada.md", ADA.format("next: 2026-11-21 Send it\n", ""), "next"),
        ("contacts/ada.md", ADA.format("cadence: 20d\ncreated: 2026-01-01\n", ""), "cadence"),
        ("contacts/ada.md", ADA.format("birthday: 11-22\n", ""), "birthday"),
        ("deals/site.md", "---\nname: Site\n---\n", "no_next_step"),
        (
            "deals/site.md",
            "---\nname: Site\nnext: 2027-01-01 x\nclose_date: 2026-11-01\n---\n",
            "close_date",
        ),
        ("tickets/login.md", "---\nsubject: Login\n---\n", "unanswered"),
        (
            "tickets/login.md",
            "---\nsubject: Login\nstatus: hold\ndue: 2026-11-01\n---\n",
            "ticket_due",
        ),
        (
            "contacts/ada.md",
            ADA.format("_conflicts: {city: {base: a, values: [b]}}\n", ""),
            "conflict",
        ),
    ],
)
def test_whatever_is_snoozed_shows_again_on_its_day_and_not_before(
    path: str, text: str, reason: str
) -> None:
    record, _ = after(path, text, reason, date(2026, 11, 30))

    def shown(day: str) -> list[str]:
        return [each.reason for each in _shown(context({path: record.load()}, day))]

    reappears = {"birthday": [], "next": [reason]}.get(reason, [reason])
    assert shown("2026-11-30") == reappears
    assert shown("2026-11-22") == []


def test_snoozing_keeps_a_next_actions_text_and_sweeps_out_old_snoozes() -> None:
    text = ADA.format("next: 2026-11-21 Send it\n", "")
    record, _ = after("contacts/ada.md", text, "next", date(2026, 12, 1))
    assert record.text("next") == "2026-12-01 Send it"
    text = ADA.format("birthday: 11-22\nsnoozed: {cadence: 2026-11-01, next: 2026-12-24}\n", "")
    record, _ = after("contacts/ada.md", text, "birthday", date(2026, 12, 1))
    assert record.fields["snoozed"] == {"next": "2026-12-24", "birthday": "2026-12-01"}


def test_snoozing_into_the_past_is_refused() -> None:
    _, here = only("contacts/ada.md", TASK.format(""))
    with pytest.raises(Refused, match="not ahead"):
        act.snooze(reminder("task", here), here.today, here)


def test_handles_resolve_and_unknown_and_ambiguous_ones_are_errors() -> None:
    here = context({f"contacts/c{n}.md": ADA.format("", "- [ ] Call\n") for n in range(400)})
    found = list(index.reminders(here))
    for each in found[:20]:
        assert index.key(only_one(code(index.key(each)), here)) == index.key(each)
    with pytest.raises(NotFound):
        act.resolve(["zz"], here)
    starts = [code(index.key(each))[:3] for each in found]
    twice = next(start for start in starts if starts.count(start) > 1)
    with pytest.raises(Ambiguous) as ambiguous:
        act.resolve([twice], here)
    assert len(ambiguous.value.candidates) > 1

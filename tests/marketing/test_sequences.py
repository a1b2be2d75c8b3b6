"""Where a contact stands in a sequence, from the log alone."""

from __future__ import annotations

from datetime import datetime

import pytest

from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.log import parse as entry
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.timeline.tasks import parse as task
from plaincrm.marketing import sequence_file
from plaincrm.marketing.sequence_file import Sequence
from plaincrm.marketing.sequences import (
    Enrolment,
    SequenceDays,
    SequenceStanding,
    enrolments,
    message_id,
    standing,
)

DOMAIN = "studio.example"
THREE_MAILS = """
doc: Three mails, three days apart
steps:
  - mail: one
  - {mail: two, after: 3d}
  - {mail: three, after: 3d}
"""
MONDAY = datetime(2026, 11, 30, 17)


def sequence(text: str = THREE_MAILS) -> Sequence:
    found = sequence_file.parse("hello", text, "sequences/hello.yaml")
    assert not found.problems
    return found


def enrolled(at: datetime = MONDAY) -> Entry:
    return entry(f"- {at:%Y-%m-%d %H:%M} sequence: hello: enrolled")


def sent(found: Sequence, number: int, at: datetime, began: datetime = MONDAY) -> Entry:
    step = found.steps[number - 1]
    id = message_id(Enrolment("hello", began), step, "ada", DOMAIN)
    return entry(f"- {at:%Y-%m-%d %H:%M} email out: Hello {id}")


def stands(
    found: Sequence, now: datetime, *log: Entry, tasks: tuple[Task, ...] = ()
) -> SequenceStanding:
    return standing(found, enrolments(log, tasks)["hello"], ["ada"], now)


def test_three_mails_as_hubspot_times_them() -> None:
    """Enrolled Monday 17:00, three days apart: Monday, Thursday, and Sunday moves to Monday."""
    found = sequence()
    first = stands(found, MONDAY, enrolled())
    assert (first.state, first.due) == ("due", MONDAY)
    log = [enrolled(), sent(found, 1, MONDAY)]
    second = stands(found, MONDAY, *log)
    assert (second.state, second.due) == ("waiting", datetime(2026, 12, 3, 17))
    log.append(sent(found, 2, datetime(2026, 12, 3, 17)))
    assert stands(found, MONDAY, *log).due == datetime(2026, 12, 7, 17)
    log.append(sent(found, 3, datetime(2026, 12, 7, 17)))
    assert stands(found, MONDAY, *log).state == "done"


def test_a_weekend_never_makes_a_step_earlier() -> None:
    saturday = datetime(2026, 12, 5, 9)
    found = sequence()
    assert stands(found, saturday, enrolled(saturday)).due == saturday
    log = [enrolled(saturday), sent(found, 1, datetime(2026, 12, 10, 9), saturday)]
    assert stands(found, saturday, *log).due == datetime(2026, 12, 14, 9)
    anyday = sequence("weekdays: false" + THREE_MAILS)
    log = [enrolled(saturday), sent(anyday, 1, datetime(2026, 12, 10, 9), saturday)]
    assert stands(anyday, saturday, *log).due == datetime(2026, 12, 13, 9)


def test_the_delay_counts_from_the_step_before_not_from_enrolment() -> None:
    found = sequence()
    log = [enrolled(), sent(found, 1, datetime(2026, 12, 1, 8))]
    assert stands(found, MONDAY, *log).due == datetime(2026, 12, 4, 8)


def test_a_step_that_is_long_overdue_is_asked_for() -> None:
    found = sequence()
    assert stands(found, datetime(2026, 12, 3, 17), enrolled()).state == "due"
    assert stands(found, datetime(2026, 12, 3, 17, 1), enrolled()).state == "late"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("- 2026-12-01 reply in: Yes", "replied"),
        ("- 2026-12-01 email in: Something else", "replied"),
        ("- 2026-12-01 message in: Hi", "replied"),
        ("- 2026-12-01 meeting: Lunch", "met"),
        ("- 2026-12-01 note: Bounced: ada@x.example: Undelivered", "bounced"),
        ("- 2026-12-01 note: Out of office: Away until Monday", ""),
        ("- 2026-12-01 call: Told her", ""),
        ("- 2026-12-01 email out: By hand", ""),
        ("- 2026-11-30 16:59 reply in: Before it began", ""),
        ("- 2026-12-01 sequence: hello: left, no budget", "no budget"),
        ("- 2026-12-01 sequence: other: left, no budget", ""),
    ],
)
def test_leaving(line: str, reason: str) -> None:
    found = stands(sequence(), MONDAY, enrolled(), entry(line))
    assert (found.state == "left", found.reason) == (bool(reason), reason)


@pytest.mark.parametrize("flag", ["unsubscribed", "do_not_email", "bounced", "won"])
def test_flags_end_it(flag: str) -> None:
    found = standing(sequence(), Enrolment("hello", MONDAY), ["ada"], MONDAY, flag)
    assert (found.state, found.reason) == ("left", flag)


def test_who_left_comes_back_only_by_a_new_enrolment_and_gets_new_mails() -> None:
    found, again = sequence(), datetime(2027, 1, 4, 9)
    log = [
        enrolled(),
        sent(found, 1, MONDAY),
        entry("- 2026-12-01 reply in: No"),
        entry("- 2026-12-01 sequence: hello: left, replied"),
    ]
    assert stands(found, again, *log).state == "left"
    log.append(enrolled(again))
    fresh = stands(found, again, *log)
    assert fresh.state == "due" and fresh.step is not None and fresh.step.number == 1
    assert message_id(fresh.enrolment, fresh.step, "ada", DOMAIN) != log[1].message_id


def test_enrolled_on_two_machines_is_enrolled_once() -> None:
    """The second line, from the other machine, starts nothing anew: the first mail stays sent."""
    found = sequence()
    log = [enrolled(), sent(found, 1, MONDAY), enrolled(datetime(2026, 12, 1, 9))]
    after = stands(found, MONDAY, *log)
    assert after.step is not None and after.step.number == 2
    assert after.due == datetime(2026, 12, 3, 17)


def test_a_rename_sends_nothing_again() -> None:
    found = sequence()
    known = enrolments([enrolled(), sent(found, 1, MONDAY)])["hello"]
    after = standing(found, known, ["ada-lovelace", "ada"], MONDAY)
    assert after.step is not None and after.step.number == 2


@pytest.mark.parametrize(
    ("steps", "following"),
    [
        ("[{mail: one}, {mail: new}, {mail: two}, {mail: three}]", "three"),
        ("[{mail: new}, {mail: one}, {mail: two}, {mail: three}]", "three"),
        ("[{mail: one}, {mail: better}, {mail: three}]", "three"),
        ("[{mail: one}, {mail: two}, {mail: new}]", "new"),
        ("[{mail: two}, {mail: three}]", "three"),
    ],
)
def test_a_step_put_in_or_changed_later_sends_nobody_twice(steps: str, following: str) -> None:
    """Two mails are sent; then the file is edited."""
    before, after = sequence(), sequence(f"steps: {steps}")
    log = [enrolled(), sent(before, 1, MONDAY), sent(before, 2, datetime(2026, 12, 3, 17))]
    standing = stands(after, MONDAY, *log)
    assert standing.step is not None and standing.step.what == following


WITH_TASK = """
steps:
  - mail: one
  - {task: Call Ada, after: 2d}
  - {mail: two, after: 3d}
"""


def test_the_delay_after_a_task_counts_from_the_day_it_was_done() -> None:
    found = sequence(WITH_TASK)
    log = [enrolled(), sent(found, 1, MONDAY)]
    second = stands(found, datetime(2026, 12, 2, 17), *log)
    assert second.state == "due" and second.step is not None and second.step.type == "task"
    log.append(entry("- 2026-12-02 17:00 sequence: hello: step 2"))
    open_task = task("- [ ] Call Ada (hello 2) due:2026-12-02")
    done_task = task("- [x] Call Ada (hello 2) due:2026-12-02 done:2026-12-08")
    assert open_task and done_task
    assert stands(found, MONDAY, *log, tasks=(open_task[0],)).state == "waiting"
    after = stands(found, MONDAY, *log, tasks=(done_task[0],))
    assert after.due == datetime(2026, 12, 11, 17)
    gone = stands(found, MONDAY, *log)
    assert gone.due == datetime(2026, 12, 7, 17)


def test_a_skipped_step_counts_as_taken() -> None:
    found = sequence()
    log = [enrolled(), entry("- 2026-11-30 17:00 sequence: hello: step 1 skipped")]
    after = stands(found, MONDAY, *log)
    assert after.step is not None and after.step.number == 2


def test_two_machines_that_sent_the_same_step_see_one_step() -> None:
    found = sequence()
    log = [enrolled(), sent(found, 1, MONDAY), sent(found, 1, datetime(2026, 11, 30, 18))]
    after = stands(found, MONDAY, *log)
    assert after.step is not None and after.step.number == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("doc: nothing", "sequence-steps"),
        ("steps: [{mail: a, task: b}]", "sequence-step"),
        ("steps: [{mail: a, after: soon}]", "settings-value"),
        ("steps: [{mail: a, delay: 3d}]", "settings-key"),
        ("leave: [bored]\nsteps: [{mail: a}]", "sequence-leave"),
    ],
)
def test_what_is_wrong_with_a_file_is_a_problem(text: str, code: str) -> None:
    found = sequence_file.parse("x", text, "sequences/x.yaml")
    assert code in [problem.code for problem in found.problems]


AWAY = SequenceDays(
    closed=lambda day: "2026-12-03" <= day.isoformat() <= "2026-12-08",
    off=lambda day: day.weekday() >= 5 or "2026-12-03" <= day.isoformat() <= "2026-12-08",
)


@pytest.mark.parametrize(
    ("line", "after", "due"),
    [
        ("", "3d", "2026-12-09 17:00"),  # Thursday, and the days off last until Tuesday
        ("weekdays: false", "3d", "2026-12-03 17:00"),
        ("", "3bd", "2026-12-09 17:00"),  # Tuesday, Wednesday, then the Wednesday after
        ("window: Mon-Fri 09:00-12:00", "3d", "2026-12-10 09:00"),
        ("window: Mon-Fri 09:00-12:00", "62h", "2026-12-09 09:00"),
        ("window: Mon 09:00-12:00", "1d", "2026-12-14 09:00"),
    ],
)
def test_a_step_passes_over_days_off(line: str, after: str, due: str) -> None:
    found = sequence(f"{line}\nsteps: [{{mail: one}}, {{mail: two, after: {after}}}]\n")
    known = enrolments([enrolled(), sent(found, 1, MONDAY)])["hello"]
    stands = standing(found, known, ["ada"], MONDAY, days=AWAY)
    assert f"{stands.due:%Y-%m-%d %H:%M}" == due


def test_the_first_step_is_due_at_once_on_a_day_off_too_and_nothing_moves_for_ever() -> None:
    day = datetime(2026, 12, 4, 10)
    found = standing(sequence(), Enrolment("hello", day), ["ada"], day, days=AWAY)
    assert (found.state, found.due) == ("due", day)
    always = SequenceDays(closed=lambda _: True)
    later = sequence("steps: [{mail: one, after: 1d}]")
    assert standing(later, Enrolment("hello", day), ["ada"], day, days=always).due is not None

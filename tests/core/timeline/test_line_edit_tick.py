"""Ticking a recurring task: its threshold and its day of the month; slips of keys are told."""

from __future__ import annotations

from datetime import date

import pytest

from plaincrm.core.timeline import line_edit, parse

HEAD = "---\nname: Ada\n---\n"


def ticked(line: str, *days: str) -> str:
    """The line of the task after a tick on each day."""
    text = HEAD + line + "\n"
    for day in days:
        (task,) = parse.read(text.removeprefix(HEAD), 4).tasks
        text = line_edit.tick(text, task, date.fromisoformat(day))
    return text.removeprefix(HEAD).splitlines()[0]


@pytest.mark.parametrize(
    ("line", "days", "after"),
    [
        (
            "- [ ] Hours due:2026-11-30 t:2026-11-25 rec:+1m",
            ["2026-11-30"],
            "- [ ] Hours due:2026-12-30 t:2026-12-25 rec:+1m@30",
        ),
        (
            "- [ ] Hours due:2026-11-10 t:2026-11-20 rec:+1m",  # put off past its due date
            ["2026-11-20"],
            "- [ ] Hours due:2026-12-10 rec:+1m",
        ),
        (
            "- [ ] Hours due:2026-11-10 t:2026-11-08 rec:1w",
            ["2026-11-12"],
            "- [ ] Hours due:2026-11-19 t:2026-11-17 rec:1w",
        ),
        (
            "- [ ] Rent due:2027-01-31 rec:+1m",
            ["2027-01-31"],
            "- [ ] Rent due:2027-02-28 rec:+1m@31",
        ),
        (
            "- [ ] Rent due:2027-01-31 rec:+1m",
            ["2027-01-31", "2027-02-28"],
            "- [ ] Rent due:2027-03-31 rec:+1m@31",
        ),
        (
            "- [ ] Leap due:2024-02-29 rec:+1y",
            ["2024-02-29"],
            "- [ ] Leap due:2025-02-28 rec:+1y@29",
        ),
        (
            "- [ ] Leap due:2024-02-29 rec:+1y",
            ["2024-03-01", "2025-03-01", "2026-03-01", "2027-03-01"],
            "- [ ] Leap due:2028-02-29 rec:+1y@29",
        ),
        ("- [ ] Tax due:2027-01-31 rec:+1y", ["2027-01-31"], "- [ ] Tax due:2028-01-31 rec:+1y"),
        ("- [ ] Rent due:2027-01-28 rec:+1m", ["2027-01-28"], "- [ ] Rent due:2027-02-28 rec:+1m"),
        ("- [ ] Rent due:2027-01-31 rec:1m", ["2027-01-31"], "- [ ] Rent due:2027-02-28 rec:1m"),
    ],
)
def test_what_a_tick_leaves(line: str, days: list[str], after: str) -> None:
    assert ticked(line, *days) == after


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("- [ ] Call back due: 2026-11-20", "task-slip"),
        ("- [ ] Send terms Due:2026-11-20", "task-slip"),
        ("- [ ] Send terms due=fri", "task-slip"),
        ("- [ ] Send terms rec: 2w", "task-slip"),
        ("> [!todo] Before Friday\n> - [ ] Send offer due:2026-11-20", "task-quoted"),
    ],
)
def test_what_was_meant_as_a_key_is_told(body: str, code: str) -> None:
    assert [(each.code, each.level) for each in parse.read(body).problems] == [(code, "warning")]


@pytest.mark.parametrize(
    "body",
    [
        "- [ ] The rent is due: ask Kari",
        "- [ ] Overdue: 2026-11-20",
        "- [ ] Send it due:2026-11-20\n\n> [x] said he",
        "- [ ] Send it due:2026-11-20\n  as he wishes\n- [ ] Another due:2026-11-20",
        "- [ ] Record: 2026-11-20",
    ],
)
def test_what_was_not_is_left_alone(body: str) -> None:
    assert parse.read(body).problems == ()


def test_a_task_with_a_slip_can_be_ticked_all_the_same() -> None:
    assert ticked("- [ ] Call Due:2026-11-20", "2026-11-21") == (
        "- [x] Call Due:2026-11-20 done:2026-11-21"
    )

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from plaincrm.core.records import edits
from plaincrm.core.records.edits import (
    AddEntry,
    AddItem,
    AddTask,
    DeleteField,
    RemoveItem,
    SetField,
    SnoozeTask,
    TickTask,
)
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.tasks import Task
from plaincrm.errors import Refused

TEXT = (
    "---\nname: Ada  # kept\ntags: [vip]\njob: Countess\n---\nWords.\n\n## Tasks\n- [ ] Call\n- [ ]"
    " Call\n"
)


def test_edits_apply_in_turn_and_leave_the_rest() -> None:
    found = edits.apply(
        TEXT,
        [
            SetField("city", "London"),
            AddItem("tags", "new"),
            RemoveItem("tags", "vip"),
            DeleteField("job"),
            AddTask(Task("Write", due=date(2026, 12, 1))),
            AddEntry(Entry(date(2026, 11, 21), "call", "Hi")),
            TickTask(Task("Call", ordinal=1), date(2026, 11, 21)),
            SnoozeTask(Task("Call"), date(2026, 11, 30)),
        ],
        ("name", "job", "city", "tags"),
    )
    assert (
        found == "---\nname: Ada  # kept\ntags: [new]\ncity: London\n---\nWords.\n\n## Tasks\n"
        "- [ ] Call t:2026-11-30\n- [x] Call done:2026-11-21\n- [ ] Write due:2026-12-01\n"
        "\n## Log\n- 2026-11-21 call: Hi\n"
    )


def test_a_task_that_stands_there_no_more_is_refused() -> None:
    with pytest.raises(Refused, match='no task "Gone"'):
        edits.apply(TEXT, [TickTask(Task("Gone"), date(2026, 11, 21))])


@pytest.mark.parametrize(
    ("now", "clock"),
    [(datetime(2026, 11, 21), None), (datetime(2026, 11, 21, 14, 30, 12), time(14, 30))],
)
def test_an_entry_of_now_has_the_minute_unless_only_the_day_is_known(
    now: datetime, clock: time | None
) -> None:
    entry = edits.logged(now, "reply", "Yes", "out").entry
    assert (entry.date, entry.time) == (date(2026, 11, 21), clock)
    assert (entry.type, entry.direction) == ("reply", "out")

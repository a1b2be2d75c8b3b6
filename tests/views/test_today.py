from __future__ import annotations

import pytest

from plaincrm.core.value_class import changed
from plaincrm.crm.reminders.today import Today, today
from plaincrm.views import today as view
from plaincrm.views.layout import plain
from plaincrm.views.table import columns
from tests.contexts import context

FILES = {
    f"contacts/c{n}.md": (
        f"---\nname: Contact {n} Ærø 日本\n---\n- [ ] A rather long task of number {n}, to be cut"
        f" somewhere due:2026-11-{n % 9 + 17}\n"
    )
    for n in range(30)
} | {f"deals/d{n}.md": f"name: Deal {n}" for n in range(9)}


def screen(width: int | None, height: int | None = None, found: Today | None = None) -> list[str]:
    here = context(FILES)
    layout = view.Screen(plain, width, height)
    return view.today(found or today(here), here.today, layout).splitlines()


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("height", [12, 24, 40])
def test_it_fits_the_terminal_and_counts_the_rest(width: int, height: int) -> None:
    lines = screen(width, height)
    assert max(map(columns, lines)) <= max(width, 68), "the last lines say what to type, whole"
    assert len(lines) <= height - 2
    shown = [line for line in lines if line.startswith("  ")]
    left = [line for line in lines if "more below the edge" in line]
    together = sum(8 for line in shown if "deals without" in line)
    assert len(shown) + together + sum(int(line.split()[0]) for line in left) == 39


def test_the_most_urgent_stay_on_the_screen() -> None:
    assert screen(80, 12)[2] == "Overdue"
    assert "4 days ago" in screen(80, 12)[3]


def test_in_a_pipe_nothing_is_cut() -> None:
    lines = screen(None)
    assert sum("to be cut somewhere  plaincrm done" in line for line in lines) == 30
    (together,) = (line for line in lines if "9 deals without a next step" in line)
    assert all(f"Deal {n}" in together for n in range(9))


def test_text_from_records_moves_no_cursor() -> None:
    here = context({"contacts/x.md": 'name: x\nnext: 2026-11-21 "\\e[2J\\u202eEvil"'})
    lines = "\n".join(screen(80, 24, today(here)))
    assert "\x1b" not in lines and "\u202e" not in lines


def test_one_deal_without_a_next_step_is_its_own_line() -> None:
    here = context({"deals/a.md": "name: Alpha"})
    assert any("Alpha: no next step" in line for line in screen(80, 24, today(here)))


def test_nothing_due_but_undated_tasks() -> None:
    nothing = changed(today(context({})), undated=1)
    assert screen(80, 24, nothing)[2:] == [
        "Nothing is due. plaincrm agenda shows what lies ahead.",
        "1 task has no date: plaincrm list tasks is:open no:due no:snoozed",
    ]

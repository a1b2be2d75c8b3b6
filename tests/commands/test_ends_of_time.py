"""Days at the ends of the calendar, in one record, stop no view: for others they stand for never
and for ever.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Crm

CONTACT = """---
name: Methuselah
next: {day} Ring
birthday: {day}
cadence: 9999y
created: {day}
---
## Tasks
- [ ] Wait due:{day} rec:+1y
- [ ] invoice 1 100 EUR due:{day}

## Log
- {day} call: Hello.
"""
DEAL = """---
name: Eternity
contact: methuselah
value: 10 EUR/month
stage: {stage}
close_date: {day}
created: {day}
ends: {day}
notice: 9999y
---
"""
TICKET = """---
subject: Still waiting
contact: methuselah
opened: {day}
due: {day}
---
"""
VIEWS = [
    "today",
    "agenda",
    "agenda --days 3660",
    "show contact/methuselah",
    "show deal/eternity",
    "show deal/eternal",
    "show ticket/still",
    "list tasks",
    "list log",
    "pipeline",
    "pipeline --by close_date",
    "list contacts --columns idle,cadence_due,next_birthday",
    "list deals --columns idle,rots_on,cancel_by",
    "check",
    "list tickets --columns idle,unanswered_since",
    "export ics",
    "export vcf",
    "dedupe",
    "find wait",
]


@pytest.fixture(params=["0001-01-01", "9999-12-31"])
def _old(request: pytest.FixtureRequest, studio: Path) -> None:
    for path, text, stage in (
        ("contacts/methuselah", CONTACT, ""),
        ("deals/eternity", DEAL, "lead"),
        ("deals/eternal", DEAL, "won"),
        ("tickets/still", TICKET, ""),
    ):
        (studio / f"{path}.md").write_text(text.format(day=request.param, stage=stage))


@pytest.mark.usefixtures("_old")
@pytest.mark.parametrize("today", ["2026-11-21", "0001-01-01", "9999-12-31"])
def test_no_view_ends_with_them(crm: Crm, today: str) -> None:
    for view in VIEWS:
        ran = crm("--today", today, *view.split())
        assert ran.code in ((0, 1) if view == "check" else (0,)), (view, ran.err)


@pytest.mark.usefixtures("_old")
def test_what_is_due_on_them_can_be_dealt_with(crm: Crm) -> None:
    for item in crm("list", "tasks", "Wait", "--json").json["results"]:
        assert crm("snooze", item["handle"], "+1d").code == 0
        assert crm("done", item["handle"]).code in (0, 5)

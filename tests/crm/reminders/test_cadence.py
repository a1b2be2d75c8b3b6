from __future__ import annotations

from datetime import date

import pytest

from plaincrm.core.records.facts import Context
from plaincrm.core.values.duration import Duration
from tests.contexts import context, only

ADA = "---\nname: Ada\ncompany: engines\n{}---\n## Log\n{}"


def last_touch(here: Context, kind: str, id: str) -> date | None:
    record = here.store.get(kind, id)
    assert record is not None
    found: date | None = here.fact(record, "last_touch")
    return found


@pytest.mark.parametrize(
    ("line", "touch"),
    [
        ("- 2026-11-01 call: Talked", True),
        ("- 2026-11-01 email out: Sent", True),
        ("- 2026-11-01 meeting: Met", True),
        ("- 2026-11-01 message in: Hi", True),
        ("- 2026-11-01 reply out: Yes", True),
        ("- 2026-11-01 note: Thought of her", False),
        ("- 2026-11-01 task: Sent the invoice", False),
        ("- 2026-11-01 order: 100 EUR", False),
    ],
)
def test_what_is_a_touch(line: str, touch: bool) -> None:
    here = context({"contacts/ada.md": ADA.format("", line + "\n")})
    assert last_touch(here, "contact", "ada") == (date(2026, 11, 1) if touch else None)


def test_touches_count_from_deals_tickets_and_by_name_and_for_the_company() -> None:
    files = {
        "contacts/ada.md": ADA.format("aliases: [ada-byron]\n", "- 2026-01-01 call: Talked\n"),
        "contacts/kari.md": "name: Kari",
        "companies/engines.md": "name: Engines",
        "companies/fjord.md": "name: Fjord",
    }
    here = context(files)
    assert last_touch(here, "company", "engines") == date(2026, 1, 1)
    files["deals/site.md"] = (
        "---\nname: Site\ncontact: {main: ada-byron, billing: kari}\ncompany: fjord\n---\n## Log\n"
        "- 2026-02-01 call: Terms\n"
    )
    here = context(files)
    assert last_touch(here, "contact", "ada") == date(2026, 2, 1)
    assert last_touch(here, "contact", "kari") == date(2026, 2, 1)
    assert last_touch(here, "company", "engines") == date(2026, 2, 1)
    assert last_touch(here, "company", "fjord") == date(2026, 2, 1)
    files["tickets/login.md"] = (
        "---\nsubject: L\ncontact: ada\n---\n## Log\n- 2026-03-01 reply out: Look\n"
    )
    assert last_touch(context(files), "contact", "ada") == date(2026, 3, 1)
    files["contacts/kari.md"] = (
        "---\nname: Kari\n---\n## Log\n- 2026-04-01 meeting with ada: Lunch\n"
    )
    here = context(files)
    assert last_touch(here, "contact", "ada") == date(2026, 4, 1)
    assert last_touch(here, "contact", "kari") == date(2026, 4, 1)


def test_idle_counts_from_the_last_touch_else_from_the_beginning() -> None:
    ada, here = only(
        "contacts/ada.md", ADA.format("created: 2026-11-01\n", "- 2026-11-11 call: x\n")
    )
    assert here.fact(ada, "idle") == Duration(10, "d")
    ada, here = only("contacts/ada.md", "name: Ada\ncreated: 2026-11-01")
    assert here.fact(ada, "idle") == Duration(20, "d")
    ada, here = only("contacts/ada.md", "name: Ada")
    assert here.fact(ada, "idle") is None


CADENCES = "cadence: {+vip: 30d, status:customer: 60d, '(broken': 1d}"


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("tags: vip\nstatus: customer", "30d"),
        ("status: customer", "60d"),
        ("tags: vip\ncadence: 2w", "2w"),
        ("status: lead", None),
    ],
)
def test_the_records_own_cadence_wins_then_the_first_rule(text: str, rhythm: str | None) -> None:
    ada, here = only("contacts/ada.md", f"name: Ada\n{text}", settings=CADENCES)
    found = here.fact(ada, "rhythm")
    assert (str(found) if found else None) == rhythm


@pytest.mark.parametrize(("today", "quiet"), [("2026-12-01", False), ("2026-12-02", True)])
def test_quiet_is_past_the_cadence(today: str, quiet: bool) -> None:
    ada, here = only(
        "contacts/ada.md", ADA.format("cadence: 30d\n", "- 2026-11-01 call: x\n"), today
    )
    assert here.fact(ada, "cadence_due") == date(2026, 12, 1)
    assert here.fact(ada, "is:quiet") is quiet


def test_a_birthday_on_29_february_falls_on_the_28th() -> None:
    ada, here = only("contacts/ada.md", "name: Ada\nbirthday: 02-29", "2027-01-01")
    assert here.fact(ada, "next_birthday") == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("text", "suppressed"),
    [
        ("email: ada@x.org", False),
        ("email: ada@x.org\nunsubscribed: true", True),
        ("email: ada@x.org\ndo_not_email: dunno", True),
        ("email: ada@x.org\nbounced: ada@x.org", True),
        ("job: none", False),
    ],
)
def test_suppressed(text: str, suppressed: bool) -> None:
    ada, here = only("contacts/ada.md", f"name: Ada\n{text}")
    assert here.fact(ada, "is:suppressed") is suppressed


def test_an_open_invoice_on_a_deal_makes_its_contact_and_company_unpaid() -> None:
    files = {
        "contacts/ada.md": "name: Ada",
        "companies/engines.md": "name: Engines",
        "deals/site.md": (
            "---\nname: S\ncontact: ada\ncompany: engines\n---\n- [{}] invoice 7 100 EUR\n"
        ),
    }
    for box, unpaid in ((" ", True), ("x", False)):
        here = context({**files, "deals/site.md": files["deals/site.md"].format(box)})
        for record in (*here.store.records("contact"), *here.store.records("company")):
            assert here.fact(record, "is:unpaid") is unpaid


def test_an_entry_of_a_day_to_come_is_no_touch_before_that_day() -> None:
    log = "- 2026-11-01 call: Hi\n- 2062-11-20 call: Mistyped\n"
    files = {
        "contacts/ada.md": "---\nname: Ada\n---\n## Log\n" + log,
        "contacts/kari.md": "---\nname: Kari\ncompany: polar\n---\n",
        "companies/polar.md": "---\nname: Polar\n---\n",
        "deals/site.md": (
            "---\nname: Site\n---\n## Log\n- 2026-11-02 call with kari: Hi\n"
            "- 2030-01-01 meeting with kari: Plan\n"
        ),
    }
    here = context(files)
    assert last_touch(here, "contact", "ada") == date(2026, 11, 1)
    assert last_touch(here, "contact", "kari") == date(2026, 11, 2)
    assert last_touch(here, "company", "polar") == date(2026, 11, 2)
    then = context(files, "2062-12-01")
    assert last_touch(then, "contact", "ada") == date(2062, 11, 20)
    assert last_touch(then, "contact", "kari") == date(2030, 1, 1)

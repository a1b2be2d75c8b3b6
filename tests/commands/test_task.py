"""`plaincrm task`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.writes import changed_lines, subject, touched
from tests.conftest import Crm


def test_date_words_become_dates_and_are_echoed(crm: Crm, studio: Path) -> None:
    ran = crm(
        "task", "add", "okra-menu-design", "Send the contract", "due:fri", "rec:2w", "pri:high"
    )
    assert ran.code == 0
    assert "due: fri is Fri 2026-11-27, in 6 days" in ran.err
    assert "+- [ ] Send the contract due:2026-11-27 rec:2w pri:high" in changed_lines(studio)
    assert touched(studio) == ["deals/okra-menu-design.md"]
    assert subject(studio) == "Add task to deal/okra-menu-design: Send the contract"


def test_keys_may_stand_anywhere_and_hold_blanks(crm: Crm, studio: Path) -> None:
    assert (
        crm(
            "task",
            "add",
            "kari-berg",
            "due:next fri",
            "Foo from:ola-nordmann bar",
            "from:Kari Berg",
        ).code
        == 5
    )
    assert (
        crm("task", "add", "kari-berg", "due:next fri", "Foo t:+3d bar", "from:Kari Berg").code == 0
    )
    assert "+- [ ] Foo bar due:2026-11-27 t:2026-11-24 from:kari-berg" in changed_lines(studio)
    assert crm("task", "add", "kari-berg", "due:fri Look at https://x.example/a:b").code == 0
    assert "+- [ ] Look at https://x.example/a:b due:2026-11-27" in changed_lines(studio)


def test_whom_it_waits_for_may_be_anybody(crm: Crm, studio: Path) -> None:
    assert crm("task", "add", "kari-berg", "Receipt", "from:the-tax-office").code == 0
    assert "+- [ ] Receipt from:the-tax-office" in changed_lines(studio)


def test_a_bad_recurrence_is_named_once(crm: Crm) -> None:
    ran = crm("task", "add", "kari-berg", "Ring", "rec:xx")
    assert ran.code == 5
    assert '"xx" is no recurrence' in ran.err
    assert ran.err.count("write one such as") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["Birthday card", "fri"],
        ["Birthday", "card", "fri"],
        ["Birthday card", "due:fri"],
        ["Birthday card", "Due:fri"],
        ["Birthday card", "due:", "fri"],
        ["Birthday card", "due=fri"],
        ["Birthday card due: fri"],
        ["Birthday card due=2026-11-27"],
        ["Birthday card", "2026-11-27"],
    ],
)
def test_a_date_is_understood_as_people_write_it(crm: Crm, studio: Path, words: list[str]) -> None:
    assert crm("task", "add", "ola-nordmann", *words).code == 0
    text = (studio / "contacts" / "ola-nordmann.md").read_text("utf-8")
    assert "- [ ] Birthday card due:2026-11-27\n" in text


def test_next_week_is_two_words(crm: Crm, studio: Path) -> None:
    ran = crm("task", "add", "ola-nordmann", "Birthday card", "next", "fri")
    assert "2026-11-27" in ran.err or "2026-12" in ran.err, "what was understood is said"
    assert "Birthday card due:2026-" in (studio / "contacts/ola-nordmann.md").read_text("utf-8")


def test_a_task_without_a_date_says_so(crm: Crm, studio: Path) -> None:
    ran = crm("task", "add", "ola-nordmann", "Ask about the bike")
    assert ran.code == 0 and "it has no date" in ran.err and "due:fri" in ran.err
    text = (studio / "contacts" / "ola-nordmann.md").read_text("utf-8")
    assert "- [ ] Ask about the bike\n" in text


def test_the_sum_of_an_invoice_is_read_as_it_is_typed(crm: Crm) -> None:
    ran = crm("task", "add", "kari-berg", "invoice 2026-777 1,200 EUR for posters due:fri")
    assert "1,200 EUR is 1200 EUR" in ran.err
    found = crm("list", "tasks", "2026-777", "--json").json["results"]
    assert "invoice 2026-777 1200 EUR for posters" in str(found)


def test_the_sum_of_an_invoice_that_is_not_sure_is_refused(crm: Crm) -> None:
    ran = crm("task", "add", "kari-berg", "invoice 2026-777 1.200 KWD due:fri")
    assert ran.code == 5
    assert "1200 KWD or 1.20 KWD" in ran.err

"""The top risk of a deal and the next best action."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from plaincrm.sales.deal_risk import risks
from tests.contexts import deal

GOOD = "name: X\ncontact: ada\nvalue: 5\nstage: proposal\ncreated: 2026-11-20\n"


@pytest.mark.parametrize(
    ("lines", "risk", "action"),
    [
        ("next: 2026-12-01 Call", None, "2026-12-01 Call"),
        ("next: 2026-11-20 Call", None, "Call (due 2026-11-20)"),
        ("", "no next step", "plaincrm task add"),
        ("close_date: 2026-11-01", "expected to close on 2026-11-01", "close_date=+2w"),
        (
            "close_date: 2026-11-01\nnext: 2026-11-20 Call",
            "expected to close on 2026-11-01",
            "Call (due 2026-11-20; expected to close on 2026-11-01)",
        ),
        ("stage: won", None, None),
        ("stage: parked", None, None),
    ],
)
def test_the_gravest_comes_first(lines: str, risk: str | None, action: str | None) -> None:
    text = GOOD
    for line in filter(None, lines.split("\n")):
        key = line.partition(":")[0]
        kept = [old for old in text.splitlines() if not old.startswith(f"{key}:")]
        text = "\n".join([*kept, line])
    record, book = deal(text)
    assert book.fact(record, "risk") == risk
    found = book.fact(record, "next_best")
    assert (found is None) if action is None else action in found


def test_rotting_and_nobody() -> None:
    record, book = deal("name: X\nstage: lead\ncreated: 2026-01-01\nnext: 2026-02-01 Call")
    assert book.fact(record, "risk").startswith("rotting: idle 324d")
    record, book = deal("name: X\ncreated: 2026-11-20\nnext: 2026-12-01 Call")
    assert book.fact(record, "risk") == "no contact in the deal"


def test_a_quiet_buyer() -> None:
    text = f"---\n{GOOD}next: 2026-12-01 Call\n---\n## Log\n- 2026-10-01 call: x\n- 2026-11-20 note: y\n"
    record, book = deal(text)
    assert book.fact(record, "risk") == "the buyer is quiet for 51d"


LOG = "---\n{}next: 2026-12-01 Call\n---\n## Log\n{}"


@pytest.mark.parametrize(
    ("entries", "risk"),
    [
        (("2026-09-30 -> 2026-10-31", "2026-10-31 -> 2026-12-24"), "put off 2 times"),
        (("2026-09-30 -> 2026-10-31",), None),
        (("2026-09-30 -> 2026-10-31", "2026-09-30 -> 2026-10-31"), None),  # from two machines
        (("2026-09-30 -> 2026-10-31", "2026-10-31 -> 2026-10-15"), None),  # the second is earlier
        (("2026-09-30 -> soon", "later"), None),
    ],
)
def test_a_date_that_was_put_off_twice_is_a_wish(entries: Sequence[str], risk: str | None) -> None:
    lines = "".join(f"- 2026-11-20 close_date: {entry}\n" for entry in entries)
    record, book = deal(LOG.format(GOOD, lines))
    assert book.fact(record, "risk") == risk
    planned = book.fact(record, "next_best")
    assert ("Agree on a day to decide" in planned) is (risk is not None)


def test_to_put_off_is_no_sign_of_life() -> None:
    lines = "- 2026-10-01 note: x\n- 2026-11-20 close_date: 2026-11-20 -> 2026-12-20\n"
    record, book = deal(LOG.format(GOOD.replace("2026-11-20", "2026-01-20"), lines))
    assert str(book.fact(record, "idle")) == "51d"


def test_pushed_stands_before_a_quiet_buyer() -> None:
    pushes = "- 2026-10-02 close_date: 2026-10-05 -> 2026-11-30\n"
    pushes += "- 2026-11-19 close_date: 2026-11-30 -> 2026-12-30\n"
    record, book = deal(LOG.format(GOOD, f"- 2026-10-01 call: x\n{pushes}- 2026-11-20 note: y\n"))
    found = [each.text for each in risks(record, book)]
    assert found == ["put off 2 times", "the buyer is quiet for 51d"]

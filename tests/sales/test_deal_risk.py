"""The top risk of a deal and the next best action."""

from __future__ import annotations

import pytest

from tests.contexts import deal

GOOD = "name: X\ncontact: ada\nvalue: 5\nstage: proposal\ncreated: 2026-11-20\n"


@pytest.mark.parametrize(
    ("lines", "risk", "action"),
    [
        ("next: 2026-12-01 Call", None, "2026-12-01 Call"),
        ("next: 2026-11-20 Call", None, "Call (due 2026-11-20)"),
        ("", "no next step", "plaincrm task add"),
        ("close_date: 2026-11-01", "expected to close on 2026-11-01", "close_date=+2w"),
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

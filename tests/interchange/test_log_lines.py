from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.timeline.log import Entry
from plaincrm.interchange.csv.draft import Reject
from plaincrm.interchange.log_lines import LogLine, read

DAY = date(2026, 11, 20)


def line(text: str) -> LogLine:
    (found,) = read(text, ["demo"])
    assert isinstance(found, LogLine), found
    return found


@pytest.mark.parametrize(
    ("text", "ref", "entry"),
    [
        (
            "2026-11-20 ola call: wants Norwegian too",
            "ola",
            Entry(DAY, "call", "wants Norwegian too"),
        ),
        (
            "- 2026-11-20 14:30 Fjord AS meeting out with kari, per: signed: yes",
            "Fjord AS",
            Entry(
                DAY, "meeting", "signed: yes", time(14, 30), direction="out", people=("kari", "per")
            ),
        ),
        (
            "2026-11-20 9:05 deal/website email in: Hi",
            "deal/website",
            Entry(DAY, "email", "Hi", time(9, 5), direction="in"),
        ),
        ("2026-11-20 ola@fjord.no Call: x", "ola@fjord.no", Entry(DAY, "call", "x")),
        ("2026-11-20 ola demo: x", "ola", Entry(DAY, "demo", "x")),
        ("2026-11-20 website: the quote is due", "website", Entry(DAY, "note", "the quote is due")),
        (
            "2026-11-20 ola call: one\n  two\n\tthree",
            "ola",
            Entry(DAY, "call", "one\n  two\n    three"),
        ),
    ],
)
def test_a_line_goes_to_a_record(text: str, ref: str, entry: Entry) -> None:
    found = line(text)
    assert found.ref == ref
    assert (
        found.entry.date,
        found.entry.time,
        found.entry.type,
        found.entry.direction,
        found.entry.people,
    ) == (
        entry.date,
        entry.time,
        entry.type,
        entry.direction,
        entry.people,
    )
    assert found.entry.text.split() == entry.text.split()


def test_many_lines_with_headings_between() -> None:
    found = list(
        read("# Friday\r\n\r\n2026-11-20 ola call: a\r\n2026-11-20 kari note: b\r\n   c\r\n")
    )
    assert [(each.line, each.ref) for each in found if isinstance(each, LogLine)] == [
        (3, "ola"),
        (4, "kari"),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("call ola back", "does not begin with a date"),
        ("2026-11-20 ola said hello", "does not begin with a date"),
        ("2026-13-20 ola call: x", "2026-13-20 is not a date"),
        ("2026-11-20 call: x", "whose log"),
        ("2026-11-20 25:00 ola call: x", "time of day"),
    ],
)
def test_what_can_not_be_placed_says_why(text: str, why: str) -> None:
    (found,) = read(text)
    assert isinstance(found, Reject)
    assert why in found.reason
    assert found.cells == (text,)


@given(st.text())
def test_any_text_is_read_or_says_why(text: str) -> None:
    for found in read(text):
        assert isinstance(found, LogLine | Reject)
        assert found.line >= 1

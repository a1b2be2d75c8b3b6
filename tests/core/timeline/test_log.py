"""The grammar of one log entry."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.timeline import log
from plaincrm.core.timeline.log import Entry, LogError, canonical, normal, parse

CANONICAL = [
    (
        "- 2026-11-20 14:30 call: Talked about scope and dates.\n  A second line of the same entry,"
        " indented."
    ),
    "- 2026-11-21 email out: Sent the proposal. <20261121.1@analytical.example>",
    "- 2026-11-22 stage: lead -> proposal",
    "- 2026-11-20 14:30Z meeting in with ada,ola: Kick-off",
    "- 2026-11-20 14:30+02:00 reply out: x",
    "- 2026-11-20 note:",
    "- 2026-11-20 note: with a colon: and more",
    "- 2026-11-20 note: a\n\n  b\n      code",
    "- 2026-11-20 note: quoted\n  \\- [ ] no task\n  \\\\* [x] nor this",
]


@pytest.mark.parametrize("text", CANONICAL)
def test_canonical_text_reads_and_writes_back(text: str) -> None:
    assert log.format(parse(text)) == text


def test_all_parts_are_read() -> None:
    entry = parse("- 2026-11-20 14:30+02:00 call out with ada, ola: Hello\n  you")
    assert entry == Entry(
        date(2026, 11, 20), "call", "Hello\nyou", time(14, 30), "+02:00", "out", ("ada", "ola")
    )
    assert entry.at == datetime(2026, 11, 20, 14, 30)
    assert parse("- 2026-11-20 call: x").at == datetime(2026, 11, 20)


@pytest.mark.parametrize(
    "text",
    [
        "* 2026-11-20 9:05 Call: x",
        "+   2026-11-20T09:05  call : x  ",
        "2026-11-20 09:05 call:x",
        "-\t2026-11-20 9:05 call:\n\tx",
    ],
)
def test_hand_written_forms_mean_the_same(text: str) -> None:
    assert log.format(parse(text)) == "- 2026-11-20 09:05 call: x"


def test_continuation_lines_are_dedented_together() -> None:
    assert parse("- 2026-11-20 note: a\n     b\n       c\n\n     d").text == "a\nb\n  c\n\nd"


def test_an_unknown_type_is_a_note_that_keeps_its_word() -> None:
    line = "- 2026-11-20 lunch with ada: Pasta"
    assert parse(line) == Entry(date(2026, 11, 20), "note", "lunch with ada: Pasta")
    assert (
        parse(line, {"lunch"})
        == parse(line, None)
        == Entry(date(2026, 11, 20), "lunch", "Pasta", people=("ada",))
    )


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("- 2026-02-30 call: x", "log-date", "2026-02-30 is not a date"),
        ("- 2026-2-3 call: x", "log-date", "2026-2-3 is not a date"),
        ("- 2026-02-20 25:00 call: x", "log-date", "25:00 is not a time"),
        ("- 2026-02-20 12:00+99:00 call: x", "log-date", "not a zone"),
        ("- call: x", "log-date", "begins with a date"),
        ("- 2026-02-20 call x", "log-entry", "DATE TYPE: text"),
        ("- 2026-02-20: x", "log-entry", "DATE TYPE: text"),
        ("", "log-date", "begins with a date"),
    ],
)
def test_what_can_not_be_read_says_why(text: str, code: str, says: str) -> None:
    with pytest.raises(LogError, match=says) as caught:
        parse(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("- 2026-01-01 stage: lead -> proposal", ("lead", "proposal")),
        ("- 2026-01-01 status: new→open", ("new", "open")),
        ("- 2026-01-01 stage: -> lead", ("", "lead")),
        ("- 2026-01-01 stage: lead -> lost\n  Too dear", ("lead", "lost")),
        ("- 2026-01-01 stage: proposal", None),
        ("- 2026-01-01 note: a -> b", None),
    ],
)
def test_stage_and_status_changes(text: str, change: tuple[str, str] | None) -> None:
    assert parse(text).change == change


def test_the_message_id_ends_the_text() -> None:
    assert parse("- 2026-01-01 email out: Hi <a@b.example>").message_id == "<a@b.example>"
    assert parse("- 2026-01-01 email out: Hi <a@b.example> there").message_id == ""


def test_the_key_ignores_only_the_place() -> None:
    entry = parse("- 2026-01-01 12:00 call in with ada: x")
    assert entry.key == Entry(entry.date, "call", "x", entry.time, "", "in", ("ada",), 7, 8).key
    assert len({entry.key, parse("- 2026-01-01 12:00Z call in with ada: x").key}) == 2


LINES = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("-*[x] \\\t\r\n#`~<>"), max_size=30
)
TEXTS = st.lists(
    LINES | st.sampled_from(["- [ ] a", "\\- [ ] a", "1. [x]", "## Log", "```", "<!--", "    c"]),
    max_size=6,
)


@given(
    st.dates(),
    TEXTS.map("\n".join),
    st.none() | st.times(),
    st.sampled_from(["", "in", "out"]),
    st.lists(st.from_regex(r"\A[a-z0-9-]+\Z"), max_size=3).map(tuple),
    st.sampled_from(sorted(log.TYPES)),
)
def test_any_text_reads_back(
    day: date, text: str, clock: time | None, direction: str, people: tuple[str, ...], kind: str
) -> None:
    entry = normal(Entry(day, kind, text, clock, "Z" if clock else "", direction, people))
    assert parse(log.format(entry)) == entry
    assert canonical(entry.text) == entry.text


@given(st.text() | st.from_regex(r"\A- 20[0-9]{2}-[0-9]{2}-[0-9]{2}[ 0-9:a-zZ+]{0,20}:.{0,5}\Z"))
def test_any_line_is_an_entry_or_a_log_error(text: str) -> None:
    try:
        entry = parse(text)
    except LogError as error:
        assert str(error) and error.code in ("log-entry", "log-date")
    else:
        assert parse(log.format(entry)).key == entry.key

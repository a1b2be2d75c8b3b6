"""The grammar of one task."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.timeline import tasks
from plaincrm.core.timeline.tasks import Invoice, Task, parse, parse_text, rewrite
from plaincrm.core.value_class import changed

FULL = "- [x] Send it due:2026-12-01 rec:+1m@31 t:2026-11-30 pri:high from:ada done:2026-12-02"


def read(line: str) -> Task:
    found = parse(line)
    assert found is not None
    return found[0]


def test_all_keys_are_read_and_written() -> None:
    task = Task(
        "Send it",
        True,
        date(2026, 12, 1),
        "+1m@31",
        date(2026, 11, 30),
        "high",
        "ada",
        date(2026, 12, 2),
    )
    assert read(FULL) == task
    assert tasks.format(task) == FULL


@pytest.mark.parametrize(
    "line", ["* [X] a", "+ [x] a", "12) [x] a", "\t- [x]   a  ", "   1. [x] a\r"]
)
def test_every_markdown_check_box_is_a_task(line: str) -> None:
    assert read(line) == Task("a", done=True)


@pytest.mark.parametrize(
    "line",
    ["- [] a", "- [-] a", "-[ ] a", "[ ] a", "- [ ]a", "- [ ]", "- [ ]  ", "> - [ ] a", "- a"],
)
def test_nothing_else_is(line: str) -> None:
    assert parse(line) is None


def test_keys_stand_anywhere_and_other_words_stay() -> None:
    task = read(
        "- [ ] Re: due:2026-12-01 https://x.example due date pri: note:x residue:2026-01-01"
    )
    assert task.text == "Re: https://x.example due date pri: note:x residue:2026-01-01"
    assert task.keys == {"due": "2026-12-01"}


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("- [ ] a due:tomorrow", "task-date", 9),
        ("- [ ] a due:2026-02-30", "task-date", 9),
        ("- [ ] a t:20261201", "task-date", 9),
        ("- [x] done:x a", "task-date", 7),
        ("- [ ] a rec:weekly", "task-rec", 9),
        ("- [ ] a due:2026-12-01 due:2026-12-02", "task-key", 24),
    ],
)
def test_a_bad_key_is_a_defect_not_a_loss(line: str, code: str, column: int) -> None:
    found = parse(line, 7)
    assert found is not None and found[0].text == "a" and found[0].line == 7
    assert [(defect.code, defect.column) for defect in found[1]] == [(code, column)]
    assert found[1][0].message and found[1][0].hint


@pytest.mark.parametrize(
    ("text", "invoice"),
    [
        ("invoice 2026-031 1200 EUR", Invoice("2026-031", "1200 EUR")),
        ("Invoice R-7 1234.56", Invoice("R-7", "1234.56")),
        ("invoice 7 1500 EUR/month for hosting", Invoice("7", "1500 EUR/month")),
        ("invoice 7 4.200,50 EUR, second", Invoice("7", "4.200,50 EUR")),
        ("invoice 7", None),
        ("invoice the client 2 times", None),
        ("send invoice 7 100 EUR", None),
    ],
)
def test_invoices(text: str, invoice: Invoice | None) -> None:
    assert Task(text).invoice == invoice


def test_words_become_a_task() -> None:
    assert parse_text(" Send\n it due:2026-12-01 ") == Task("Send it", due=date(2026, 12, 1))
    for words in ("", "Send due:fri"):
        with pytest.raises(ValueError, match=r"a task needs a text|is not a date; write"):
            parse_text(words)


def test_a_rewrite_touches_only_what_differs() -> None:
    line = "  *   [ ]  Send   it\tdue:2026-12-01  x:y pri:high  "
    task = read(line)
    assert rewrite(line, task, task) == line
    moved = changed(task, due=date(2027, 1, 1))
    assert rewrite(line, task, moved) == line.replace("2026-12-01", "2027-01-01")
    assert rewrite(line, task, changed(task, due=None)) == line.replace("\tdue:2026-12-01", "")
    done = changed(task, done=True, done_on=date(2026, 12, 2))
    assert (
        rewrite(line, task, done)
        == "  *   [x]  Send   it\tdue:2026-12-01  x:y pri:high done:2026-12-02  "
    )
    assert (
        rewrite(line, task, changed(task, text="Call")) == "  *   [ ] Call\tdue:2026-12-01 pri:high"
    )


def test_a_rewrite_replaces_a_value_that_could_not_be_read() -> None:
    line = "- [ ] a due:tomorrow"
    assert (
        rewrite(line, read(line), changed(read(line), due=date(2026, 12, 1)))
        == "- [ ] a due:2026-12-01"
    )


DAYS = st.none() | st.dates()
WORDS = st.from_regex(r"\A[a-z0-9]{0,6}\Z")


@given(
    st.text(), st.booleans(), DAYS, st.sampled_from(["", "2w", "+1m@31"]), DAYS, WORDS, WORDS, DAYS
)
def test_a_canonical_task_reads_back(
    text: str,
    done: bool,
    due: date | None,
    rec: str,
    t: date | None,
    pri: str,
    who: str,
    on: date | None,
) -> None:
    task = Task(" ".join(text.split()), done, due, rec, t, pri, who, on)
    if task.text and not any(f" {key}:" in f" {task.text}" for key in tasks.KEYS):
        assert read(tasks.format(task)) == task


@given(st.text())
def test_any_text_is_a_task_or_none(text: str) -> None:
    assert parse(text) is None or "[" in text
    found = parse(f"- [ ] {text}")
    assert found is None or rewrite(f"- [ ] {text}", found[0], found[0]) == f"- [ ] {text}"


WRAPPED = "- [ ] Send the contract with its\n  appendices due:2026-12-01\n  pri:high"


def test_a_wrapped_task_is_the_task_on_one_line() -> None:
    task = read(WRAPPED)
    assert task == changed(read(" ".join(WRAPPED.split())), end_line=0)
    assert read("- \\[ \\] Send \\_it\\_") == Task("Send _it_")


def test_a_defect_on_a_wrapped_line_stands_where_it_is() -> None:
    found = parse("- [ ] Send it\n  soon due:2026-13-01", 7)
    assert found is not None and found[0].end_line == 8
    assert [(each.below, each.column, each.code) for each in found[1]] == [(1, 8, "task-date")]


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({"done": True}, WRAPPED.replace("[ ]", "[x]")),
        ({"due": date(2026, 12, 5)}, WRAPPED.replace("12-01", "12-05")),
        ({"snoozed": date(2026, 12, 5)}, WRAPPED.replace("its\n", "its t:2026-12-05\n")),
        ({"due": None}, WRAPPED.replace(" due:2026-12-01", "")),
        ({"text": "Send a_\\_b"}, "- [ ] Send a_\\\\_b due:2026-12-01 pri:high"),
    ],
)
def test_a_wrapped_task_is_changed_where_it_stands(change: dict[str, Any], after: str) -> None:
    task = read(WRAPPED)
    new = rewrite(WRAPPED, task, changed(task, **change))
    assert new == after
    assert read(new).same(changed(task, **change))

"""Log entries and tasks written into a record's text: one place changes, everything else stays."""

from __future__ import annotations

import json
import random
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from plaincrm.core.timeline import document, log
from plaincrm.core.timeline.line_edit import add_entry, add_task, change_task, snooze, tick
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.parse import Timeline
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.value_class import changed
from plaincrm.errors import Refused

FRONT = "---\nname: Ada\n---\n"
DAY = date(2026, 11, 22)
CALL = Entry(DAY, "call", "Hello")


def read(text: str) -> Timeline:
    return document.read(text).timeline


def task_of(text: str, number: int = 0) -> Task:
    return read(text).tasks[number]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "## Log\nNEW\n"),
        ("Text.\n", "Text.\n\n## Log\nNEW\n"),
        ("Text.", "Text.\n\n## Log\nNEW"),
        ("Text.\n\n\n", "Text.\n\n\n## Log\nNEW\n"),
        ("## Log", "## Log\nNEW"),
        ("## Log\n\n## Else\n", "## Log\nNEW\n\n## Else\n"),
        ("## Log\nSome words.\n", "## Log\nSome words.\n\nNEW\n"),
        ("## Log\n- 2026-11-20 call: a\n\n\n", "## Log\n- 2026-11-20 call: a\nNEW\n\n\n"),
        ("## Log\n- 2026-11-20 call: a", "## Log\n- 2026-11-20 call: a\nNEW"),
        (
            "## Log\n- 2026-11-20 call: a\n  b\n\n  c\n## E",
            "## Log\n- 2026-11-20 call: a\n  b\n\n  c\nNEW\n## E",
        ),
        (
            "## Log\n- 2026-11-20 note: a\n\n- 2026-11-21 note: b\n",
            "## Log\n- 2026-11-20 note: a\n\n- 2026-11-21 note: b\n\nNEW\n",
        ),
        (
            "## Log\n- 2026-11-21 note: b\n- 2026-11-20 note: a\n",
            "## Log\nNEW\n- 2026-11-21 note: b\n- 2026-11-20 note: a\n",
        ),
        (
            "## Log\n- 2026-11-20 note: a\n- 2026-11-22 9:00 note: b\n- 2026-11-24 note: c\n",
            "## Log\n- 2026-11-20 note: a\n- 2026-11-22 9:00 note: b\nNEW\n- 2026-11-24 note: c\n",
        ),
        ("## Log\n- 2026-11-25 note: a\n", "## Log\nNEW\n- 2026-11-25 note: a\n"),
        ("```\n## Log\n```\n", "```\n## Log\n```\n\n## Log\nNEW\n"),
        (
            "## Log\n- 2026-11-20 call x\n- 2026-11-21 call: b\n",
            "## Log\n- 2026-11-20 call x\n- 2026-11-21 call: b\nNEW\n",
        ),
    ],
)
def test_where_an_entry_goes(before: str, after: str) -> None:
    assert add_entry(FRONT + before, CALL) == FRONT + after.replace(
        "NEW", "- 2026-11-22 call: Hello"
    )


def test_an_entry_takes_its_neighbour_s_indent_and_marker() -> None:
    text = FRONT + "## Log\n  * 2026-11-20 note: a\n  * 2026-11-21 note: b\n"
    new = add_entry(text, changed(CALL, text="x\ny"))
    assert new == text + "  * 2026-11-22 call: x\n    y\n"


@pytest.mark.parametrize(
    "text", ["---\r\nname: Ada\r\n---", "\ufeff---\r\nname: Ada\r\n---\r\nText.\r\n"]
)
def test_line_ends_and_byte_order_mark_stay(text: str) -> None:
    new = add_task(add_entry(text, changed(CALL, text="a\nb")), Task("c"))
    assert new.startswith(text)
    assert new.count("\n") == new.count("\r\n")
    assert new.endswith("\n") == text.endswith("\n")
    assert [len(read(new).entries), len(read(new).tasks)] == [1, 1]


@pytest.mark.parametrize(
    "words",
    [
        "- [ ] a",
        "x\n- [ ] a",
        "x\n\\- [ ] a",
        "x\n## Log\n- 2026-01-01 call: y",
        "x\n```\n- [ ] a",
        "x\n\n    - [ ] a",
        "x\n<!--",
        "---\n---",
        "a\r\nb\rc",
        "\n\n  x  \n\n",
        "# x",
        "x\n1. [X] y",
        "",
        "x\n\ttab",
        "x\n---",
        "x\n  y\nz",
    ],
)
def test_any_text_reads_back_and_makes_no_task(words: str) -> None:
    text = FRONT + "## Log\n- 2026-11-20 call: a\n\n## Else\n- [ ] t\n"
    found = read(add_entry(text, Entry(DAY, "note", words)))
    assert found.entries[-1].text == log.canonical(words)
    assert [task.text for task in found.tasks] == ["t"] and len(found.entries) == 2


@pytest.mark.parametrize(
    "entry",
    [
        Entry(DAY, ""),
        Entry(DAY, "two words"),
        Entry(DAY, "call", people=("a:b",)),
        Entry(DAY, "call", people=("a,b",)),
        Entry(DAY, "call", zone="Z"),
        Entry(DAY, "call", direction="up"),
        Entry(DAY, "Call"),
        Entry(DAY, "call", time=time(9), zone="CET"),
    ],
)
def test_an_entry_that_would_read_back_otherwise_is_refused(entry: Entry) -> None:
    with pytest.raises(Refused, match="this is no log entry"):
        add_entry(FRONT, entry)


@pytest.mark.parametrize("body", ["```\nnever closed\n", "<!-- never closed", "<pre>\n"])
def test_an_open_fence_is_no_place_to_write(body: str) -> None:
    with pytest.raises(Refused, match="can't be edited surely"):
        add_entry(FRONT + body, CALL)
    with pytest.raises(Refused, match="can't be edited surely"):
        add_task(FRONT + body, Task("a"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "## Tasks\nNEW\n"),
        ("Text.", "Text.\n\n## Tasks\nNEW"),
        (
            "Text.\n## Log\n- 2026-11-20 call: a\n",
            "Text.\n\n## Tasks\nNEW\n\n## Log\n- 2026-11-20 call: a\n",
        ),
        ("## Tasks\n- [ ] a\n  more\n\n## Log\n", "## Tasks\n- [ ] a\n  more\nNEW\n\n## Log\n"),
        ("## Tasks\n## Log\n", "## Tasks\nNEW\n\n## Log\n"),
        ("## Tasks\n\nWords.\n", "## Tasks\nNEW\n\nWords.\n"),
        ("- [ ] elsewhere\n\n## tasks\nWords.\n", "- [ ] elsewhere\n\n## tasks\nNEW\n\nWords.\n"),
        ("## Tasks\n- [x] a\n- [ ] b", "## Tasks\n- [x] a\n- [ ] b\nNEW"),
    ],
)
def test_where_a_task_goes(before: str, after: str) -> None:
    new = add_task(FRONT + before, Task("Call  her\nback", due=date(2026, 12, 1)))
    assert new == FRONT + after.replace("NEW", "- [ ] Call her back due:2026-12-01")


@pytest.mark.parametrize(
    "task",
    [Task(""), Task("a due:2026-01-01"), Task("a", pri="two words"), Task("a", rec="weekly")],
)
def test_a_task_that_would_read_back_otherwise_is_refused(task: Task) -> None:
    with pytest.raises(Refused, match=r"this is no task|needs a text"):
        add_task(FRONT, task)


def test_a_tick_is_a_mark_and_a_date() -> None:
    text = FRONT + "* [ ]  Call   her due:2026-12-01 \r\nText.\n"
    assert (
        tick(text, task_of(text), DAY)
        == FRONT + "* [x]  Call   her due:2026-12-01 done:2026-11-22 \r\nText.\n"
    )


def test_a_recurring_task_moves_on_and_is_logged() -> None:
    text = FRONT + "- [ ] Call due:2026-01-31 t:2026-11-01 rec:+1m@31\n"
    once = tick(text, task_of(text), date(2026, 2, 1))
    assert (
        once == FRONT + "- [ ] Call due:2026-02-28 rec:+1m@31\n\n## Log\n- 2026-02-01 task: Call\n"
    )
    twice = tick(once, task_of(once), date(2026, 2, 28))
    assert "due:2026-03-31" in twice and twice.endswith("- 2026-02-28 task: Call\n")


def test_ticks_that_make_no_sense_are_refused() -> None:
    done, odd = FRONT + "- [x] a\n", FRONT + "- [ ] a rec:weekly\n"
    with pytest.raises(Refused, match="done already"):
        tick(done, task_of(done), DAY)
    with pytest.raises(Refused, match="weekly"):
        tick(odd, task_of(odd), DAY)


def test_a_snooze_sets_its_key_in_place() -> None:
    text = FRONT + "- [ ] a t:2026-01-01 pri:high\n- [ ] a\n"
    first = snooze(text, task_of(text), DAY)
    assert first == text.replace("2026-01-01", "2026-11-22")
    assert snooze(first, task_of(first, 1), DAY) == first[:-1] + " t:2026-11-22\n"


def test_a_task_inside_a_log_entry_can_be_ticked() -> None:
    text = FRONT + "## Log\n- 2026-11-20 call: Talked.\n  - [ ] send it\n"
    new = tick(text, task_of(text), DAY)
    assert new == FRONT + "## Log\n- 2026-11-20 call: Talked.\n  - [x] send it done:2026-11-22\n"


def test_a_change_replaces_words_and_keys() -> None:
    text = FRONT + "- [ ] a due:tomorrow from:ada\n"
    task = task_of(text)
    new = changed(task, text="b  c", due=DAY, waiting="")
    assert change_task(text, task, new) == FRONT + "- [ ] b c due:2026-11-22\n"


def test_a_task_that_moved_is_refused() -> None:
    text = FRONT + "- [ ] a\n"
    for other in ("Text.\n- [ ] a\n", "- [ ] b\n", "- [x] a\n", "", "```\n- [ ] a\n```\n"):
        with pytest.raises(Refused, match="no longer stands"):
            snooze(FRONT + other, task_of(text), DAY)


PIECES = [
    "Text.",
    "",
    "  indented",
    "    code?",
    "```",
    "```py",
    "~~~~",
    "  ```",
    "<!-- note",
    "-->",
    "# Title",
    "## Log",
    "## Log",
    "## Tasks",
    "### Sub",
    "## Else",
    "- item",
    "  - nested",
    "1. one",
    "- [ ] task",
    "- [x] was done:2026-01-02",
    "  - [ ] nested due:2026-03-04",
    "* [ ] recurring due:2026-01-31 rec:+1m@31",
    "- [ ] bad due:x",
    "> quote",
    "---",
    "- 2026-01-01 call: first",
    "- 2026-02-01 10:00 email out with ada: second",
    "  goes on",
    "- 2026-13-01 call: bad",
    "* 2026-03-01 note: third",
    "2026-01-01 undashed",
    "- 2026-01-05 lunch: own type",
    "Ünïcödé 日本 🎉",
    "=====",
    "\\- [ ] x",
]
EDITS = 3000


def naughty(shared_data: Path) -> list[str]:
    path = shared_data / "blns" / "blns.json"
    if not path.is_file():
        pytest.skip("no naughty strings")
    strings: list[str] = json.loads(path.read_text(encoding="utf-8"))
    return strings


CLOSED = [piece for piece in PIECES if not piece.strip().startswith(("`", "~", "<"))]


def body_of(rnd: random.Random, words: list[str]) -> str:
    pieces = rnd.choice([PIECES, CLOSED, CLOSED])
    eol = rnd.choice(["\n", "\n", "\r\n"])
    lines = [
        rnd.choice(pieces) if rnd.random() < 0.9 else rnd.choice(words)
        for _ in range(rnd.randrange(14))
    ]
    front = eol.join(["---", "name: Ada", "---", ""])
    return rnd.choice(["", "\ufeff"]) + front + eol.join(lines) + rnd.choice(["", eol])


def text_of(rnd: random.Random, words: list[str]) -> str:
    lines = [
        rnd.choice(words) if rnd.random() < 0.6 else rnd.choice(PIECES)
        for _ in range(rnd.randrange(1, 4))
    ]
    return "\n".join(lines)


def one_insertion(old: str, new: str) -> bool:
    """Whether `new` is `old` with text put in at one place."""
    start = 0
    while start < len(old) and old[start] == new[start]:
        start += 1
    return old == new[:start] + new[len(new) - (len(old) - start) :]


def test_thousands_of_edits_change_one_place_or_nothing(shared_data: Path) -> None:
    rnd, words = random.Random(7), naughty(shared_data)
    refused = 0
    for number in range(EDITS):
        text = body_of(rnd, words)
        try:
            (add_random_entry, add_random_task, change_random_task)[number % 3](rnd, text, words)
        except Refused as error:
            assert error.message and error.hint
            refused += 1
    print(f"{EDITS} edits, {refused} refused")
    assert refused < EDITS / 4


def add_random_entry(rnd: random.Random, text: str, words: list[str]) -> None:
    day = date(2026, 1, 1) + timedelta(rnd.randrange(90))
    entry = Entry(
        day,
        "note",
        text_of(rnd, words),
        rnd.choice([None, time(9, 5)]),
        people=rnd.choice([(), ("ada", "bo")]),
    )
    new = add_entry(text, entry)
    before, after = read(text), read(new)
    assert one_insertion(text, new)
    assert [t.text for t in before.tasks] == [t.text for t in after.tasks]
    keys = [e.key for e in after.entries]
    keys.remove(log.normal(entry).key)
    assert keys == [e.key for e in before.entries]


def add_random_task(rnd: random.Random, text: str, words: list[str]) -> None:
    task = Task(
        " ".join(text_of(rnd, words).split()),
        due=rnd.choice([None, DAY]),
        rec=rnd.choice(["", "2w"]),
    )
    new = add_task(text, task)
    before, after = read(text), read(new)
    assert one_insertion(text, new)
    assert [e.key for e in before.entries] == [e.key for e in after.entries]
    assert sorted([*(t.text for t in before.tasks), task.text]) == sorted(
        t.text for t in after.tasks
    )


def change_random_task(rnd: random.Random, text: str, words: list[str]) -> None:
    found = read(text)
    if not found.tasks:
        return
    task = rnd.choice(found.tasks)
    edit = rnd.choice(["tick", "snooze", "text"])
    new_text = task.text
    if edit == "tick":
        new = tick(text, task, DAY)
    elif edit == "snooze":
        new = snooze(text, task, DAY)
    else:
        new_text = rnd.choice(words)
        new = change_task(text, task, changed(task, text=new_text))
    page = document.read(text)
    start, end = page.starts[page.index(task.line)], page.starts[page.index(task.end_line) + 1]
    logged = edit == "tick" and bool(task.rec)
    assert len(read(new).entries) == len(found.entries) + logged
    assert len(read(new).tasks) == len(found.tasks)
    if not logged:
        assert new.startswith(text[:start]) and new.endswith(text[end:])
        joined = 0 if new_text == task.text else task.end_line - task.line
        assert new.count("\n") == text.count("\n") - joined

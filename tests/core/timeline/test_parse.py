"""The log and the tasks found in a body."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from plaincrm.core.text import outline
from plaincrm.core.timeline import parse
from plaincrm.core.timeline.parse import Timeline

BODY = """\
Anything in Markdown.

## Tasks
- [ ] Send the contract due:2026-12-01 rec:2w pri:high
- [ ] invoice 2026-031 1200 EUR due:2026-12-01
- [x] Ask for a reference due:2026-10-01 done:2026-10-03

## Log
- 2026-11-20 14:30 call: Talked about scope and dates.
  A second line of the same entry, indented.
- 2026-11-21 email out: Sent the proposal. <20261121.1@analytical.example>
- 2026-11-22 stage: lead -> proposal
"""


def texts(body: str) -> list[str]:
    return [task.text for task in parse.read(body).tasks]


def log_of(*lines: str) -> Timeline:
    return parse.read("\n".join(("## Log", *lines)))


def test_a_record_of_the_manual() -> None:
    found = parse.read(BODY, first_line=11, path="contacts/ada.md")
    assert not found.problems
    assert [(e.date.day, e.type, e.direction, e.line, e.end_line) for e in found.entries] == [
        (20, "call", "", 19, 20),
        (21, "email", "out", 21, 21),
        (22, "stage", "", 22, 22),
    ]
    assert found.entries[0].time == time(14, 30)
    assert found.entries[0].text.endswith("\nA second line of the same entry, indented.")
    assert found.entries[1].message_id == "<20261121.1@analytical.example>"
    assert found.entries[2].change == ("lead", "proposal")
    assert [(t.text, t.done, t.line) for t in found.tasks] == [
        ("Send the contract", False, 14),
        ("invoice 2026-031 1200 EUR", False, 15),
        ("Ask for a reference", True, 16),
    ]
    assert found.tasks[1].invoice and found.tasks[2].done_on == date(2026, 10, 3)


@pytest.mark.parametrize("eol", ["\r\n", "\r"])
def test_line_ends_do_not_matter(eol: str) -> None:
    assert parse.read(BODY.replace("\n", eol)) == parse.read(BODY)


@pytest.mark.parametrize(
    "body", ["", "\n", "text", "# Log\n- 2026-01-01 call: x", "### Log\n- 2026-01-01 call: x"]
)
def test_a_body_without_timeline(body: str) -> None:
    assert parse.read(body) == parse.EMPTY


@pytest.mark.parametrize("heading", ["## log", "##  LOG  ", "## Log ##", "##\tLog"])
def test_the_heading_may_be_written_otherwise(heading: str) -> None:
    assert len(parse.read(f"{heading}\n- 2026-01-01 call: x\n").entries) == 1


def test_the_log_ends_at_the_next_heading_but_not_at_a_lower_one() -> None:
    found = log_of(
        "- 2026-01-01 call: a",
        "### 2025",
        "- 2025-01-01 call: b",
        "## Else",
        "- 2024-01-01 call: c",
    )
    assert [entry.text for entry in found.entries] == ["a", "b"]


@pytest.mark.parametrize(
    "hidden",
    [
        "```\n{}\n```",
        "~~~\n{}\n~~~",
        "````md\n```\n{}\n````",
        "~~~ `x`\n```\n{}\n~~~",
        "   ```\n{}\n  ```",
        "- item\n\n  ```\n  {}\n  ```",
        "1. a\n\n   ~~~\n   {}",
        "```\n{}",
        "text\n\n    {}",
        "# h\n    {}",
        "<!--\n{}\n-->",
        "<!-- a\n\n{}\n",
        "<pre>\n{}\n</pre>",
        "<script>\n{}\n</script>",
        "```\n``` x\n{}\n```",
        "~~~\n~~\n{}\n~~~",
        "- a\n\n      {}",
    ],
)
def test_code_and_comments_hold_no_tasks_and_no_log(hidden: str) -> None:
    body = hidden.format("- [ ] no")
    assert texts(f"- [ ] first\n\ntext\n\n{body}") == ["first"]
    assert not parse.read(hidden.format("## Log\n- 2026-01-01 call: x")).entries


@pytest.mark.parametrize(
    "open_",
    [
        "- [ ] a\n  - [ ] yes",
        "- [ ] a\n    - [ ] yes",
        "- a\n\n    - [ ] yes",
        "1. a\n\n   - [ ] yes",
        "text\n- [ ] yes",
        "```\nx\n```\n- [ ] yes",
        "``` a`b\n- [ ] yes",
        "- a\n  ```\n- [ ] yes",
        "<!-- a -->\n- [ ] yes",
        "text <!-- b\n- [ ] yes",
        "- a\n\n  <!-- b\n- [ ] yes",
        "<div>\n- [ ] yes",
        "a\n    b\n- [ ] yes",
        "***\n- [ ] yes",
        "- a\nlazy\n\n    - [ ] yes",
        "<prefix>\n- [ ] yes",
    ],
)
def test_what_only_looks_like_code_hides_nothing(open_: str) -> None:
    assert texts(open_)[-1] == "yes"


def test_equal_tasks_are_told_apart_by_ordinal() -> None:
    found = parse.read("- [ ] a due:2026-01-01\n- [ ] b\n- [x] a").tasks
    assert [(task.text, task.ordinal) for task in found] == [("a", 0), ("b", 0), ("a", 1)]


def test_tasks_stand_in_the_log_too() -> None:
    found = log_of("- 2026-01-01 call: x", "  - [ ] follow up", "- [ ] loose one")
    assert [task.text for task in found.tasks] == ["follow up", "loose one"]
    assert len(found.entries) == 1 and not found.problems


def test_an_entry_takes_its_whole_item() -> None:
    found = log_of(
        "- 2026-01-01 note: a",
        "  b",
        "",
        "  c",
        "lazy",
        "",
        "",
        "- 2026-01-02 note: d",
        "",
        "Text.",
    )
    assert [entry.text for entry in found.entries] == ["a\nb\n\nc\nlazy", "d"]
    assert [(entry.line, entry.end_line) for entry in found.entries] == [(2, 6), (9, 9)]
    assert not found.problems


@pytest.mark.parametrize(
    ("line", "column", "code", "level"),
    [
        ("- 2026-02-30 call: x", 3, "log-date", "error"),
        ("- 2026-02-20 call x", 3, "log-entry", "error"),
        ("*   something", 5, "log-date", "error"),
        ("2026-02-20 call: forgot the dash", 1, "log-entry", "error"),
        ("- 2026-02-20 lunch: x", 3, "log-type", "warning"),
        ("- 2026-02-20 note: x\n  - [ ] a due:x", 11, "task-date", "error"),
    ],
)
def test_what_can_not_be_read_is_a_problem_with_its_place(
    line: str, column: int, code: str, level: str
) -> None:
    body = f"## Log\n- 2026-01-01 call: first\n{line}\n- 2026-03-01 call: last\n"
    found = parse.read(body, 5, "deals/x.md")
    (problem,) = found.problems
    assert (problem.path, problem.column, problem.code, problem.level) == (
        "deals/x.md",
        column,
        code,
        level,
    )
    assert problem.line == 7 + line.count("\n") and problem.hint
    texts = [entry.text for entry in found.entries]
    assert texts[0] == "first" and texts[-1] == "last"


def test_the_book_may_have_its_own_types() -> None:
    body = "## Log\n- 2026-02-20 lunch: x"
    assert parse.read(body, types=["lunch"]).entries[0].type == "lunch"
    assert (
        not parse.read(body, types=["lunch"]).problems and not parse.read(body, types=None).problems
    )
    assert parse.read(body).entries[0].text == "lunch: x"
    (problem,) = parse.read("## Log\n- 2026-02-20 cal: x").problems
    assert problem.hint == 'did you mean "call"?'


def test_the_direction_of_the_log() -> None:
    days = [
        "- 2026-01-01 call: a",
        "- 2026-01-03 call: b",
        "- 2026-01-02 call: c",
        "- 2026-01-04 call: d",
    ]
    assert not log_of(*days).newest_first
    assert log_of(*reversed(days)).newest_first
    assert not log_of(days[0]).newest_first and not parse.EMPTY.newest_first


LINES = st.sampled_from(
    [
        "- [ ] a",
        "  - [ ] b",
        "    - [x] c",
        "      - [ ] d",
        "* [ ] e",
        "text",
        "  text",
        "      text",
        "",
        "",
        "```",
        "  ```",
        "~~~",
        "````",
        "## Log",
        "# h",
        "- item",
        "  * item",
        "1. item",
        "   para",
        "<!-- x",
        "-->",
        "***",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES, max_size=12))
def test_no_task_stands_in_what_commonmark_calls_code(lines: list[str]) -> None:
    body = "\n".join(lines)
    code: set[int] = set()
    for token in MarkdownIt().parse(body):
        if token.type in ("fence", "html_block", "code_block") and token.map:
            code.update(range(*token.map))
    wrong = {task.line - 1 for task in parse.read(body).tasks} & code
    assert not wrong


@given(st.text() | st.lists(LINES | st.text(max_size=20), max_size=10).map("\n".join))
def test_any_body_can_be_read(body: str) -> None:
    found = parse.read(body)
    count = body.count("\n") + body.count("\r") + 1
    assert all(1 <= entry.line <= entry.end_line <= count for entry in found.entries)
    assert all(1 <= task.line <= count for task in found.tasks)


def test_sections_are_found_by_title() -> None:
    plain = outline.read("## A\nx\n### b\n## a\n```\n## A\n```\n# c\n")
    assert plain.sections("a") == [(0, 3), (3, 7)]
    assert [(h.level, h.title) for h in plain.headings] == [(2, "A"), (3, "b"), (2, "a"), (1, "c")]

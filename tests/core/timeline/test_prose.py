"""What is written freely in a body, taken out of one record and put into another."""

from __future__ import annotations

import pytest

from plaincrm.core.timeline.prose import add_prose, prose
from plaincrm.errors import Refused

HEAD = "---\nname: A\n---\n"


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("", ""),
        ("\n\nText.\n", "Text."),
        ("Text.\n\n## Log\n- 2026-01-01 call: Hi\n  more\n", "Text."),
        ("## Tasks\n- [ ] Call\n\n## Notes\nText.\n", "## Notes\nText."),
        ("One.\n\n- [ ] Call\n\nTwo.\n", "One.\n\nTwo."),
        ("```\n## Log\n\n\n- [ ] no task\n```\n", "```\n## Log\n\n\n- [ ] no task\n```"),
        ("## Log\n- 2026-13-45 call: no entry\n", "- 2026-13-45 call: no entry"),
    ],
)
def test_what_is_left_without_log_and_tasks(body: str, wanted: str) -> None:
    assert prose(HEAD + body) == wanted


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("Hello.\n\n## Tasks\n- [ ] x\n\n## Log\n- 2026-01-01 call: y\n  more\n", "Hello."),
        (
            "## Log\n- 2026-01-01 call: y\nwent on\n- scribble\n\n## More\nText\n",
            "## Log\n- scribble\n\n## More\nText",
        ),
        ("```\n- [ ] code\n```\n", "```\n- [ ] code\n```"),
        ("", ""),
    ],
)
def test_headings_stay_where_something_is_beneath(body: str, left: str) -> None:
    assert prose(HEAD + body, headings=True) == left


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("", "New.\n"),
        ("Text.\n", "Text.\n\nNew.\n"),
        (
            "Text.\n\n## Log\n- 2026-01-01 call: Hi\n",
            "Text.\n\nNew.\n\n## Log\n- 2026-01-01 call: Hi\n",
        ),
        ("## Tasks\n- [ ] Call\n", "New.\n\n## Tasks\n- [ ] Call\n"),
    ],
)
def test_it_goes_before_tasks_and_log(body: str, wanted: str) -> None:
    assert add_prose(HEAD + body, "New.") == HEAD + wanted


def test_line_ends_stay() -> None:
    assert (
        add_prose("---\r\nname: A\r\n---\r\nText.\r\n", "One\nTwo")
        == "---\r\nname: A\r\n---\r\nText.\r\n\r\nOne\r\nTwo\r\n"
    )


def test_text_that_would_swallow_the_log_is_refused() -> None:
    with pytest.raises(Refused):
        add_prose(f"{HEAD}## Log\n- 2026-01-01 call: Hi\n", "```\nopen fence")

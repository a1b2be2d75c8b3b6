"""Transcripts of chats as they are saved."""

from __future__ import annotations

import pytest

from plaincrm.interchange.chat import read

IPHONE = """\
[20.11.26, 14:02:59] Kim Berg: \u200eMessages and calls are end-to-end encrypted.
[20.11.26, 14:03:22] Kim Berg: The printer jams.
It says E4: paper
[20.11.26, 14:05:01] Ada Example: Open the lid
"""
ANDROID = """\
20/11/2026, 2:02\u202fpm - Messages and calls are end-to-end encrypted. Tap to learn more.
20/11/2026, 2:03\u202fpm - Kim Berg: The printer jams.
It says E4: paper
20/11/2026, 2:05\u202fpm - Ada Example: Open the lid
"""
PLAIN = """\
2026-11-20 14:03 Kim Berg: The printer jams.
It says E4: paper

2026-11-20 14:05 Ada Example: Open the lid
"""
DAYS = """\
--- 20.11.2026 ---
(02:03:22 PM) Kim Berg: The printer jams.
It says E4: paper
(02:05:00 PM) Ada Example: Open the lid
"""


@pytest.mark.parametrize(
    "text", [IPHONE, ANDROID, PLAIN, DAYS], ids=["iphone", "android", "plain", "days"]
)
def test_who_said_what_and_when(text: str) -> None:
    found = [(f"{m.at:%Y-%m-%d %H:%M}", m.who, m.text) for m in read(text)]
    assert found[-2:] == [
        ("2026-11-20 14:03", "Kim Berg", "The printer jams.\nIt says E4: paper"),
        ("2026-11-20 14:05", "Ada Example", "Open the lid"),
    ]


def test_a_day_that_may_be_two_is_read_in_the_order_of_the_book_or_refused() -> None:
    line = "11/12/26, 2:03 PM - Kim: Hello"
    assert f"{read(line, 'mdy')[0].at:%m-%d}" == "11-12"
    assert f"{read(line, 'dmy')[0].at:%m-%d}" == "12-11"
    with pytest.raises(ValueError, match="day or month first"):
        read(line)


@pytest.mark.parametrize(
    "text", ["14:03 Kim: Hello", "[32.13.2026, 14:03] Kim: Hello", "[1.1.26, 25:00] Kim: x"]
)
def test_what_is_no_day_or_time_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)


def test_any_other_text_is_no_transcript() -> None:
    assert read("Dear Ada,\nthe printer jams: help.\n") == []

"""Backslashes before punctuation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.text.markdown_escape import escape, unescape


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"\_file\_ and \[x\]", "_file_ and [x]"),
        (r"C:\Users\Ada", r"C:\Users\Ada"),
        (r"`a\_b` and \_c", r"`a\_b` and _c"),
        (r"\`a\_b`", "`a_b`"),
        (r"\\_", r"\_"),
        (r"``a`\_``", r"``a`\_``"),
        ("\\", "\\"),
    ],
)
def test_what_a_text_means(written: str, meant: str) -> None:
    assert unescape(written) == meant
    assert unescape(escape(meant)) == meant


@given(st.text(alphabet="\\`_[]a \n*"))
def test_what_is_written_is_what_is_read(text: str) -> None:
    assert unescape(escape(text)) == text
    if unescape(text) == text:
        assert escape(text) == text

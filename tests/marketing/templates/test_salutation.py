"""First lines of letters."""

from __future__ import annotations

import pytest

from plaincrm.marketing.templates.salutation import salutation


@pytest.mark.parametrize(
    ("name", "language", "line"),
    [
        ("Ada Lovelace", "en", "Dear Ada,"),
        ("Lovelace, Ada", "en-GB", "Dear Ada,"),
        ("Ada Lovelace", "de_AT", "Guten Tag Ada Lovelace,"),
        ("Ada Lovelace", "nb", "Hei Ada,"),
        ("Ada Lovelace", "xx", "Dear Ada,"),
        ("  ", "en", ""),
    ],
)
def test_the_line_follows_language_and_name(name: str, language: str, line: str) -> None:
    assert salutation(name, language) == line

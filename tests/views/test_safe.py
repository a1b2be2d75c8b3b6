from __future__ import annotations

import pytest

from plaincrm.views.safe import line, safe


@pytest.mark.parametrize(
    "char",
    [
        "\x1b",
        "\x07",
        "\x9b",
        "\x7f",
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
        "\r",
        "\u061c",
        "\U000e0041",
    ],
)
def test_what_moves_the_cursor_or_hides_is_spelled_out(char: str) -> None:
    assert char not in safe(f"a{char}b") and safe(f"a{char}b").startswith("a\\")


@pytest.mark.parametrize(
    "text", ["Ada\nLovelace\t", "Ødegård", "森田 遥", "👩‍💻", "👨‍👩‍👧", "עברית", "e\u0301"]
)
def test_ordinary_text_of_any_script_stays(text: str) -> None:
    assert safe(text) == text


def test_a_joiner_between_letters_is_spelled_out() -> None:
    assert safe("pay\u200dpal") == "pay\\u200dpal"


def test_one_line() -> None:
    assert line(" a\n b\tc ") == "a b c"

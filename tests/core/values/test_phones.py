"""Phone numbers: one number, whatever way it is written."""

from __future__ import annotations

import pytest

from plaincrm.core.values.phones import e164, international, is_region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("030 23125 557", "DE"),
        ("030/23125557", "DE"),
        ("+49 30 23125557", ""),
        ("+49 (0)30 23125-557", "NO"),
        ("0049 30 23125 557", "DE"),
        ("(030) 23125.557", "de"),
    ],
)
def test_one_number_in_many_forms(text: str, region: str) -> None:
    assert e164(text, region) == "+493023125557"


def test_an_extension_makes_another_number() -> None:
    assert e164("+49 30 23125557 ext. 5") == "+493023125557;ext=5"


@pytest.mark.parametrize(
    ("text", "region"), [("", "DE"), ("none", "DE"), ("1", "DE"), ("030 23125557", "")]
)
def test_what_is_no_number_matches_nothing(text: str, region: str) -> None:
    assert e164(text, region) == ""
    assert international(text, region) == ""


def test_the_written_form() -> None:
    assert international("0176 040690 17", "DE") == "+49 176 04069017"
    assert international("+1 402-555-0167") == "+1 402-555-0167"
    assert international("+41 44 000 00 21", "DE") == "+41 44 000 00 21"


def test_a_local_number_is_only_rewritten_if_it_can_exist_there() -> None:
    assert international("+47 22 00 00 31", "NO").startswith("+47")
    assert international("22 00", "NO") == ""


def test_regions() -> None:
    assert is_region("NO")
    assert not is_region("Norway")
    assert not is_region("")

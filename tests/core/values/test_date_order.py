"""The order of day and month in a country."""

from __future__ import annotations

from datetime import date

import pytest

from plaincrm.core.values.date_order import date_order
from plaincrm.core.values.dates import DateError, Leaning, parse_date

TODAY = date(2026, 11, 21)


def test_the_country_says_the_order_else_the_language() -> None:
    assert date_order("US", "en") == "mdy"
    assert date_order("DE", "en") == "dmy"
    assert date_order("", "de") == "dmy"
    assert date_order("", "en") == date_order("JP", "en") == ""


@pytest.mark.parametrize(
    ("word", "order", "day"),
    [
        ("31/12/2026", "", "2026-12-31"),
        ("12/31/2026", "", "2026-12-31"),
        ("12/12/2026", "", "2026-12-12"),
        ("12/11/2026", "dmy", "2026-11-12"),
        ("12/11/2026", "mdy", "2026-12-11"),
        ("12/31/2026", "dmy", "2026-12-31"),
        ("31/12", "", "2026-12-31"),
        ("1/2", "dmy", "2027-02-01"),
    ],
)
def test_slashes_are_read_where_they_are_sure(word: str, order: str, day: str) -> None:
    assert parse_date(word, TODAY, Leaning.FUTURE, order=order).isoformat() == day


def test_what_is_not_sure_shows_both_days() -> None:
    with pytest.raises(DateError) as told:
        parse_date("12/11/2026", TODAY)
    assert told.value.hint == "write 2026-12-11 or 2026-11-12"

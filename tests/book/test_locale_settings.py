"""What the locale says."""

from __future__ import annotations

from plaincrm.book.locale_settings import currency_of, locale_of


def test_the_first_variable_that_is_set_says_country_and_language() -> None:
    assert locale_of({"LANG": "de_DE.UTF-8"}) == ("DE", "de")
    assert locale_of({"LC_ALL": "fr_CH", "LANG": "de_DE.UTF-8"}) == ("CH", "fr")
    assert locale_of({"LANG": "C.UTF-8"}) == locale_of({}) == ("", "")
    assert locale_of({"LANG": "en"}) == ("", "en")


def test_a_country_has_a_currency() -> None:
    assert [currency_of(each) for each in ("DE", "CH", "US", "ZZ")] == ["EUR", "CHF", "USD", ""]

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.schema.kinds import Field
from plaincrm.core.values import types
from plaincrm.interchange.csv.column import CsvColumn, Locale
from plaincrm.interchange.csv.values import convert, split

US, DE = Locale("US", "en", "USD"), Locale("DE", "de", "EUR")


def column(*cells: str) -> CsvColumn:
    seen = CsvColumn()
    for cell in cells:
        seen.see(cell)
    return seen


def read(text: str, type_name: str, *others: str, locale: Locale = US) -> str:
    return convert(text, Field("f", type_name), column(text, *others), locale)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2006-06-15T20:47:07.000Z", "2006-06-15 20:47Z"),
        ("2010-10-14T12:00:00.000Z-0300", "2010-10-14 12:00-03:00"),
        ("2010-10-14T12:00:00.000GMT", "2010-10-14 12:00Z"),
        ("07/15/2009 02:14:45+0800", "2009-07-15 02:14+08:00"),
        ("2009-07-14T14:14:45+02:00", "2009-07-14 14:14+02:00"),
        ("2024-03-12 09:14", "2024-03-12 09:14"),
        ("3/15/2024 2:30 PM", "2024-03-15 14:30"),
        ("3/15/2024 12:05 AM", "2024-03-15 00:05"),
        ("15.03.2024", "2024-03-15"),
        ("1.2.24", "2024-02-01"),
        ("05 Mar 2024", "2024-03-05"),
        ("Mar 5, 2024", "2024-03-05"),
        ("5. März 2024", "2024-03-05"),
        ("5 août 2024", "2024-08-05"),
        ("5 de marzo de 2024", "2024-03-05"),
        ("0/0/00", ""),
        ("0000-00-00", ""),
        ("45631", "2024-12-05"),
        ("45631.5", "2024-12-05 12:00"),
    ],
)
def test_datetimes_of_other_programs(text: str, wanted: str) -> None:
    assert read(text, "datetime") == wanted


@pytest.mark.parametrize(
    "text",
    [
        "wrongdate",
        "2009\\7\\14 22:14:45+0800",
        "2009-07/14 02:14",
        "31/02/2024",
        "2024-02-30",
        "12:30",
    ],
)
def test_what_is_no_date_says_so(text: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        read(text, "date")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("2010-10-14T00:00:00.000Z", "2010-10-14"), ("12/31/2024 11:59 PM", "2024-12-31")],
)
def test_no_time_zone_ever_moves_a_date(text: str, wanted: str) -> None:
    assert read(text, "date") == wanted


def test_a_birthday_without_a_year_keeps_none() -> None:
    assert [read(text, "monthday") for text in ("--09-01", "--0901", "09-01", "3/12/1990")] == [
        "09-01",
        "09-01",
        "09-01",
        "1990-03-12",
    ]


def test_the_column_decides_the_order_of_day_and_month() -> None:
    assert read("3/4/2024", "date", "13/4/2024", locale=US) == "2024-04-03"
    assert read("3/4/2024", "date", "4/13/2024", locale=DE) == "2024-03-04"


def test_a_column_that_says_nothing_is_read_by_the_locale_and_is_ambiguous() -> None:
    assert read("3/4/2024", "date", locale=US) == "2024-03-04"
    assert read("3/4/2024", "date", locale=DE) == "2024-04-03"
    assert column("3/4/2024").days.ambiguous
    assert not column("3/4/2024", "13/4/2024").days.ambiguous
    assert not column("3.4.2024").days.ambiguous


def test_day_numbers_are_dates_only_where_the_column_is_of_them() -> None:
    with pytest.raises(ValueError, match="is no date"):
        read("45631", "date", "2024-01-01", "2024-01-02", "2024-01-03")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1.234,56 €", "1234.56 EUR"),
        ("$1,234.56", "1234.56 USD"),
        ("1 234,56 kr", "1234.56 NOK"),
        ("CHF 1'234.50", "1234.50 CHF"),
        ("(500)", "-500"),
        ("-$5", "-5 USD"),
        ("12-", "-12"),
        ("6.0E7", "60000000"),
        ("USD 1,200.00", "1200 USD"),
        ("500000.0", "500000"),
        ("1.234.567", "1234567"),
        ("1,5", "1.50"),
        ("1.500 €", "1500 EUR"),
        ("£2,000", "2000 GBP"),
        ("140000.0", "140000"),
        ("-", ""),
        ("n/a", ""),
    ],
)
def test_money_of_any_country(text: str, wanted: str) -> None:
    locale = Locale("NO", "no", "NOK") if "kr" in text else US
    assert read(text, "money", locale=locale) == wanted


@pytest.mark.parametrize("text", ["5 apples", "call me", "12 kr", "9" * 40])
def test_what_is_no_amount_says_so(text: str) -> None:
    with pytest.raises(ValueError):
        read(text, "money")


def test_the_column_decides_the_decimal_mark() -> None:
    assert read("1.234", "number", "1,5", locale=US) == "1234"
    assert read("1.234", "number", "1.5", locale=DE) == "1.234"
    assert read("1.234", "number", locale=DE) == "1234"
    assert read("1.234", "number", locale=US) == "1.234"
    assert column("1.234").marks.ambiguous


def test_the_files_other_columns_settle_what_one_leaves_open() -> None:
    informed = US.informed({"date": column("31.12.2024"), "sum": column("1,5")}, ",")
    assert (informed.day_first, informed.decimal_mark) == (True, ",")
    assert US.informed({}, ";").decimal_mark == ","


def test_percentages_count_to_one_or_to_a_hundred() -> None:
    assert read("0.2", "percent", "1", "0.9") == "20"
    assert read("1", "percent", "0.2") == "100"
    assert read("1", "percent", "50") == "1"
    assert read("75.0", "percent") == "75"
    assert read("50%", "percent") == "50"
    with pytest.raises(ValueError):
        read("150", "percent")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("1", "true"), ("ja", "true"), ("Oui", "true"), ("FALSE", "false"), ("nein", "false")],
)
def test_booleans(text: str, wanted: str) -> None:
    assert read(text, "bool") == wanted


def test_an_address_loses_its_ideographic_spaces_and_its_wrapping() -> None:
    for text in (" ada@x.org　 　", "Ada <ada@x.org>", "mailto:ada@x.org"):
        assert read(text, "email") == "ada@x.org"
    with pytest.raises(ValueError, match="no e-mail"):
        read("not an address", "email")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("+44 20 7946 0018 ::: +44 20 7946 0019", 2),
        ("020 7946 0018, 020 7946 0019", 2),
        ("030 / 12345", 1),
        ("030 1234567 / 0171 7654321", 2),
        ("(555) 555-1212; (415) 901-7000", 2),
        ("0171 1\n0171 2", 2),
    ],
)
def test_several_phones_in_a_cell(text: str, wanted: int) -> None:
    assert len(split(text, Field("phone", "phone", many=True))) == wanted


def test_a_firm_with_a_comma_is_one_firm() -> None:
    assert split("Acme, Inc.", Field("company", "ref", many=True, to="company")) == ["Acme, Inc."]


@given(
    st.text(max_size=30),
    st.sampled_from(
        [
            "date",
            "datetime",
            "monthday",
            "number",
            "money",
            "percent",
            "bool",
            "email",
            "phone",
            "url",
        ]
    ),
)
def test_what_comes_out_is_what_our_files_hold(text: str, type_name: str) -> None:
    try:
        raw = read(text, type_name)
    except ValueError:
        return
    assert raw == "" or types.read(type_name, raw, "EUR") is not None


@given(
    st.from_regex(r"\A[-(]?[$€£]?[0-9.,' ]{1,12}[E%)]?[0-9]{0,3}\Z"),
    st.sampled_from(["number", "money", "percent"]),
)
def test_any_figures_are_read_as_our_files_hold_them_or_refused(text: str, type_name: str) -> None:
    try:
        raw = read(text, type_name)
    except ValueError:
        return
    assert raw == "" or types.read(type_name, raw, "EUR") is not None


@given(
    st.from_regex(r"\A[0-9]{1,5}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}( [0-9]{1,2}:[0-9]{2})?( [AP]M)?\Z")
)
def test_any_dates_are_read_as_our_files_hold_them_or_refused(text: str) -> None:
    try:
        raw = read(text, "datetime")
    except ValueError:
        return
    assert raw == "" or types.read("datetime", raw)

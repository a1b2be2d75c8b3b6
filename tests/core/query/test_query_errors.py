"""Mistakes in a query: each is a QueryError that names the word and says what was meant."""

from __future__ import annotations

import pytest

from plaincrm.core import query
from plaincrm.errors import QueryError
from tests.core.query.book_of_text import book

MISTAKES = [
    ("deals", "clos_date:eom", '"clos_date"', 'did you mean "close_date"?'),
    ("contacts", "company.contry:NO", '"contry"', 'did you mean "country"?'),
    ("contacts", "deals(stag:won).count:1", '"stag"', 'did you mean "stage"?'),
    ("contacts", "deal.count:1", '"deal"', 'did you mean "deals"?'),
    ("contacts", "dite:vegan", '"dite"', 'did you mean "diet"?'),
    ("contacts", "has:phon", '"phon"', 'did you mean "phone"?'),
    ("contacts", "sort:nme", '"nme"', 'did you mean "name"?'),
    ("contacts", "idl:90d..", '"idl"', 'did you mean "idle"?'),
    ("deals", "value:abc", "no amount of money", "value is money"),
    ("deals", "value:4.200", "more than one amount", ""),
    ("deals", "value>1,000", "write 1000 or 1.00", "value is money"),
    ("deals", "value:5000..1000", "5000 comes after 1000", "did you mean value:1000..5000?"),
    ("deals", "close_date:eoq..soq", "nothing can fit", "did you mean close_date:soq..eoq?"),
    ("contacts", "idle:90d..30d", "nothing can fit", "did you mean idle:30d..90d?"),
    ("deals", "close_date:soon", "not a date", ""),
    ("deals", "close_date:2026-02-30", "February 2026 has 28 days", ""),
    ("deals", "close_date:2026-13", "no month 13", ""),
    ("deals", "probability:many", "no number", "probability is a percent"),
    ("contacts", "idle:long", "not a duration", "idle is a duration"),
    ("contacts", "unsubscribed:maybe", "neither true nor false", ""),
    ("contacts", "unsubscribed>yes", "no order", "unsubscribed:yes"),
    ("contacts", "company>acme", "no order", "company:acme"),
    ("deals", "value~1", "not text", ""),
    ("deals", "value:1*", "not text", ""),
    ("tickets", "priority>medium", '"medium"', "write one of them"),
    ("deals", "stage:wno", '"wno"', 'did you mean "won"?'),
    ("deals", "stage:lead,nowhere", '"nowhere"', "lead, contacted"),
    ("contacts", "status:custmer", '"custmer"', 'did you mean "customer"?'),
    ("deals", "is:wonn", '"wonn"', 'did you mean "won"?'),
    ("deals", "is:unsubscribed", '"unsubscribed"', "open, won"),
    ("contacts", "@warmm", '"warmm"', 'did you mean "warm"?'),
    ("deals", "@warm", "of contact", "use it with contact"),
    ("contacts", "@egg", "egg -> hen -> egg", ""),
    ("contacts", "(+vip", "parenthesis", "pairs"),
    ("contacts", "+vip)", "parenthesis", "pairs"),
    ("contacts", "deals(is:won.count:1", "parenthesis", "pairs"),
    ("contacts", "or", "missing before", ""),
    ("contacts", "+vip or", "missing at its end", ""),
    ("contacts", "not", "missing at its end", ""),
    ("contacts", 'name:"Ada', "no closing quote", 'end it with "'),
    ("contacts", "name:", "has no value", "no:name"),
    ("contacts", "shoe:..", "open at both ends", "has:shoe"),
    ("contacts", "-vip", "dash", "not"),
    ("contacts", "idle", '"idle" alone', "eat a >"),
    ("deals", "value", '"value" alone', "eat a >"),
    ("contacts", "diet", '"diet" alone', "eat a >"),
    ("contacts", "deals.name.sum>3", "has no sum", "count"),
    ("contacts", "tags.max>3", "has no max", "count"),
    ("contacts", "name.city:Oslo", "not a link", ""),
    ("contacts", "name(is:won)", "not a link", "parentheses"),
    ("contacts", "deals@company.count:1", "do not link here by company", "deals@contact"),
    ("contacts", "(sort:name or +vip)", '"sort:"', "top"),
    ("contacts", "not limit:3", '"limit:"', "top"),
    ("contacts", "limit:many", "a number", ""),
    ("contacts", "sort:-", "a field", ""),
    ("contacts", 'name~"(a"', "no regular expression", ""),
    ("contacts", f"name~{'a' * 501}", "longer than 500", ""),
    ("contacts", "(" * 60 + "+vip" + ")" * 60, "50 deep", "segment"),
    ("contacts", "deals(contact(" * 30 + "+vip" + "))" * 30, "50 deep", "segment"),
    ("log", "type", '"type" alone', ""),
    ("log", "deals.count:1", '"deals"', ""),
    ("tasks", "is:won", '"won"', "open"),
]


@pytest.mark.parametrize(
    ("kind", "word", "message", "hint"), MISTAKES, ids=[word[:40] for _, word, _, _ in MISTAKES]
)
def test_mistake(kind: str, word: str, message: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        book().query(kind, word)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.exit_code == 2


def test_a_missing_rate_names_the_currency() -> None:
    here = book({"deal/a": "name: A\nvalue: 5 CHF"})
    with pytest.raises(QueryError, match="CHF"):
        here.ask("deals", "value>5")
    assert here.ask("deals", "value:5 CHF") == ["a"]


def test_no_rate_is_needed_where_nothing_is_compared() -> None:
    here = book(
        {"deal/a": "name: A\nstage: won\nvalue: 5 CHF", "deal/b": "name: B\nstage: lead\nvalue: 5"}
    )
    assert here.ask("deals", "stage:lead", "value:5") == ["b"]
    assert here.ask("deals", "sort:value") == ["b", "a"]


def test_a_quoted_field_name_is_a_word() -> None:
    assert book().ask("contacts", '"diet"') == []


def test_a_stage_that_only_the_data_has_is_known() -> None:
    assert book().ask("deals", "stage:haggling") == ["odd"]


def test_a_column_that_nothing_carries_is_an_error() -> None:
    here = book()
    with pytest.raises(QueryError, match="nme"):
        query.column("nme", here.kind("contacts"), here.context)

"""Keys of maps as fields of a query and of columns."""

from __future__ import annotations

import pytest

from plaincrm.errors import QueryError
from tests.core.query.book_of_text import book

FILES = {
    "contact/ada": "name: Ada\nfees: {hour: 95, day: 700}\nemail: {work: a@x.example}",
    "contact/bob": "name: Bob\nfees:\n  hour: 80\n  far: {km: 0.3}",
    "contact/cid": "name: Cid\nemail: c@x.example\nfees.hour: 60",
}


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("fees.hour:90..", "ada"),
        ("fees.hour<90", "bob"),
        ("FEES.HOUR:80", ""),
        ("fees.Hour:80", "bob"),
        ("has:fees.day", "ada"),
        ("no:fees.day", "bob cid"),
        ("fees.far.km<1", "bob"),
        ("email.work:a@x.example", "ada"),
        ("company.name:x", ""),
    ],
)
def test_a_key_of_a_map_is_a_field(words: str, ids: str) -> None:
    here = book(FILES, facts=())
    if words.startswith("FEES"):
        with pytest.raises(QueryError):
            here.ask("contacts", words)
        return
    assert here.ask("contacts", words) == ids.split()


def test_a_key_with_a_dot_of_its_own_is_read_where_no_map_has_it() -> None:
    only = {"contact/cid": FILES["contact/cid"]}
    assert book(only, facts=()).ask("contacts", "fees.hour:60") == ["cid"]


def test_a_key_that_no_map_has_is_an_error_that_names_them() -> None:
    with pytest.raises(QueryError) as caught:
        book(FILES, facts=()).query("contacts", "fees.hoor:1")
    assert "keys: day, far, hour" in caught.value.hint

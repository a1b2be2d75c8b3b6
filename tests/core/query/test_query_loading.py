"""What a query reads: only its own kind, and no bodies, unless it asks for more."""

from __future__ import annotations

import pytest

from tests.core.query.book_of_text import book


@pytest.mark.parametrize(
    "word",
    [
        "stage:lead",
        "value>1000",
        "close_date:..eom",
        "company:acme",
        "is:won",
        "has:value",
        "no:next",
        "name:*o*",
        'name~"^L"',
        "+vip",
        "sort:-value",
        "stage:haggling",
        "contact.count:1",
    ],
)
def test_fields_need_neither_bodies_nor_other_kinds(word: str) -> None:
    here = book()
    here.ask("deals", word)
    assert here.context.store.loaded == {"deal"}
    assert here.bodies == []


def test_compiling_on_known_names_loads_nothing() -> None:
    here = book()
    here.query("deals", "stage:lead", "company.country:NO", "contact.deals.count:2..", "value>1000")
    assert here.context.store.loaded == frozenset()


def test_a_link_loads_the_kind_it_leads_to() -> None:
    here = book()
    here.ask("deals", "company.country:NO")
    assert here.context.store.loaded == {"deal", "company"}
    assert here.bodies == []


def test_a_reverse_link_loads_the_kind_it_comes_from() -> None:
    here = book()
    here.ask("companies", "contacts.count:2")
    assert here.context.store.loaded == {"company", "contact"}


def test_text_reads_bodies_only_where_the_name_does_not_have_it() -> None:
    here = book()
    assert here.ask("contacts", "lovelace") == ["ada"]
    assert here.bodies == ["contact/ola", "contact/eve"]


def test_the_log_is_read_only_of_records_that_the_other_words_leave() -> None:
    here = book()
    here.ask("contacts", "+vip", "log.count:1..")
    assert here.bodies == ["contact/ada"]

"""Every form of the query language, as a table: kind, words, and the ids that they find."""

from __future__ import annotations

import pytest

from plaincrm.core.query.grammar import all_of
from tests.core.query.book_of_text import book

FORMS = [
    # equality
    ("deals", "stage:lead", "logo"),
    ("deals", "stage=lead", "logo"),
    ("deals", "stage:LEAD", "logo"),
    ("deals", "stage:lead,won", "site logo"),
    ("deals", "stage:haggling", "odd"),
    ("deals", "stage!=lead", "site care odd"),
    ("deals", "stage!=lead,won", "care odd"),
    ("companies", "country:no", "acme"),
    ("companies", "zip:02142", "acme"),
    ("companies", "zip:2142", ""),
    ("contacts", "phone:+442079460018", "ada"),
    ("contacts", "email:a@home.example", "ada"),
    ("contacts", "name:Ada Lovelace", "ada"),
    ("contacts", 'name:"Ada Lovelace"', "ada"),
    ("contacts", "name:'Ada Lovelace','Eve'", "ada eve"),
    ("contacts", "unsubscribed:true", "ada"),
    ("contacts", "company:acme", "ada ola"),
    ("deals", "contact:ola", "site care"),
    ("tickets", "priority:normal", "old"),
    ("tickets", "status:open", "login"),
    ("contacts", "id:ada", "ada"),
    # ranges and comparisons
    ("deals", "value:1000..", "site odd"),
    ("deals", "value:..900", "logo care"),
    ("deals", "value:900..1200", "logo odd"),
    ("deals", "value>1000", "site odd"),
    ("deals", "value >= 1200", "site odd"),
    ("deals", "value<=300", "care"),
    ("deals", "value<300", ""),
    ("deals", "value=6000", "site"),
    ("deals", "value!=6000", "logo care odd"),
    ("deals", "value.above:1000", "site odd"),
    ("deals", "value.below:900", "care"),
    ("deals", "value>=100/month", "care odd"),
    ("deals", "value>100/month", "care"),
    ("deals", "value:1000 USD", "logo"),
    ("deals", "close_date:..eom", "site logo"),
    ("deals", "close_date.before:eom", "site logo"),
    ("deals", "close_date.after:2026-10-31", "logo"),
    ("deals", "close_date:2026-10", "site"),
    ("deals", "close_date:soq..eoq", "site logo"),
    ("deals", "close_date:som..eom", "logo"),
    ("deals", "close_date:sow..+1w", "logo"),
    ("deals", "close_date:oct", "site"),
    ("deals", "close_date:10-31", ""),
    ("deals", "close_date<=2026-10", "site"),
    ("deals", "close_date>2026-10", "logo"),
    ("deals", "close_date>=2026-10", "site logo"),
    ("deals", "close_date<2026-10", ""),
    ("deals", "close_date:2026-Q4", "site logo"),
    ("deals", "close_date:wed", "logo"),
    ("deals", "close_date>=3 days ago", "logo"),
    ("deals", "created:2026-10..2026-11", "logo"),
    ("deals", "probability:50%", "care"),
    ("deals", "probability>0.4", "care"),
    ("contacts", "idle:90d..", "ada"),
    ("contacts", "idle<1w", "ola"),
    ("contacts", "idle>50", "ada"),
    ("contacts", "cadence<=1m", "ada"),
    ("contacts", "last_touch<-90d", "ada"),
    ("contacts", "score>12.4", "ada ola"),
    ("contacts", "next:..+10d", "ada"),
    ("contacts", "next~contract", "ada"),
    ("contacts", "birthday:12-31", "ada"),
    ("contacts", "birthday:12-30..01-05", "ada ola"),
    ("contacts", "birthday:2026-12", "ada"),
    ("contacts", "birthday:01-01..01-31", "ola"),
    ("tickets", "opened:2026-11-20", "login"),
    ("tickets", "opened>2026-11-20 14:00", "login"),
    ("tickets", "opened>2026-11-20 15:00", ""),
    ("tickets", "opened<now", "login old"),
    ("tickets", "priority>=high", "login"),
    ("tickets", "priority.below:high", "old"),
    ("tickets", "sla.due:2026-11", "login"),
    ("contacts", "name>=E", "ola eve"),
    # keys of one's own
    ("contacts", "diet:vegan", "ada"),
    ("contacts", "shoe>9", "ada"),
    ("contacts", "shoe:9.0", "ola"),
    ("contacts", "since<2026", "ola"),
    ("contacts", "diet>a", "ada"),
    # patterns
    ("contacts", 'name~"^Ada"', "ada"),
    ("contacts", "name~^(ada|eve)", "ada eve"),
    ("contacts", "name:*ove*", "ada"),
    ("contacts", "name:*e", "ada eve"),
    ("contacts", 'name:"*ove*"', ""),
    ("contacts", "email:*@x.org", "ada"),
    # presence, tags, flags
    ("contacts", "has:phone", "ada"),
    ("contacts", "no:phone", "ola eve"),
    ("contacts", "no:email", "ola eve"),
    ("tickets", "has:priority", "login"),
    ("deals", "no:stage", "idea"),
    ("contacts", "has:last_touch", "ada"),
    ("contacts", "has:deals", "ada ola"),
    ("contacts", "has:company.zip", "ada ola"),
    ("contacts", "+vip", "ada"),
    ("contacts", "tag:VIP", "ada"),
    ("contacts", "tags:vip", "ada"),
    ("contacts", "tag:big client", "ada"),
    ("deals", "is:won", "site"),
    ("deals", "is:won,open", "site logo care"),
    ("contacts", "is:unsubscribed", "ada"),
    ("contacts", "not is:unsubscribed", "ola eve"),
    # text
    ("contacts", "website", "ada"),
    ("contacts", "muller", "ola"),
    ("contacts", "MÜLLER", "ola"),
    ("contacts", "budget", "ada"),
    ("contacts", "reference", "ada"),
    ("contacts", '"website a lot"', "ada"),
    ("contacts", "'a lot website'", ""),
    # links
    ("contacts", "company.country:NO", "ada ola"),
    ("contacts", "company.country:DE", "ola"),
    ("deals", "company.name:Fjord AS", "care idea"),
    ("deals", "contact.company.country:DE", "site care"),
    ("contacts", "referred_by.company.name:acme", "ola"),
    ("deals", "contact.is:unsubscribed", "site logo"),
    ("deals", "contact.no:phone", "site care"),
    ("contacts", "deals.stage:won", "ada ola"),
    ("contacts", "deals(is:won)", "ada ola"),
    ("contacts", "deals.count:2..", "ada ola"),
    ("contacts", "deals.count:0", "eve"),
    ("contacts", "deals(is:won).value.sum>5000", "ada ola"),
    ("contacts", "deals.value.sum>=6900", "ada"),
    ("contacts", "deals.value.sum>250/month", "ola"),
    ("contacts", "deals.value.max:6000", "ada ola"),
    ("contacts", "deals.value.min<1000", "ada"),
    ("contacts", "deals.value.avg:3450", "ada"),
    ("contacts", "deals.close_date.max:2026-11", "ada"),
    ("contacts", "tickets(is:open).count:0", "ola eve"),
    ("contacts", "email.count:2", "ada"),
    ("companies", "contacts.count:2", "acme"),
    ("companies", "deals.count:2", "fjord"),
    ("companies", "contacts.deals(is:open).count:2..", "acme"),
    ("contacts", "deals@contact(is:won).count:1", "ada ola"),
    ("contacts", "contacts@referred_by.count:1", "ada"),
    ("contacts", "log(type:call at:2026-10).count:2..", "ada"),
    ("contacts", "log.count:0", "ola eve"),
    ("contacts", "tasks(is:open due:..today).count:1..", "ada"),
    ("contacts", "log.amount.sum:500", "ada"),
    ("contacts", "log.at.max>2026-11-20", "ada"),
    # segments
    ("contacts", "@warm", "ada eve"),
    ("contacts", "segment:warm", "ada eve"),
    ("contacts", "@warm-vips", "ada"),
    ("contacts", "@frozen", "ola eve"),
    ("contacts", "not @warm", "ola"),
    ("contacts", "@by-name", "ola eve ada"),
    ("deals", "@dearest", "site"),
    ("contacts", "deals(@dearest).count:1", "ada ola"),
    # boolean
    ("contacts", "not +vip", "ola eve"),
    ("contacts", "NOT +vip", "ola eve"),
    ("contacts", "+vip or name:Eve", "ada eve"),
    ("contacts", "not (+vip or name:Eve)", "ola"),
    ("contacts", "not(+vip or name:Eve)", "ola"),
    ("contacts", "not not +vip", "ada"),
    ("contacts", "name:Eve or +vip is:unsubscribed", "ada eve"),
    ("contacts", "(name:Eve or +vip) is:unsubscribed", "ada"),
    ("contacts", "is:unsubscribed website", "ada"),
    # order
    ("contacts", "sort:name", "ada eve ola"),
    ("contacts", "sort:-name limit:2", "ola eve"),
    ("deals", "sort:-value", "site odd logo care idea"),
    ("deals", "sort:value", "care logo odd site idea"),
    ("deals", "sort:stage,-name", "logo care site odd idea"),
    ("deals", "sort:close_date", "site logo care idea odd"),
    ("contacts", "sort:-birthday", "ada ola eve"),
    ("contacts", "sort:-idle", "ada ola eve"),
    ("contacts", "sort:shoe", "ola ada eve"),
    ("contacts", "sort:-deals.count,name", "ada ola eve"),
    ("contacts", "limit:0", ""),
    ("tickets", "sort:priority", "old login"),
]


@pytest.mark.parametrize(
    ("kind", "word", "expected"), FORMS, ids=[f"{kind} {word}" for kind, word, _ in FORMS]
)
def test_form(kind: str, word: str, expected: str) -> None:
    found = book().ask(kind, word)
    if "sort:" in word or "@by-name" in word:
        assert found == expected.split()
    else:
        assert set(found) == set(expected.split())


def test_no_words_match_all() -> None:
    assert book().ask("contacts") == ["ada", "ola", "eve"]
    assert book().ask("contacts", "", "  ") == ["ada", "ola", "eve"]


def test_words_are_and_ed() -> None:
    assert book().ask("deals", "stage:lead,won", "value>1000") == ["site"]


@pytest.mark.parametrize(
    "words",
    [
        ("+vip", "or", "name:Eve"),
        ("not", "(", "name:*Müller", ")"),
        ("+vip or name:Eve", "no:since"),
        ("(+vip", "or", "name:Eve)"),
    ],
)
def test_keywords_and_parentheses_may_be_words_of_their_own(words: tuple[str, ...]) -> None:
    assert book().ask("contacts", *words) == ["ada", "eve"]


def test_a_word_with_white_space_binds_before_the_words_beside_it() -> None:
    assert book().ask("contacts", "+vip or name:Eve", "is:unsubscribed") == ["ada"]
    assert book().ask("contacts", "+vip", "or", "name:Eve", "is:unsubscribed") == ["ada"]
    assert book().ask("contacts", "is:unsubscribed", "+vip or name:Eve") == ["ada"]


def test_defaults_count_as_present_but_not_for_has_and_no() -> None:
    assert book().ask("deals", "pipeline:default") == ["site", "logo", "care", "idea", "odd"]
    assert book().ask("deals", "has:pipeline") == []
    assert len(book().ask("deals", "no:pipeline")) == 5


def test_a_missing_value_matches_no_comparison_and_not_is_the_plain_complement() -> None:
    assert "idea" not in book().ask("deals", "value<100000") + book().ask("deals", "value!=3")
    assert "idea" in book().ask("deals", "not value<100000")


def test_a_suppression_flag_that_cannot_be_read_counts_as_true() -> None:
    here = book({"contact/a": "name: A\nunsubscribed: perhaps", "contact/b": "name: B"})
    assert (
        here.ask("contacts", "unsubscribed:yes") == here.ask("contacts", "is:unsubscribed") == ["a"]
    )


def test_a_web_address_is_a_bare_word() -> None:
    here = book({"contact/a": "name: See https://a.example/x"})
    assert here.ask("contacts", "https://a.example") == ["a"]


def test_money_converts_at_the_day_of_its_record() -> None:
    files = {
        "deal/then": "name: Then\nvalue: 1000 USD\nclosed: 2026-10-05\nclose_date: 2026-11-20",
        "deal/now": "name: Now\nvalue: 1000 USD",
    }
    assert book(files).ask("deals", "value:500") == ["then"]
    assert book(files).ask("deals", "value:900") == ["now"]
    assert book(files).ask("deals", "value:900 EUR") == ["now"]


def test_sums_keep_what_comes_once_and_what_recurs_apart() -> None:
    files = {
        "company/x": "name: X",
        "deal/once": "name: A\ncompany: x\nvalue: 100",
        "deal/often": "name: B\ncompany: x\nvalue: 1200/year",
    }
    assert book(files).ask("companies", "deals.value.sum:100") == ["x"]
    assert book(files).ask("companies", "deals.value.sum:100/month") == ["x"]
    assert book(files).ask("companies", "deals.value.sum:1300") == []


def test_a_renamed_record_is_followed_by_its_alias() -> None:
    assert book().ask("companies", "deals(name:Idea).count:1") == ["fjord"]


def test_names_are_the_facts_that_the_query_mentions() -> None:
    asked = book().query(
        "contacts", "idle:90d..", "or", "score>5", "name:Ada", "deals(is:won).count:1.."
    )
    assert asked.names == ("idle", "score")
    assert book().query("deals", "is:won").names == ("is:won",)


def test_sort_and_limit_are_told() -> None:
    asked = book().query("deals", "sort:-value,name", "limit:3")
    assert asked.sort == (("value", True), ("name", False))
    assert asked.limit == 3


def test_date_words_are_echoed_but_plain_dates_are_not() -> None:
    assert book().query("deals", "close_date.before:eom").echo == (
        "close_date.before:eom = Mon 2026-11-30",
    )
    assert book().query("deals", "close_date:..+1w").echo == (
        "close_date:..+1w: +1w = Sun 2026-11-29",
    )
    assert book().query("deals", "close_date:2026-10").echo == (
        "close_date:2026-10 = 2026-10-01..2026-10-31",
    )
    assert book().query("deals", "close_date>2026-10-01").echo == ()


def test_a_field_about_the_future_reads_a_past_day_as_next_years() -> None:
    assert book().query("deals", "close_date:..10-31").echo == (
        "close_date:..10-31: 10-31 = Sun 2027-10-31",
    )
    assert book().query("deals", "created:..10-31").echo == (
        "created:..10-31: 10-31 = Sat 2026-10-31",
    )


def test_all_of_several_queries_keeps_each_whole() -> None:
    assert all_of(["a", "or", "b", "sort:-name"], ["c"]) == (
        "(",
        "a",
        "or",
        "b",
        ")",
        "sort:-name",
        "c",
    )
    assert all_of(["a", "limit:2"], [], ["c or d"]) == ("a", "limit:2", "c or d")

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plaincrm.views.table import columns
from tests.conftest import Crm


def test_a_card_has_everything_and_fits_eighty_columns(crm: Crm) -> None:
    out = crm("show", "ola-nordmann").out
    for text in (
        "contact/ola-nordmann",
        "Fjord Ferries AS (company/fjord-ferries)",
        "Open deals",
        "180,000 NOK",
        "Send the photos of the old ticket machines",
        "2026-11-06 15:00  call",
        "fjord-identity",
        "never before the 08:20 boat",
    ):
        assert text in out
    assert max(map(columns, out.splitlines())) <= 80


def test_every_record_of_the_example_can_be_shown(crm: Crm) -> None:
    refs = [
        ref
        for kind in ("contacts", "companies", "deals", "tickets", "articles", "projects")
        for ref in crm("list", kind, "--ids").out.split()
    ]
    assert len(refs) > 150
    for ref in refs[::7]:
        ran = crm("show", ref)
        assert ran.code == 0 and ref in ran.out
        assert max(map(columns, ran.out.splitlines())) <= 80


def test_open_tasks_have_their_handles_and_the_log_its_length(crm: Crm) -> None:
    handle = crm(
        "list", "tasks", "record:contact/ola-nordmann", "is:open", "--template", "{{ handle }}"
    ).out.strip()
    assert f"  {handle}  " in crm("show", "ola-nordmann").out
    assert "Log  2 of" in crm("show", "ola-nordmann", "--log", "2").out
    assert "Log" not in crm("show", "ola-nordmann", "--log", "0").out


def test_brief_is_what_one_needs_before_a_call(crm: Crm) -> None:
    out = crm("show", "fjord-website-2027", "--brief").out
    assert "+47 55 00 00 11" in out and "Notes" not in out and "Linked from" not in out
    assert len(out.splitlines()) < 40


def test_a_fuzzy_hit_says_what_it_took(crm: Crm) -> None:
    ran = crm("show", "Ola Nordman")
    assert ran.code == 0 and '"Ola Nordman" is taken for contact/ola-nordmann' in ran.err
    assert "taken for" not in crm("show", "ola-nordmann").err


def test_json_is_the_whole_record(crm: Crm) -> None:
    found = crm("show", "ola@fjordferries.example", "--json").json
    assert (found["kind"], found["total"]) == ("show", 1)
    record = found["results"][0]
    assert record["id"] == "ola-nordmann" and "boat" in record["body"]
    assert record["tasks"][0]["due"] == "2026-11-19" and record["log"][0]["type"]
    assert {
        "kind": "company",
        "id": "fjord-ferries",
        "field": "company",
        "direction": "out",
    } in record["links"]
    assert {
        "kind": "deal",
        "id": "fjord-identity",
        "field": "contact",
        "direction": "in",
    } in record["links"]
    assert record["computed"]["last_touch"] == "2026-11-13"


def test_nobody_and_too_many(crm: Crm) -> None:
    assert crm("show", "qqqqqq").code == 3
    assert crm("show", "k").code in (3, 4)
    ran = crm("show", "workshop", "--json")
    assert ran.code == 4 and "candidates" in ran.err


def test_hostile_text_is_harmless(crm: Crm, studio: Path) -> None:
    front = '---\nname: "Ev\\e[31mil\\u202e \\nTwo"\ncity: "\\e]0;x\\a"\n---\n'
    text = front + "A \x1b[2J note\n\n## Log\n- 2026-01-01 call: \x1b[1m\n"
    (studio / "contacts" / "evil.md").write_text(text, "utf-8")
    for words in (
        ("show", "evil"),
        ("list", "contacts", "id:evil"),
        ("find", "evil"),
        ("show", "evil", "--brief"),
    ):
        out = crm(*words).out
        assert "\x1b" not in out and "\u202e" not in out
        assert "\\x1b" in out


def test_history_is_that_of_the_record(crm: Crm) -> None:
    assert crm("set", "ola-nordmann", "job=Captain").code == 0
    assert "Captain" in crm("show", "ola-nordmann", "--history").out
    fields = [
        each["field"] for each in crm("show", "ola-nordmann", "--history", "--json").json["results"]
    ]
    assert "job" in fields
    assert crm("show", "ola-nordmann", "--history", "--as-of", "2026-01-01").code == 2


def test_the_ids_of_mails_are_for_programs(crm: Crm) -> None:
    assert "studio.example>" not in crm("show", "kari-berg").out
    assert "studio.example>" in crm("show", "kari-berg", "--json").out


def test_a_segment_or_standard_input_shows_several(crm: Crm) -> None:
    refs = crm("list", "contacts", "@quiet-customers", "--ids").out.split()
    found = crm("show", "@quiet-customers", "--json").json
    assert (found["total"], [f"contact/{each['id']}" for each in found["results"]]) == (
        len(refs),
        refs,
    )
    out = crm("show", "-", "--brief", input="kari-berg\nola-nordmann\n").out
    assert "contact/kari-berg" in out and "contact/ola-nordmann" in out


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("+49 30 23125 557", "petra-quast"),  # stored without the country code
        ("030 23125 620", "yusuf-aydin"),  # stored with it
        ("004755000011", "ola-nordmann"),
        ("55 00 00 11", "ola-nordmann"),  # a number of the contact's own country
    ],
)
def test_a_phone_number_in_any_form(crm: Crm, said: str, meant: str) -> None:
    assert crm("show", said, "--json").json["results"][0]["id"] == meant


def test_a_company_has_its_people_and_what_it_bought(crm: Crm) -> None:
    out = crm("show", "kestrel-and-daughters-books").out
    people = out[out.index("People") : out.index("Open deals")]
    assert "Beatrice Finch" in people and "beatrice@kestrelbooks.example" in people
    assert "Won deals  1 deal: 3,800 EUR" in out
    assert "People" not in crm("show", "kestrel-and-daughters-books", "--brief").out


def test_a_ticket_has_its_customers_deals_and_other_tickets(crm: Crm) -> None:
    assert crm("ticket", "open", "A second question", "--contact", "samira-haddad").code == 0
    out = crm("show", "ticket/login-broken-k7m2").out
    assert "lumen-signage" in out[out.index("Open deals") : out.index("Won deals")]
    tickets = out[out.index("Open tickets") : out.index("\nLog")]
    assert "A second question" in tickets and "login-broken" not in tickets


def test_a_paid_invoice_is_still_there(crm: Crm) -> None:
    shown = crm("show", "deal/moeller-labels").out
    assert "Paid invoices" in shown and "invoice 2025-014 2400 EUR" in shown
    assert re.search(r"(?m)^invoiced +4,200 EUR$", shown)  # 2400 and 1800
    assert re.search(r"(?m)^paid +4,200 EUR$", shown)

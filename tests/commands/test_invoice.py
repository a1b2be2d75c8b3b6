"""`plaincrm invoice`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.writes import commits, read, subject
from tests.conftest import Crm


def test_the_next_number_stands_on_the_record(crm: Crm, studio: Path) -> None:
    done = crm("invoice", "prairie-website", "1200", "USD", "due:+14d", "first half")
    assert done.code == 0, done.err
    text = read(studio, "deals/prairie-website.md")
    assert "- [ ] invoice 2026-035 1200 USD first half due:2026-12-05" in text
    assert "Invoice 2026-035" in subject(studio)
    crm("invoice", "ola-nordmann", "80.50")
    assert "invoice 2026-036 80.50 EUR due:2026-12-05" in read(studio, "contacts/ola-nordmann.md")


def test_a_deal_that_is_won_asks_for_what_is_left(crm: Crm, studio: Path) -> None:
    crm("win", "prairie-website")
    value = crm("list", "deals", "name:Prairie*web*", "--json").json["results"][0]["fields"][
        "value"
    ]
    crm("invoice", "prairie-website", "1000", "USD")
    done = crm("invoice", "prairie-website")
    assert done.code == 0, done.err
    left = value["amount"] - 1000
    assert f"invoice 2026-036 {left:g} USD" in read(studio, "deals/prairie-website.md")
    assert crm("invoice", "prairie-website").code == 5


@pytest.mark.parametrize(
    "words", [["4.200", "KWD"], ["0"], ["100", "EUR/month"], ["100/month"], []]
)
def test_what_is_no_sum_is_refused(crm: Crm, studio: Path, words: list[str]) -> None:
    before = commits(studio)
    assert crm("invoice", "ola-nordmann", *words).code == 5
    assert commits(studio) == before


def test_dry_run_and_undo(crm: Crm, studio: Path) -> None:
    before = read(studio, "contacts/ola-nordmann.md")
    done = crm("invoice", "ola-nordmann", "100", "-n")
    assert "+- [ ] invoice 2026-035 100 EUR" in done.out
    assert read(studio, "contacts/ola-nordmann.md") == before
    crm("invoice", "ola-nordmann", "100")
    crm("undo", "-y")
    assert read(studio, "contacts/ola-nordmann.md") == before


def test_list_shows_what_is_unpaid_and_lately_paid(crm: Crm) -> None:
    answer = crm("invoice", "list", "--json").json
    found = {each["number"]: each for each in answer["results"]}
    assert answer["kind"] == "invoices"
    late = found["2026-030"]
    assert (late["state"], late["days"], late["reminder"]) == ("overdue", 7, "first")
    assert (found["2026-033"]["state"], found["2026-033"]["reminder"]) == ("open", None)
    assert (found["2026-028"]["state"], found["2026-028"]["paid"]) == ("paid", "2026-11-04")
    assert "2025-012" not in found
    every = crm("invoice", "list", "--all", "--json").json["results"]
    assert "2025-012" in {each["number"] for each in every}
    assert "contact/friederike-moeller" in crm("invoice", "list", "--ids").out


def test_paid_ticks_it(crm: Crm, studio: Path) -> None:
    done = crm("invoice", "paid", "2026-030", "--on", "yesterday")
    assert done.code == 0, done.err
    text = read(studio, "contacts/friederike-moeller.md")
    assert "[x] invoice 2026-030 480 EUR due:2026-11-14 done:2026-11-20" in text
    assert crm("invoice", "paid", "2026-030").code == 5
    assert crm("invoice", "paid", "2026-999").code == 3


def test_a_recurring_one_leaves_the_paid_and_adds_the_next(crm: Crm, studio: Path) -> None:
    done = crm("invoice", "paid", "2026-034", "--on", "2026-11-12")
    assert done.code == 0, done.err
    text = read(studio, "deals/lumen-retainer.md")
    assert "[x] invoice 2026-034 1500 EUR due:2026-12-10 done:2026-11-12" in text
    assert "[ ] invoice 2026-035 1500 EUR due:2027-01-10 rec:+1m" in text
    assert crm("list", "deals", "paid:3000", "--ids").out == "deal/lumen-retainer\n"


def test_done_pays_it_just_so(crm: Crm, studio: Path) -> None:
    crm("invoice", "ola-nordmann", "100", "due:2026-11-20", "rec:+1m")
    lines = crm("today", "--json").json["results"]
    (line,) = (each for each in lines if "2026-035" in each["text"])
    assert crm("done", line["handle"]).code == 0
    text = read(studio, "contacts/ola-nordmann.md")
    assert "[x] invoice 2026-035" in text and "[ ] invoice 2026-036" in text


def test_a_deal_that_recurs_proposes_its_invoice(crm: Crm, studio: Path) -> None:
    deal = studio / "deals" / "care.md"
    deal.write_text(
        "---\nname: Care\nstage: won\nvalue: 300 EUR/month\nstarts: 2026-10-01\nclosed: 2026-09-20\n"
        "---\n- [x] invoice 2026-020 300 EUR due:2026-10-15 done:2026-10-16\n",
        encoding="utf-8",
    )
    lines = crm("today", "--json").json["results"]
    (line,) = (each for each in lines if each["id"] == "care")
    assert (line["reason"], line["due"]) == ("invoice", "2026-11-01")
    assert line["command"] == "plaincrm invoice deal/care 300 EUR"
    crm(*line["command"].split()[1:])
    lines = crm("today", "--json").json["results"]
    assert not [each for each in lines if each["id"] == "care" and each["reason"] == "invoice"]

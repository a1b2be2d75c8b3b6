"""`plaincrm resolve`: decide what a sync could not."""

from __future__ import annotations

from pathlib import Path

from plaincrm.core.yaml.front_matter import parse
from tests.commands.test_conflicts import DEAL, contest
from tests.commands.writes import clean, read, subject
from tests.conftest import Crm

KARI = "contacts/kari-berg.md"


def test_theirs_takes_the_other_value_and_logs_nothing_it_should_not(
    crm: Crm, studio: Path
) -> None:
    contest(studio)
    before = read(studio, DEAL)
    assert crm("resolve", "fjord-website-2027", "close_date", "--theirs").code == 0
    fields = parse(read(studio, DEAL)).fields
    assert fields["close_date"] == "2026-12-20"
    assert fields["_conflicts"] == {"value": {"values": ["5000 EUR", "6000 EUR"]}}
    assert subject(studio) == "Resolve deal/fjord-website-2027: close_date=2026-12-20"
    assert clean(studio)
    assert parse(before).body == parse(read(studio, DEAL)).body


def test_ours_keeps_what_the_file_shows(crm: Crm, studio: Path) -> None:
    shown = parse(read(studio, DEAL)).fields
    contest(studio)
    assert crm("resolve", "fjord-website-2027", "--ours").code == 0
    assert parse(read(studio, DEAL)).fields == shown


def test_the_stage_is_logged(crm: Crm, studio: Path) -> None:
    contest(studio, conflicts="_conflicts: {stage: {values: [negotiation]}}\n")
    assert crm("resolve", "fjord-website-2027", "stage", "--theirs").code == 0
    assert "-> negotiation" in read(studio, DEAL)


def test_what_both_machines_logged_is_neither_behind_nor_logged_again(
    crm: Crm, studio: Path
) -> None:
    contest(studio, conflicts="_conflicts: {stage: {values: [negotiation, won]}}\n")
    for stage in ("won", "negotiation"):
        assert crm("log", "fjord-website-2027", "stage", f"proposal -> {stage}").code == 0
    assert "log-behind" not in crm("check").out
    logged = read(studio, DEAL).count("-> negotiation")
    assert crm("resolve", "fjord-website-2027", "stage", "--value", "negotiation").code == 0
    assert read(studio, DEAL).count("-> negotiation") == logged
    assert "log-behind" not in crm("check").out


def test_several_others_want_a_value(crm: Crm, studio: Path) -> None:
    contest(studio)
    done = crm("resolve", "fjord-website-2027", "value", "--theirs")
    assert done.code == 5
    assert "5000 EUR, 6000 EUR" in done.err
    assert crm("resolve", "fjord-website-2027", "value", "--value", "5500 EUR").code == 0
    assert parse(read(studio, DEAL)).fields["value"] == "5500 EUR"


def test_both_makes_a_list_where_a_field_takes_one(crm: Crm, studio: Path) -> None:
    contest(studio, KARI, "_conflicts: {phone: {values: ['+47 1']}, job: {values: [Boss]}}\n")
    assert crm("resolve", "kari-berg", "phone", "--both").code == 0
    phones = parse(read(studio, KARI)).fields["phone"]
    assert isinstance(phones, list) and phones[-1] == "+47 1"
    assert crm("resolve", "kari-berg", "job", "--both").code == 5


def test_a_key_of_a_map(crm: Crm, studio: Path) -> None:
    contest(
        studio,
        KARI,
        "links: {site: https://a.example, blog: https://b.example}\n"
        "_conflicts: {links.site: {values: ['https://c.example']}}\n",
    )
    assert crm("resolve", "kari-berg", "links.site", "--theirs").code == 0
    fields = parse(read(studio, KARI)).fields
    assert fields["links"] == {"site": "https://c.example", "blog": "https://b.example"}
    assert "_conflicts" not in fields


def test_setting_the_field_resolves_too(crm: Crm, studio: Path) -> None:
    contest(studio)
    assert crm("set", "fjord-website-2027", "value=1 EUR").code == 0
    assert parse(read(studio, DEAL)).fields["_conflicts"] == {
        "close_date": {"base": "2026-12-15", "values": ["2026-12-20"]}
    }


def test_wrong_words(crm: Crm, studio: Path) -> None:
    assert crm("resolve").code == 2
    assert crm("resolve", "kari-berg", "--ours").code == 3
    contest(studio)
    assert crm("resolve", "fjord-website-2027", "closedate", "--ours").code == 3
    assert crm("resolve", "fjord-website-2027", "value", "--ours", "--both").code == 2
    assert crm("resolve", "fjord-website-2027", "--value", "x").code == 2
    asked = crm("resolve", "fjord-website-2027")
    assert asked.code == 2
    assert "--theirs takes the other" in asked.err

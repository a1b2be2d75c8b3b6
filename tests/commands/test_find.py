from __future__ import annotations

from pathlib import Path

from tests.conftest import Crm


def test_the_title_comes_before_the_text(crm: Crm) -> None:
    hits = crm("find", "ola", "--json").json["results"]
    assert (hits[0]["id"], hits[0]["where"]) == ("ola-nordmann", "name")
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert "body" in {hit["where"] for hit in hits}


def test_accents_and_case_do_not_matter_and_all_words_must_be_there(crm: Crm) -> None:
    assert crm("find", "MULLER", "--ids").out.split()[0] == "contact/claudia-mueller"
    one, both = (set(crm("find", *words, "--ids").out.split()) for words in (["proposal"], ["proposal", "instalments"]))
    assert both and both < one


def test_the_line_that_has_the_words_is_shown(crm: Crm) -> None:
    ran = crm("find", "08:20 boat")
    assert ran.out.startswith("contact/ola-nordmann  Ola Nordmann\n") and "never before the 08:20 boat" in ran.out
    assert "line " in ran.out
    assert "\x1b" not in ran.out
    assert "\x1b[1;33m08:20 boat\x1b[0m" in crm("--color", "always", "find", "08:20 boat").out


def test_of_equal_hits_the_latest_stands_first(crm: Crm, studio: Path) -> None:
    for name, day in (("aa", "2020-01-01"), ("bb", "2026-01-01")):
        (studio / "contacts" / f"{name}.md").write_text(f"---\nname: Xylophone {name}\ncreated: {day}\n---\n")
    assert crm("find", "xylophone", "--ids").out.split() == ["contact/bb", "contact/aa"]


def test_kinds_and_limit(crm: Crm) -> None:
    ran = crm("find", "norway", "--kind", "companies", "--limit", "1", "--json").json
    assert [hit["kind"] for hit in ran["results"]] == ["company"] and ran["total"] >= 1
    assert crm("find", "x", "--kind", "log").code == 2
    ran = crm("find", "qqqq")
    assert (ran.code, ran.out) == (0, "") and "qqqq" in ran.err


def test_parsable_is_what_mail_programs_read(crm: Crm) -> None:
    status, *lines = crm("find", "beatrice", "--parsable").out.splitlines()
    assert "\t" not in status
    assert [line.split("\t")[:2] for line in lines] == [
        ["beatrice@kestrelbooks.example", "Beatrice Finch"], ["bea.finch@example.com", "Beatrice Finch"],
    ]  # fmt: skip
    assert len(crm("find", "qqqq", "--parsable").out.splitlines()) == 1


def test_without_the_first_line_all_are_addresses(crm: Crm) -> None:
    headed = crm("find", "ola", "--parsable").out.splitlines()
    assert crm("find", "ola", "--parsable", "--remove-first-line").out.splitlines() == headed[1:]
    assert all(line.split("\t")[0].count("@") == 1 for line in headed[1:])

"""`plaincrm set`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.writes import changed_lines, clean, commits, read, subject, touched
from tests.conftest import Crm, git


def test_one_field_one_line_one_commit(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    assert crm("set", "kari-berg", "job=Head of accounts").code == 0
    assert changed_lines(studio) == ["-job: Accounts", "+job: Head of accounts"]
    assert touched(studio) == ["contacts/kari-berg.md"]
    assert subject(studio) == "Set contact/kari-berg: job=Head of accounts"
    assert commits(studio) == before + 1
    assert clean(studio)


def test_all_the_ways_of_writing_an_assignment(crm: Crm, studio: Path) -> None:
    assert crm("set", "kari-berg", "job:Boss", "tags+=a,b", "language=", "cadence=30d").code == 0
    text = read(studio, "contacts/kari-berg.md")
    assert "job: Boss\n" in text
    assert "tags: [a, b]\n" in text
    assert "language" not in text
    assert crm("set", "kari-berg", "tags-=a").code == 0
    assert "tags: [b]\n" in read(studio, "contacts/kari-berg.md")


def test_one_key_of_a_map(crm: Crm, studio: Path) -> None:
    assert (
        crm(
            "set",
            "kari-berg",
            "email.work=kari@fjordferries.example",
            "links.website=https://k.example",
        ).code
        == 0
    )
    text = read(studio, "contacts/kari-berg.md")
    assert "main: regnskap@fjordferries.example" in text
    assert "work: kari@fjordferries.example" in text
    assert "website: https://k.example" in text
    assert crm("set", "kari-berg", "links.website=").code == 0
    assert "links" not in read(studio, "contacts/kari-berg.md")
    assert crm("set", "kari-berg", "job.title=Boss").code == 5


def test_a_link_takes_a_reference_or_makes_the_record(crm: Crm, studio: Path) -> None:
    ran = crm("set", "kari-berg", "company=Fjord Ferries AS")
    assert "company: Fjord Ferries AS is company/fjord-ferries" in ran.err
    assert crm("set", "kari-berg", "company=+Polar Press").code == 0
    assert touched(studio) == ["companies/polar-press.md", "contacts/kari-berg.md"]


def test_a_dangling_link_can_be_taken_out(crm: Crm, studio: Path) -> None:
    assert crm("set", "gustavo-ferreira", "company-=papierwerk-nord").code == 0
    assert (
        "papierwerk-nord" not in read(studio, "contacts/gustavo-ferreira.md").partition("\n---")[0]
    )


def test_a_stage_set_writes_what_a_move_writes(crm: Crm, studio: Path) -> None:
    assert crm("set", "fjord-website-2027", "stage=won").code == 0
    assert set(changed_lines(studio)) == {
        "-stage: proposal",
        "+stage: won",
        "+closed: 2026-11-21",
        "+- 2026-11-21 12:00 stage: proposal -> won",
    }
    assert crm("set", "fjord-website-2027", "stage=lost", "closed=2026-11-20").code == 0
    assert "closed: 2026-11-20\n" in read(studio, "deals/fjord-website-2027.md")


def test_an_own_key_is_legal_but_not_a_slip(crm: Crm, studio: Path) -> None:
    refused = crm("set", "kari-berg", "emial=x")
    assert refused.code == 2
    assert 'did you mean "email"? --own' in refused.err
    assert clean(studio)
    assert crm("set", "kari-berg", "emial=x", "--own").code == 0
    assert crm("set", "kari-berg", "shoe_size=44").code == 0
    assert "shoe_size: 44\n" in read(studio, "contacts/kari-berg.md")
    assert crm("set", "ola-nordmann", "emial=x").code == 0, "in use now"


def test_bulk_shows_and_asks_and_names_the_undo(crm: Crm, studio: Path) -> None:
    words = ("set", "contacts", "--where", "company:fjord-ferries", "region=Vestland")
    asked = crm(*words)
    assert asked.code == 1
    assert "2 records change" in asked.err
    assert "contacts/kari-berg.md" in asked.err
    assert "+region: Vestland" in asked.err
    assert "-y" in asked.err
    assert clean(studio)
    done = crm(*words, "-y")
    assert done.code == 0
    assert "plaincrm undo" in done.err
    assert touched(studio) == ["contacts/kari-berg.md", "contacts/ola-nordmann.md"]
    assert subject(studio) == "Set 2 contacts: region=Vestland"


def test_if_one_refuses_none_is_written_and_all_are_named(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    ran = crm(
        "set",
        "lumen-signage",
        "workshop-logo-clinic",
        "workshop-lettering-december",
        "stage=negotiation",
        "-y",
    )
    assert ran.code == 5
    assert "deal/workshop-logo-clinic, deal/workshop-lettering-december" in ran.err
    assert "lumen-signage" not in ran.err
    assert commits(studio) == before
    assert clean(studio)


def test_references_come_from_standard_input_and_segments(crm: Crm, studio: Path) -> None:
    assert (
        crm("set", "-", "region=North", "-y", input="contact/kari-berg\nola-nordmann\n").code == 0
    )
    assert touched(studio) == ["contacts/kari-berg.md", "contacts/ola-nordmann.md"]
    assert crm("set", "@no-such", "region=North").code == 3


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("contacts/knut-oedegaard.md", ("knut-oedegaard", "country=SE")),
        ("contacts/zofia-krol.md", ("zofia-krol", "country=SE")),
        ("contacts/wanda.md", ("wanda", "country=SE")),
    ],
)
def test_line_ends_byte_order_marks_and_missing_last_ones_stay(
    crm: Crm, studio: Path, path: str, words: tuple[str, ...]
) -> None:
    before = (studio / path).read_bytes()
    assert crm("set", *words).code == 0
    after = (studio / path).read_bytes()
    assert b"country: SE" in after

    def rest(data: bytes) -> list[bytes]:
        return [line for line in data.split(b"\n") if not line.startswith(b"country")]

    assert rest(after) == rest(before)


def test_hand_edits_are_committed_first_on_their_own(crm: Crm, studio: Path) -> None:
    path, other = studio / "contacts/kari-berg.md", studio / "contacts/ola-nordmann.md"
    path.write_text(path.read_text().replace("language: nb", "language: nn"))
    other.write_text(other.read_text() + "\n")
    before = commits(studio)
    assert crm("set", "kari-berg", "job=Boss").code == 0
    assert commits(studio) == before + 2
    assert subject(studio, 1).startswith("Hand edits")
    assert touched(studio, 1) == touched(studio) == ["contacts/kari-berg.md"]
    assert git(studio, "status", "--porcelain").split() == ["M", "contacts/ola-nordmann.md"]


def test_the_options_of_every_writing_command(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    shown = crm("set", "kari-berg", "job=Boss", "-n")
    assert (shown.code, commits(studio), clean(studio)) == (0, before, True)
    assert "+job: Boss" in shown.out.splitlines()
    assert crm("set", "kari-berg", "job=Boss", "-m", "She was promoted").code == 0
    assert subject(studio) == "She was promoted"
    assert crm("set", "kari-berg", "job=Chief", "--no-commit").code == 0
    assert (commits(studio), clean(studio)) == (before + 1, False)
    assert "nothing to change" in crm("set", "kari-berg", "job=Chief").err


def test_a_book_without_git_works_and_says_once_what_is_missing(crm: Crm, studio: Path) -> None:
    import shutil

    shutil.rmtree(studio / ".git")
    ran = crm("set", "kari-berg", "job=Boss")
    assert ran.code == 0
    assert [line for line in ran.err.splitlines() if "git" in line] == [
        "no git here, so no history and no undo; git init in the book's folder begins them"
    ]
    assert "job: Boss\n" in read(studio, "contacts/kari-berg.md")


def test_a_stage_changed_by_hand_gets_its_entry_with_the_next_write(crm: Crm, studio: Path) -> None:
    path = studio / "deals/kestrel-retainer.md"
    path.write_bytes(path.read_bytes().replace(b"stage: proposal", b"stage: negotiation"))
    assert crm("set", "kestrel-retainer", "tags+=x").code == 0
    assert subject(studio, 1) == "Hand edits: deals/kestrel-retainer.md"
    assert changed_lines(studio) == [
        "+tags: [x]",
        "+- 2026-11-21 12:00 stage: proposal -> negotiation",
    ]
    assert crm("set", "kestrel-retainer", "tags+=more").code == 0
    assert changed_lines(studio) == ["-tags: [x]", "+tags: [x, more]"]


def test_a_stage_changed_by_hand_and_committed_by_hand_is_left_to_check(
    crm: Crm, studio: Path
) -> None:
    path = studio / "deals/kestrel-retainer.md"
    path.write_bytes(path.read_bytes().replace(b"stage: proposal", b"stage: negotiation"))
    git(studio, "commit", "-q", "-a", "-m", "My own")
    assert crm("set", "kestrel-retainer", "tags+=x").code == 0
    assert changed_lines(studio) == ["+tags: [x]"]
    assert "log-behind" in crm("check").out


@pytest.mark.parametrize(
    ("said", "stored"),
    [("31.10.", "10-31"), ("oct 31", "10-31"), ("31.10.1985", "1985-10-31"), ("10-31", "10-31")],
)
def test_a_birthday_takes_date_words(crm: Crm, studio: Path, said: str, stored: str) -> None:
    assert crm("set", "kari-berg", f"birthday={said}").code == 0
    assert f"birthday: {stored}\n" in read(studio, "contacts/kari-berg.md")


def test_a_day_of_no_year_is_refused(crm: Crm) -> None:
    ran = crm("set", "kari-berg", "birthday=31.02.")
    assert ran.code == 5
    assert "31.02." in ran.err


def test_refusals_say_what_to_type_next(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    missing = crm("set", "kari-berg", "company=Polar Press")
    assert missing.code == 3
    assert 'company=+"Polar Press" makes it' in missing.err
    kind = crm("set", "contacts", "tags=x")
    assert kind.code == 2
    assert "plaincrm set contacts --where QUERY" in kind.err
    flag = crm("set", "kari-berg", "is:open=1")
    assert flag.code == 2
    assert '"is:…" asks' in flag.err
    assert commits(studio) == before


def test_a_file_that_can_not_be_edited_surely_is_named(crm: Crm, studio: Path) -> None:
    before = commits(studio)
    ran = crm("set", "tomasz-wrona", "city=X")
    assert ran.code == 5
    assert "plaincrm edit contact/tomasz-wrona" in ran.err
    assert commits(studio) == before
    assert clean(studio)


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        ("tickets/login-broken-k7m2.md", "status: open", "status: pending", ["priority=high"]),
        ("deals/new.md", "stage: lead", "stage: proposal", ["value=5"]),
    ],
)
def test_what_was_changed_by_hand_is_told_though_the_log_said_nothing_of_it(
    crm: Crm, studio: Path, path: str, old: str, new: str, words: list[str]
) -> None:
    (studio / "deals/new.md").write_text("---\nname: New\nstage: lead\n---\n")
    git(studio, "add", "-A")
    git(studio, "commit", "-q", "-m", "By hand")
    file = studio / path
    file.write_text(file.read_text().replace(old, new))
    id = file.stem
    assert crm("set", id, *words).code == 0
    name, value = new.split(": ")
    told = f"{name}: {old.split(': ')[1]} -> {value}"
    assert f"+- 2026-11-21 12:00 {told}" in changed_lines(studio)
    assert told in crm("history", id, "--field", name).out
    assert crm("set", id, "tags+=more").code == 0
    assert not any(told in line for line in changed_lines(studio))


def test_a_map_of_ones_own_takes_keys(crm: Crm, studio: Path) -> None:
    assert crm("set", "kari-berg", "fees.hour=95", "fees.day=700").code == 0
    assert "fees:\n  hour: 95\n  day: 700\n" in read(studio, "contacts/kari-berg.md")
    assert crm("set", "kari-berg", "fees.hour=99", "fees.day=").code == 0
    assert "fees:\n  hour: 99\n---" in read(studio, "contacts/kari-berg.md")
    shown = crm("list", "contacts", "fees.hour:90..", "--columns", "id,fees.hour", "--csv")
    assert shown.out == "id,fees.hour\nkari-berg,99\n"


def test_a_list_in_brackets_is_a_list(crm: Crm, studio: Path) -> None:
    assert crm("set", "kari-berg", "tags=[a, b]", "dishes=[pie, soup]").code == 0
    text = read(studio, "contacts/kari-berg.md")
    assert "tags: [a, b]\n" in text
    assert "dishes: [pie, soup]\n" in text
    assert crm("set", "kari-berg", "tags=[a, b").code == 5


def test_tags_in_one_text_are_as_many_tags(crm: Crm, studio: Path) -> None:
    path = studio / "contacts" / "kari-berg.md"
    path.write_text(path.read_text().replace("\n---\n", "\ntags: vip, newsletter\n---\n", 1))
    assert "kari-berg" in crm("list", "contacts", "+vip", "+newsletter", "--ids").out
    codes = [each["code"] for each in crm("check", "--json").json["results"]]
    assert "tags-comma" in codes
    assert crm("set", "kari-berg", "tags+=x").code == 0
    assert "tags: [vip, newsletter, x]\n" in read(studio, "contacts/kari-berg.md")


def test_countries_and_languages_are_known_ones(crm: Crm, studio: Path) -> None:
    ran = crm("set", "kari-berg", "country=Norwegen", "language=german")
    assert ran.code == 0
    assert "language: german is de" in ran.err
    assert "language: de\n" in read(studio, "contacts/kari-berg.md")
    for word, said in (
        ("country=Germny", 'did you mean "Germany"?'),
        ("country=XX", "DE or NO"),
        ("language=germn", 'did you mean "german"?'),
    ):
        refused = crm("set", "kari-berg", word)
        assert refused.code == 5
        assert said in refused.err

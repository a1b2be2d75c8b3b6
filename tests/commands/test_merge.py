"""`plaincrm merge`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.writes import clean, commits, read, subject
from tests.conftest import Crm, git

A, B = "contacts/a.md", "contacts/b.md"


def put(studio: Path, path: str, fields: str, body: str = "") -> None:
    (studio / path).parent.mkdir(exist_ok=True)
    (studio / path).write_text(f"---\n{fields}\n---\n{body}", "utf-8")


def merged(crm: Crm, studio: Path, mine: str, theirs: str, body: str = "", other: str = "") -> str:
    """The file of A after B was merged into it."""
    put(studio, A, mine, body)
    put(studio, B, theirs, other)
    ran = crm("merge", "a", "b", "-y")
    assert ran.code == 0, ran.err
    assert not (studio / B).exists()
    return read(studio, A)


def test_links_follow_in_one_commit_and_undo_takes_it_apart(crm: Crm, studio: Path) -> None:
    before, tree = commits(studio), git(studio, "rev-parse", "HEAD^{tree}")
    ran = crm("merge", "kari-berg", "ola-nordmann", "-y")
    assert (ran.code, ran.out) == (0, "contact/kari-berg\n")
    assert commits(studio) == before + 1
    assert subject(studio) == "Merge contact/ola-nordmann into contact/kari-berg"
    assert not (studio / "contacts/ola-nordmann.md").exists()
    assert "contact: {main: kari-berg, billing: kari-berg}\n" in read(
        studio, "deals/fjord-website-2027.md"
    )
    assert "referred_by: kari-berg\n" in read(studio, "contacts/ingrid-lysvik.md")
    dangling = [line for line in crm("check").out.splitlines() if "link-dangling" in line]
    assert [line.partition(":")[0] for line in dangling] == ["contacts/gustavo-ferreira.md"]
    assert crm("show", "ola-nordmann").out == crm("show", "kari-berg").out
    assert crm("undo").code == 0
    assert git(studio, "rev-parse", "HEAD^{tree}") == tree
    assert clean(studio)


def test_nothing_of_the_duplicate_is_lost(crm: Crm, studio: Path) -> None:
    before = read(studio, "contacts/ola-nordmann.md")
    assert crm("merge", "kari-berg", "ola-nordmann", "-y").code == 0
    after = read(studio, "contacts/kari-berg.md")
    for line in before.splitlines():
        if line.startswith("- ") or line.startswith("  ") or "boat" in line:
            assert line in after
    for value in (
        "Ola Nordmann",
        "ola@fjordferries.example",
        "+47 55 00 00 11",
        "Head of passenger",
        "2023-11-08",
    ):
        assert value in after


def test_it_asks(crm: Crm, studio: Path) -> None:
    ran = crm("merge", "kari-berg", "ola-nordmann")
    assert ran.code == 1
    assert "nobody to ask" in ran.err
    assert "5 links to it follow" in ran.err
    assert "job: Head of passenger service goes into a note" in ran.err
    assert clean(studio)


def test_dry_run_shows_every_file(crm: Crm, studio: Path) -> None:
    ran = crm("merge", "kari-berg", "ola-nordmann", "-n")
    assert ran.code == 0
    assert "+++ /dev/null" in ran.out
    assert "+contact: kari-berg" in ran.out
    assert clean(studio)


def test_never_on_a_prefix_or_a_likeness(crm: Crm, studio: Path) -> None:
    for words in (
        ("kari-ber", "ola-nordmann"),
        ("kari-berg", "ola-nord"),
        ("kari-berg", "Olla Nordman"),
    ):
        assert crm("merge", *words, "-y").code == 4
    assert clean(studio)


def test_only_two_records_of_one_kind(crm: Crm, studio: Path) -> None:
    assert crm("merge", "kari-berg", "kari-berg", "-y").code != 0
    assert crm("merge", "kari-berg", "fjord-ferries", "-y").code != 0
    assert crm("merge", "kari-berg", "contacts/tomasz-wrona.md", "-y").code != 0
    assert clean(studio)


@pytest.mark.parametrize(
    ("mine", "theirs", "wanted"),
    [
        ("job: Boss", "job: Clerk", "job: Boss"),
        ("job:", "job: Clerk", "job: Clerk"),
        (
            "email: a@x.example",
            "email: [A@x.example, b@x.example]",
            "email: [a@x.example, b@x.example]",
        ),
        (
            "email: a@x.example",
            "email: {work: b@x.example}",
            "email:\n  main: a@x.example\n  work: b@x.example",
        ),
        ("phone: 030 23125 557", "phone: +493023125557", "phone: 030 23125 557"),
        ("tags: [vip]", "tags: [VIP, print]", "tags: [vip, print]"),
        ("status: lead", "status: customer", "status: customer"),
        ("status: former", "status: customer", "status: former"),
        ("status: partner", "status: customer", "status: partner"),
        ("unsubscribed: no", "unsubscribed: yes", 'unsubscribed: "yes"'),
        ("do_not_email: true", "do_not_email: false", "do_not_email: true"),
        (
            "consent: newsletter 2026",
            "consent: withdrawn 2025",
            "consent: [newsletter 2026, withdrawn 2025]",
        ),
        ("email: a@x.example", "email: b@x.example\nbounced: b@x.example", "bounced: b@x.example"),
        ("shoe: 44", "shoe: 45", "shoe: 44"),
        ("job: Boss", "shoe: 45", "shoe: 45"),
    ],
)
def test_whose_value_wins(crm: Crm, studio: Path, mine: str, theirs: str, wanted: str) -> None:
    after = merged(crm, studio, f"name: A\n{mine}", f"name: A\n{theirs}")
    assert f"\n{wanted}\n" in after
    assert "\naliases: [b]\n" in after


def test_what_finds_no_place_is_noted(crm: Crm, studio: Path) -> None:
    theirs = (
        'name: Bee\n# met at the fair\njob: "Clerk # 2"  # not for long\nbirthday:'
        " 31-31\nlast_touch: 2020-01-01"
    )
    after = merged(crm, studio, "name: A\njob: Boss", theirs)
    note = after.partition("note: ")[2]
    assert note.splitlines() == [
        "Merged from b, which also had",
        "  name: Bee",
        "  job: Clerk # 2",
        "  birthday: 31-31",
        "  last_touch: 2020-01-01",
        "  # met at the fair",
        "  # not for long",
    ]


def test_nothing_is_noted_where_nothing_is_lost(crm: Crm, studio: Path) -> None:
    assert (
        merged(crm, studio, "name: A", "name: a\njob: Boss")
        == "---\nname: A\njob: Boss\naliases: [b]\n---\n"
    )


def test_text_tasks_and_log_of_both(crm: Crm, studio: Path) -> None:
    both = "## Log\n- 2026-01-02 call: Both know.\n"
    body = f"Mine.\n\n## Tasks\n- [ ] Call due:2026-12-01\n\n{both}"
    other = "Theirs.\n\n## Notes\nMore.\n\n- [ ] Write\n- [ ] Call due:2026-12-01\n\n"
    other += both + "- 2026-01-01 call: First.\n"
    after = merged(crm, studio, "name: A", "name: A", body, other)
    assert (
        after.partition("---\n")[2].partition("---\n")[2]
        == "Mine.\n\nTheirs.\n\n## Notes\nMore.\n\n## Tasks\n- [ ] Call due:2026-12-01\n- [ ]"
        " Write\n\n## Log\n- 2026-01-01 call: First.\n- 2026-01-02 call: Both know.\n"
    )


def test_a_deal_keeps_its_own_history(crm: Crm, studio: Path) -> None:
    put(
        studio,
        "deals/a.md",
        "name: A\nstage: proposal",
        "## Log\n- 2026-01-01 stage: lead -> proposal\n",
    )
    put(studio, "deals/b.md", "name: B\nstage: lost", "## Log\n- 2026-02-01 stage: lead -> lost\n")
    assert crm("merge", "deal/a", "deal/b", "-y").code == 0
    after = read(studio, "deals/a.md")
    assert "stage: proposal\n" in after
    assert "- 2026-02-01 note: stage of b: lead -> lost\n" in after
    assert "log-behind" not in crm("check").out


def test_links_between_the_two_and_to_both(crm: Crm, studio: Path) -> None:
    put(studio, "deals/d.md", "name: D\ncontact: [a, b]")
    after = merged(
        crm, studio, "name: A\nreferred_by: b", "name: A\nreferred_by: a\naliases: [bee]"
    )
    assert "referred_by" not in after
    assert "aliases: [b, bee]\n" in after
    assert "contact: [a]\n" in read(studio, "deals/d.md")


def test_a_third_may_follow(crm: Crm, studio: Path) -> None:
    merged(crm, studio, "name: A", "name: A\nemail: b@x.example")
    put(studio, "contacts/c.md", "name: A\nemail: c@x.example")
    assert crm("merge", "a", "c", "-y").code == 0
    assert "email: [b@x.example, c@x.example]\naliases: [b, c]\n" in read(studio, A)


def test_links_in_texts_lead_to_the_one_that_is_kept(crm: Crm, studio: Path) -> None:
    text = "See [[b]] and [B](b.md), as [[a]] said.\n"
    (studio / "notes.md").write_text("[[contacts/b|B]]\n")
    found = merged(
        crm, studio, "name: Ann Berg", "name: Ann Berg", body=text, other="I am [[b]].\n"
    )
    assert "See [[a]] and [B](a.md), as [[a]] said." in found
    assert "I am [[a]]." in found
    assert read(studio, "notes.md") == "[[contacts/a|B]]\n"
    assert crm("undo").code == 0
    assert read(studio, A).endswith(text)
    assert read(studio, "notes.md") == "[[contacts/b|B]]\n"

"""`plaincrm history`."""

from __future__ import annotations

from pathlib import Path

from plaincrm.book.git.client import Git
from tests.conftest import Crm, git


def told(crm: Crm, *words: str) -> list[tuple[str, object, object]]:
    results = crm("history", *words, "--json").json["results"]
    return [(each["field"], each["from"], each["to"]) for each in results]


def test_a_stage_with_author_and_day(crm: Crm, studio: Path) -> None:
    crm("move", "fjord-website-2027", "negotiation")
    found = crm("history", "fjord-website-2027", "--json").json
    assert (found["kind"], found["total"]) == ("history", 3)
    stage, entry, added = found["results"]
    assert list(stage) == ["at", "author", "commit", "record", "field", "from", "to"]
    assert (stage["record"], stage["field"]) == ("deal/fjord-website-2027", "stage")
    assert (stage["from"], stage["to"]) == ("proposal", "negotiation")
    assert stage["commit"] == git(studio, "rev-parse", "HEAD").strip()
    assert (entry["field"], entry["from"]) == ("log", None)
    assert entry["to"] == "2026-11-21 12:00 stage: proposal -> negotiation"
    assert (added["field"], added["from"], added["author"]) == (None, None, "Test")
    assert "stage: proposal -> negotiation" in crm("history", "fjord-website-2027").out


def test_through_renames_ours_and_by_hand(crm: Crm, studio: Path) -> None:
    crm("set", "kari-berg", "job=Boss")
    crm("rename", "kari-berg", "Kari Lunde")
    assert [field for field, _, _ in told(crm, "kari-lunde")] == [
        "id",
        "name",
        "aliases",
        "job",
        None,
    ]
    git(studio, "mv", "contacts/ola-nordmann.md", "contacts/ola-n.md")
    git(studio, "commit", "-q", "-m", "By hand")
    assert told(crm, "ola-n")[0] == ("id", "ola-nordmann", "ola-n")
    whole = crm("history", "--json").json["results"]
    assert {each["record"] for each in whole if each["field"] == "job"} == {"contact/kari-lunde"}


def test_a_small_record_is_followed_though_git_sees_no_likeness(crm: Crm) -> None:
    crm("add", "company", "Aa")
    crm("rename", "aa", "Something quite different and long")
    fields = [field for field, _, _ in told(crm, "something-quite-different-and-long")]
    assert fields == ["id", "name", "aliases", None]


def test_hand_edits_lists_tasks_and_text(crm: Crm, studio: Path) -> None:
    path = studio / "contacts/kari-berg.md"
    path.write_text(
        path.read_text().replace("\n---\n\n", "\ntags: [a, b]\n---\nHello.\n\n- [ ] Call\n\n")
    )
    git(studio, "commit", "-qam", "By hand")
    assert told(crm, "kari-berg")[:3] == [
        ("tags", None, ["a", "b"]),
        ("task", None, "[ ] Call"),
        ("text", None, None),
    ]


def test_the_whole_book_a_kind_and_a_query(crm: Crm) -> None:
    crm("set", "kari-berg", "job=Boss")
    crm("move", "fjord-website-2027", "negotiation")
    assert told(crm, "--field", "job") == [("job", "Accounts", "Boss")]
    assert told(crm, "deals", "--field", "job") == []
    assert told(crm, "deals", "--where", "stage:negotiation", "--field", "stage") == [
        ("stage", "proposal", "negotiation")
    ]
    assert told(crm, "--where", "job:Boss", "--limit", "1") == [("job", "Accounts", "Boss")]
    limited = crm("history", "--limit", "1", "--json").json
    assert limited["total"] > len(limited["results"]) == 1


def test_since_a_day(crm: Crm, studio: Path) -> None:
    path = studio / "contacts/kari-berg.md"
    path.write_text(path.read_text().replace("Accounts", "Boss"))
    git(studio, "commit", "-qam", "Long ago", "--date", "2020-01-01T12:00:00+00:00")
    assert told(crm, "kari-berg", "--since", "2020-01-02", "--field", "job") == []
    assert told(crm, "kari-berg", "--since", "2020-01-01", "--field", "job") == [
        ("job", "Accounts", "Boss")
    ]


def test_it_takes_few_git_processes(crm: Crm, studio: Path) -> None:
    from datetime import datetime

    from plaincrm.crm.book import Book
    from plaincrm.crm.history.field_changes import history

    for number in range(5):
        crm("set", "kari-berg", f"job=Job {number}")
    book = Book.open(studio, datetime.now)
    record = book.store.get("contact", "kari-berg")
    assert record is not None
    assert isinstance(book.git, Git)
    before = book.git.calls
    assert len(history(book, [record])) == 6
    assert book.git.calls <= before + 3, "config, log, cat-file"


def test_a_segment_or_standard_input_names_several(crm: Crm) -> None:
    crm("set", "kari-berg", "job=Boss")
    crm("set", "ola-nordmann", "job=Mate")
    found = crm("history", "-", "--field", "job", "--json", input="kari-berg\nola-nordmann\n").json[
        "results"
    ]
    assert {each["record"] for each in found} == {"contact/kari-berg", "contact/ola-nordmann"}
    assert crm("history", "@quiet-customers", "--json").json["total"] == 2, "when they were added"

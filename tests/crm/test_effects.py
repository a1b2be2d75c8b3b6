"""What follows from an edit, whoever makes it: a command, a script, an import, an editor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from plaincrm.core.records.edits import AddEntry, AddTask, DeleteField, Edit, SetField, logged
from plaincrm.core.records.record import Record
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.yaml import document, front_matter
from plaincrm.crm.actions.set import set_fields
from plaincrm.crm.book import Book
from plaincrm.crm.effects import RecordEdit
from plaincrm.errors import Refused
from tests.conftest import Crm, git

TODAY = "2026-11-21"


def opened(root: Path) -> Book:
    return Book.open(root, lambda zone: datetime(2026, 11, 21, 12, tzinfo=zone))


@pytest.fixture
def book(studio: Path) -> Book:
    return opened(studio)


def found(book: Book, kind: str, id: str) -> Record:
    record = book.store.get(kind, id)
    assert record is not None
    return record


def entries(record: Record, type: str) -> list[str]:
    return [entry.text for entry in record.log if entry.type == type]


def test_a_script_that_sets_the_stage_writes_the_entry_and_closed(book: Book) -> None:
    with book.change("Won it") as change:
        change.edit(found(book, "deal", "fjord-website-2027"), [SetField("stage", "won")])
    deal = found(opened(book.root), "deal", "fjord-website-2027")
    assert (deal.text("stage"), deal.text("closed")) == ("won", TODAY)
    assert entries(deal, "stage")[-1] == "proposal -> won"
    assert git(book.root, "log", "-1", "--format=%s").strip() == "Won it"


def test_a_script_writes_what_the_command_writes(crm: Crm, book: Book) -> None:
    assert crm("win", "fjord-website-2027").code == 0
    by_command = (book.root / "deals/fjord-website-2027.md").read_bytes()
    git(book.root, "reset", "-q", "--hard", "HEAD~1")
    again = opened(book.root)
    change = again.change("Won it")
    change.edit(found(again, "deal", "fjord-website-2027"), [SetField("stage", "won")])
    change.commit()
    assert (book.root / "deals/fjord-website-2027.md").read_bytes() == by_command


def test_a_day_that_is_given_stays(book: Book) -> None:
    edits = [SetField("stage", "won"), SetField("closed", "2026-11-02")]
    after = book.change("x").edit(found(book, "deal", "fjord-website-2027"), edits)
    assert after.text("closed") == "2026-11-02"
    assert len(entries(after, "stage")) == 3


def test_an_entry_that_is_given_is_not_written_twice(book: Book) -> None:
    edits: list[Edit] = [
        SetField("stage", "won"),
        AddEntry(Entry(date(2026, 11, 20), "stage", "proposal -> won")),
    ]
    after = book.change("x").edit(found(book, "deal", "fjord-website-2027"), edits)
    assert entries(after, "stage").count("proposal -> won") == 1


def test_opening_a_deal_again_takes_closed_and_the_reason_away(book: Book) -> None:
    change = book.change("x")
    deal = found(book, "deal", "fjord-website-2027")
    lost = change.edit(deal, [SetField("stage", "lost"), SetField("lost_reason", "price")])
    assert lost.text("closed") == TODAY
    again = change.edit(lost, [SetField("stage", "proposal")])
    assert "closed" not in again.fields and "lost_reason" not in again.fields
    assert entries(again, "stage")[-2:] == ["proposal -> lost", "lost -> proposal"]


def test_an_edit_starts_from_what_the_change_did_before(book: Book) -> None:
    """Two edits of the record as it was: the second is a change from the first, not from the
    file.
    """
    change, deal = book.change("x"), found(book, "deal", "fjord-website-2027")
    change.edit(deal, [SetField("stage", "negotiation")])
    after = change.edit(deal, [SetField("stage", "won")])
    assert entries(after, "stage")[-2:] == ["proposal -> negotiation", "negotiation -> won"]


def test_an_edit_follows_a_record_that_was_renamed_before(book: Book) -> None:
    change, kari = book.change("x"), found(book, "contact", "kari-berg")
    change.rename(kari, "Kari Dahl")
    after = change.edit(kari, [SetField("job", "Boss")])
    assert (after.id, after.title, after.text("job")) == ("kari-dahl", "Kari Dahl", "Boss")
    change.commit()
    assert git(book.root, "status", "--porcelain") == ""
    assert found(opened(book.root), "contact", "kari-berg").text("job") == "Boss"


def test_the_status_of_a_ticket_is_told_too(book: Book) -> None:
    ticket = found(book, "ticket", "login-broken-k7m2")
    before = ticket.text("status")
    after = book.change("x").edit(ticket, [SetField("status", "solved")])
    assert after.text("solved").startswith(TODAY)
    assert entries(after, "status")[-1] == f"{before} -> solved"


def test_a_deal_that_is_put_off_says_so(crm: Crm, book: Book) -> None:
    path, id = book.root / "deals/fjord-website-2027.md", "fjord-website-2027"
    was = path.read_bytes()
    then = found(book, "deal", id).text("close_date")
    assert crm("set", id, "close_date=2026-12-01").code == 0  # earlier: no entry
    assert entries(found(opened(book.root), "deal", id), "close_date") == []
    assert crm("set", id, "close_date=2027-03-01").code == 0
    assert crm("set", id, "close_date=2027-04-01").code == 0
    deal = found(opened(book.root), "deal", id)
    moves = ["2026-12-01 -> 2027-03-01", "2027-03-01 -> 2027-04-01"]
    assert entries(deal, "close_date") == moves
    assert crm("list", "deals", "pushed:2..", "--ids").out.split() == [
        f"deal/{id}",
        "deal/oakfield-exhibition-guide",
    ]
    assert crm("undo").code == 0
    assert entries(found(opened(book.root), "deal", id), "close_date") == moves[:1]
    assert crm("redo").code == 0
    assert entries(found(opened(book.root), "deal", id), "close_date") == moves
    assert all(crm("undo").code == 0 for _ in range(3)) and path.read_bytes() == was
    assert then > "2026-12-01"


def test_a_deal_put_off_in_an_editor_gets_its_entry(crm: Crm, book: Book) -> None:
    path = book.root / "deals/fjord-website-2027.md"
    was = found(book, "deal", path.stem).text("close_date")
    path.write_text(path.read_text().replace(f"close_date: {was}", "close_date: 2027-05-01"))
    assert crm("commit").code == 0
    assert entries(found(opened(book.root), "deal", path.stem), "close_date") == [
        f"{was} -> 2027-05-01"
    ]


@pytest.mark.parametrize(
    ("kind", "fields", "day"),
    [
        ("deal", {"name": "Old", "stage": "won"}, "closed"),
        ("deal", {"name": "Old", "stage": "lost"}, "closed"),
        ("deal", {"name": "Old", "stage": "won", "closed": "2025-02-01"}, ""),
        ("deal", {"name": "New", "stage": "lead"}, ""),
        ("ticket", {"subject": "Old", "status": "solved"}, "solved"),
        ("ticket", {"subject": "New"}, ""),
    ],
)
def test_a_new_record_that_has_ended_gets_the_day(
    book: Book, kind: str, fields: dict[str, Any], day: str
) -> None:
    made = book.change("x").create(book.kind(kind), fields)
    added = {name: raw for name, raw in made.fields.items() if name not in fields}
    assert list(added) == ([day] if day else [])
    assert all(str(raw).startswith(TODAY) for raw in added.values())
    assert not made.log


def test_add_writes_closed(crm: Crm, studio: Path) -> None:
    assert crm("add", "deal", "Old poster", "stage=won").code == 0
    text = (studio / "deals/old-poster.md").read_text()
    assert f"closed: {TODAY}\n" in text


def test_an_unknown_stage_is_refused_and_nothing_is_staged(book: Book) -> None:
    change = book.change("x")
    with pytest.raises(Refused, match='no stage "prposal"'):
        change.edit(found(book, "deal", "fjord-website-2027"), [SetField("stage", "prposal")])
    assert change.files == ()


def test_what_an_editor_wrote_keeps_its_own_closed(book: Book) -> None:
    deal = found(book, "deal", "fjord-website-2027")
    before = (book.root / deal.path).read_bytes()
    text = before.decode().replace("stage: proposal\n", "stage: won\nclosed: 2026-11-02\n")
    after = book.change("x").rewrite(deal, before, text)
    assert after.text("closed") == "2026-11-02"
    assert entries(after, "stage")[-1] == "proposal -> won"


def thank(edit: RecordEdit) -> Sequence[Edit]:
    """A rule as a book could have one: who wins a deal owes thanks."""
    won = edit.after.text("stage") == "won" and "stage" in edit.changed
    return [AddTask(Task("Say thanks"))] if won else []


def test_an_effect_of_ones_own_sees_each_edit(book: Book) -> None:
    seen: list[tuple[str, str, str, str]] = []

    def look(edit: RecordEdit) -> Sequence[Edit]:
        before = edit.before.text("stage") if edit.before else "none"
        seen.append((edit.command, before, edit.after.text("stage"), edit.after.text("closed")))
        return []

    change = book.change("x", "move")
    change.effects += [thank, look]
    after = change.edit(
        found(book, "deal", "fjord-website-2027"), [SetField("stage", "won"), DeleteField("next")]
    )
    change.create(book.kind("deal"), {"name": "Next one", "stage": "lead"})
    assert [task.text for task in after.tasks][-1] == "Say thanks"
    assert seen == [("move", "proposal", "won", TODAY), ("move", "none", "lead", "")]


def test_what_an_effect_of_ones_own_sets_has_its_effects(book: Book) -> None:
    def win(edit: RecordEdit) -> Sequence[Edit]:
        signed = edit.before is not None and "signed" in edit.changed
        return [SetField("stage", "won")] if signed else []

    change = book.change("x")
    change.effects.append(win)
    after = change.edit(
        found(book, "deal", "fjord-website-2027"), [SetField("signed", "2026-11-21")]
    )
    assert after.text("closed") == TODAY
    assert entries(after, "stage")[-1] == "proposal -> won"


def test_an_effect_that_asks_for_the_log_sees_the_new_entry(book: Book) -> None:
    logs: list[int] = []

    def count(edit: RecordEdit) -> Sequence[Edit]:
        logs.append(len(edit.after.log) - len(edit.before.log if edit.before else ()))
        return []

    change = book.change("x")
    change.effects.append(count)
    change.edit(found(book, "deal", "fjord-website-2027"), [SetField("stage", "won")])
    assert logs == [1]


@pytest.mark.parametrize(
    ("ref", "changes"),
    [
        ("contact/kari-berg", [("job", "=", "Boss"), ("city", "=", "Oslo"), ("tags", "+=", "vip")]),
        (
            "deal/fjord-website-2027",
            [("stage", "=", "won"), ("value", "=", "1 EUR"), ("own", "=", "x")],
        ),
    ],
)
def test_three_fields_are_set_with_three_readings(
    book: Book, monkeypatch: pytest.MonkeyPatch, ref: str, changes: list[tuple[str, str, str]]
) -> None:
    """The file is opened once, edited once and read back once; the rest is the record itself. (A
    rule of the book reads the record once more.)
    """
    settings = book.root / "plaincrm.yaml"
    text = re.sub(r"(?m)^automations:\n([ #].*\n|\n)*", "", settings.read_text("utf-8"))
    settings.write_text(text, "utf-8")
    record = found(book, *ref.split("/"))
    assert record.title and book.context
    reads: list[str] = []
    find_fences = front_matter.find_fences

    def counted(text: str) -> Any:
        reads.append(text)
        return find_fences(text)

    for module in (front_matter, document):
        monkeypatch.setattr(module, "find_fences", counted)
    done = set_fields(book, [record], changes, own=True)
    assert len(reads) <= 3
    assert [file.path for file in done.files] == [record.path]


def test_an_entry_alone_is_written_once(book: Book) -> None:
    after = book.change("x").edit(
        found(book, "contact", "kari-berg"), [AddEntry(logged(book.now, "note", "Hm").entry)]
    )
    assert entries(after, "note").count("Hm") == 1

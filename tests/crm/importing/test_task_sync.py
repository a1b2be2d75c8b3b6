"""A folder of calendar entries that a phone changes too: `export ics --into`, `import DIR --sync`."""

from __future__ import annotations

from pathlib import Path

import icalendar
import pytest

from tests.conftest import Crm

ADA = """---
name: Ada Lovelace
birthday: 1815-12-10
---

## Tasks
- [ ] Call her due:2026-12-01 pri:high
- [ ] Send terms due:2026-11-25 rec:2w
- [ ] Think
"""


@pytest.fixture
def phone(tmp_path: Path) -> Path:
    return tmp_path / "phone"


@pytest.fixture
def book(crm: Crm, tmp_path: Path, phone: Path) -> Path:
    crm("init", "book", cwd=tmp_path)
    root = tmp_path / "book"
    (root / "contacts/ada.md").write_text(ADA, "utf-8")
    assert crm("commit", cwd=root).code == 0
    assert "4 files written" in crm("export", "ics", "--into", str(phone), cwd=root).err
    return root


def entry(phone: Path, words: str) -> Path:
    return next(p for p in phone.glob("*.ics") if words in p.read_text("utf-8"))


def change(phone: Path, words: str, old: str, new: str) -> None:
    path = entry(phone, words)
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new).encode("utf-8"))


def ada(book: Path) -> str:
    return (book / "contacts/ada.md").read_text("utf-8")


def test_tasks_are_tasks_and_a_birthday_is_a_yearly_rule(crm: Crm, book: Path, phone: Path) -> None:
    whole = icalendar.Calendar.from_ical(crm("export", "ics", cwd=book).out)
    todos = {str(each["SUMMARY"]): each for each in whole.walk("VTODO")}
    assert set(todos) == {f"Ada Lovelace: {words}" for words in ("Call her", "Send terms", "Think")}
    assert todos["Ada Lovelace: Call her"]["PRIORITY"] == 1
    assert "DUE" not in todos["Ada Lovelace: Think"]
    (birthday,) = whole.walk("VEVENT")
    assert birthday["RRULE"].to_ical() == b"FREQ=YEARLY"
    assert birthday["DTSTART"].to_ical() == b"18151210"
    assert "1815" in entry(phone, "birthday").read_text()


def test_another_day_changes_nothing_in_the_folder(crm: Crm, book: Path, phone: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in phone.iterdir()}
    done = crm("--today", "2026-11-22T09:00", "export", "ics", "--into", str(phone), cwd=book)
    assert "0 files written" in done.err and "4 as they were" in done.err
    assert {path: path.stat().st_mtime_ns for path in phone.iterdir()} == before


def test_a_tick_a_day_and_words_come_back(crm: Crm, book: Path, phone: Path) -> None:
    change(
        phone, "Call her", "STATUS:NEEDS-ACTION", "STATUS:COMPLETED\r\nCOMPLETED:20261120T100000Z"
    )
    change(phone, "Send terms", "20261125", "20261127")
    change(phone, "Think", "Lovelace: Think", "Lovelace: Think twice")
    done = crm("import", str(phone), "--sync", "-y", cwd=book)
    assert done.code == 0 and "3 tasks changed over there" in done.err
    text = ada(book)
    assert "- [x] Call her due:2026-12-01 pri:high done:2026-11-20" in text
    assert "- [ ] Send terms due:2026-11-27 rec:2w" in text and "- [ ] Think twice\n" in text
    assert "0 tasks changed" in crm("import", str(phone), "--sync", cwd=book).err
    done = crm("export", "ics", "--into", str(phone), cwd=book)
    assert "0 files written" in done.err and "1 taken away" in done.err  # what is done goes
    crm("undo", cwd=book)
    assert ada(book) == ADA


def test_a_recurring_task_that_is_ticked_moves_on(crm: Crm, book: Path, phone: Path) -> None:
    change(phone, "Send terms", "NEEDS-ACTION", "COMPLETED")
    crm("import", str(phone), "--sync", cwd=book)
    assert "- [ ] Send terms due:2026-12-05 rec:2w" in ada(book)
    crm("export", "ics", "--into", str(phone), cwd=book)
    text = entry(phone, "Send terms").read_text()
    assert "NEEDS-ACTION" in text and "20261205" in text


def test_of_two_days_the_later_counts(crm: Crm, book: Path, phone: Path) -> None:
    change(phone, "Call her", "20261201", "20261203")
    path = book / "contacts/ada.md"
    path.write_text(ada(book).replace("due:2026-12-01", "due:2026-12-02"), "utf-8")
    said = crm("export", "ics", "--into", str(phone), cwd=book).err
    assert "changed over there, and left: Ada Lovelace: Call her" in said
    crm("import", str(phone), "--sync", cwd=book)
    assert "due:2026-12-03" in ada(book)


def test_a_new_task_goes_to_whom_it_names(crm: Crm, book: Path, phone: Path) -> None:
    for name, words in (("a", "ada lovelace: Buy flowers"), ("b", "Milk")):
        (phone / f"{name}.ics").write_text(
            f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VTODO\nUID:{name}\nSUMMARY:{words}\n"
            "DUE;VALUE=DATE:20261205\nEND:VTODO\nEND:VCALENDAR\n"
        )
    said = crm("import", str(phone), "--sync", cwd=book).err
    assert "Milk: a task of nobody here, and left" in said
    assert "- [ ] Buy flowers due:2026-12-05" in ada(book)
    crm("export", "ics", "--into", str(phone), cwd=book)
    assert "UID:a\n" in (phone / "a.ics").read_text() and "Milk" in (phone / "b.ics").read_text()
    assert len(list(phone.glob("*.ics"))) == 6


def test_a_task_that_is_deleted_over_there_stays_open(crm: Crm, book: Path, phone: Path) -> None:
    entry(phone, "Think").unlink()
    assert "1 task deleted over there" in crm("import", str(phone), "--sync", cwd=book).err
    crm("export", "ics", "--into", str(phone), cwd=book)
    assert ada(book) == ADA and len(list(phone.glob("*.ics"))) == 3

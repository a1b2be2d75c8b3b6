"""A folder of cards that a phone changes too: `export vcf --into` and `import DIR --sync`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Crm

ADA = """---
name: Ada Lovelace
email: ada@x.example
phone: {mobile: +49 1511 2345678}
company: engines
job: Countess
custom: kept
tags: [vip]
---
Prefers drawings.

## Tasks
- [ ] Call her due:2026-12-01

## Log
- 2026-11-01 call: Secret words.
"""
ENGINES = "---\nname: Engines Ltd\n---\n"


@pytest.fixture
def phone(tmp_path: Path) -> Path:
    return tmp_path / "phone"


@pytest.fixture
def book(crm: Crm, tmp_path: Path, phone: Path) -> Path:
    crm("init", "book", cwd=tmp_path)
    root = tmp_path / "book"
    for path, text in (("contacts/ada.md", ADA), ("companies/engines.md", ENGINES)):
        (root / path).write_text(text, "utf-8")
    assert crm("commit", cwd=root).code == 0
    done = crm("export", "vcf", "--into", str(phone), cwd=root)
    assert done.code == 0 and "1 file written" in done.err
    return root


def card(phone: Path, old: str = "", new: str = "") -> str:
    path = phone / "ada.vcf"
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new).encode("utf-8"))
    return text


def ada(book: Path) -> str:
    return (book / "contacts/ada.md").read_text("utf-8")


def test_a_card_has_no_log_and_the_second_run_writes_nothing(
    crm: Crm, book: Path, phone: Path
) -> None:
    text = card(phone)
    assert "Prefers drawings" in text and "Secret" not in text and "Call her" not in text
    before = {path: path.stat().st_mtime_ns for path in phone.iterdir()}
    done = crm("export", "vcf", "--into", str(phone), cwd=book)
    assert "0 files written" in done.err and "1 as they were" in done.err
    assert {path: path.stat().st_mtime_ns for path in phone.iterdir()} == before
    done = crm("import", str(phone), "--sync", cwd=book)
    assert done.code == 0 and "0 records changed over there" in done.err
    assert ada(book) == ADA


def test_what_the_phone_changed_comes_back_and_nothing_else(
    crm: Crm, book: Path, phone: Path
) -> None:
    card(phone, "TITLE:Countess", "TITLE:Programmer")
    card(phone, "EMAIL:ada@x.example", "EMAIL:ada@x.example\r\nEMAIL;TYPE=HOME:ada@home.example")
    done = crm("import", str(phone), "--sync", cwd=book)
    assert done.code == 0, done.err
    text = ada(book)
    assert "job: Programmer" in text and "ada@home.example" in text and "custom: kept" in text
    assert text.endswith(ADA[ADA.index("Prefers") :])
    assert "0 records" in crm("import", str(phone), "--sync", cwd=book).err
    assert "0 files written" in crm("export", "vcf", "--into", str(phone), cwd=book).err
    assert crm("undo", cwd=book).code == 0 and ada(book) == ADA


def test_a_phone_that_drops_what_it_does_not_know_takes_nothing_away(
    crm: Crm, book: Path, phone: Path
) -> None:
    lines = card(phone).replace("\r\n ", "").split("\r\n")
    kept = [line for line in lines if not line.startswith("X-")]
    text = "\r\n".join(kept).replace("TITLE:Countess", "TITLE:Programmer")
    (phone / "ada.vcf").write_bytes(text.encode())
    crm("import", str(phone), "--sync", cwd=book)
    assert ada(book) == ADA.replace("Countess", "Programmer")


def test_both_sides_are_merged_field_by_field(crm: Crm, book: Path, phone: Path) -> None:
    card(phone, "TITLE:Countess", "TITLE:Programmer")
    card(phone, "CATEGORIES:vip", "CATEGORIES:vip,press")
    crm("set", "ada", "job=Analyst", "tags+=maths", "language=en", cwd=book)
    said = crm("export", "vcf", "--into", str(phone), cwd=book).err
    assert "changed over there, and left: Ada Lovelace" in said
    done = crm("import", str(phone), "--sync", cwd=book)
    assert done.code == 0 and "changed on both sides: Ada Lovelace: job" in done.err
    text = ada(book)
    assert "tags: [vip, maths, press]" in text or "tags: [vip, press, maths]" in text
    assert "language: en" in text
    assert crm("conflicts", "--json", cwd=book).json["total"] == 1
    crm("export", "vcf", "--into", str(phone), cwd=book)
    after = card(phone)
    assert "LANG:en" in after and "maths" in after and "press" in after
    assert "0 records" in crm("import", str(phone), "--sync", cwd=book).err


def test_a_new_card_is_a_new_contact_with_its_uid(crm: Crm, book: Path, phone: Path) -> None:
    new = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:abc-1\r\nFN:Bo New\r\nEMAIL:bo@new.example\r\nEND:VCARD\r\n"
    (phone / "x7.vcf").write_bytes(new.encode())
    done = crm("import", str(phone), "--sync", cwd=book)
    assert done.code == 0 and "1 new card" in done.err
    assert "vcard_uid: abc-1" in (book / "contacts/bo-new.md").read_text("utf-8")
    assert "0 files written" in crm("export", "vcf", "--into", str(phone), cwd=book).err
    assert (phone / "x7.vcf").read_bytes() == new.encode()
    crm("set", "bo-new", "job=Boss", cwd=book)
    crm("export", "vcf", "--into", str(phone), cwd=book)
    assert b"UID:abc-1" in (phone / "x7.vcf").read_bytes()
    assert b"TITLE:Boss" in (phone / "x7.vcf").read_bytes()


def test_who_is_deleted_over_there_is_told_and_kept(crm: Crm, book: Path, phone: Path) -> None:
    (phone / "ada.vcf").unlink()
    said = crm("import", str(phone), "--sync", cwd=book).err
    assert "deleted over there: Ada Lovelace (contact/ada)" in said
    assert "not written again" in crm("export", "vcf", "--into", str(phone), cwd=book).err
    assert not (phone / "ada.vcf").exists() and ada(book) == ADA
    crm("set", "ada", "job=Analyst", cwd=book)
    crm("export", "vcf", "--into", str(phone), cwd=book)
    assert "TITLE:Analyst" in card(phone)


def test_a_rename_keeps_file_and_uid_and_a_removal_takes_the_file(
    crm: Crm, book: Path, phone: Path
) -> None:
    uid = next(line for line in card(phone).split("\r\n") if line.startswith("UID"))
    crm("rename", "ada", "Augusta King", cwd=book)
    crm("export", "vcf", "--into", str(phone), cwd=book)
    assert uid in card(phone) and "FN:Augusta King" in card(phone)
    crm("rm", "augusta-king", "-y", cwd=book)
    assert "1 taken away" in crm("export", "vcf", "--into", str(phone), cwd=book).err
    assert not (phone / "ada.vcf").exists()


def test_a_note_that_the_phone_changed(crm: Crm, book: Path, phone: Path) -> None:
    card(phone, "Prefers drawings.", "Prefers drawings.\\nAnd tea.\\n## Log\\n- [ ] no task")
    assert crm("import", str(phone), "--sync", cwd=book).code == 0
    text = ada(book)
    assert "And tea." in text and text.count("\n## Log") == 1
    assert len(crm("list", "tasks", "--json", cwd=book).json["results"]) == 1


def test_a_book_of_two_machines_takes_a_change_once(
    crm: Crm, book: Path, phone: Path, tmp_path: Path
) -> None:
    """The other machine's folder got the phone's change from the server, its book from git."""
    card(phone, "TITLE:Countess", "TITLE:Programmer")
    other = tmp_path / "other"
    other.mkdir()
    (other / "ada.vcf").write_bytes((phone / "ada.vcf").read_bytes())
    crm("import", str(phone), "--sync", cwd=book)
    after = ada(book)
    said = crm("import", str(other), "--sync", cwd=book).err
    assert "0 records changed" in said and ada(book) == after
    assert "0 files written" in crm("export", "vcf", "--into", str(other), cwd=book).err


def test_a_folder_of_the_book_is_refused(crm: Crm, book: Path) -> None:
    assert crm("export", "vcf", "--into", "contacts", cwd=book).code != 0
    assert crm("export", "csv", "--into", "x", cwd=book).code == 2
    assert crm("import", "missing", "--sync", cwd=book).code == 3

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.interchange.recognise import HEAD, recognise


@pytest.mark.parametrize(
    ("head", "name", "form"),
    [
        ("name,email\nOla,ola@x.org\n", "", "csv"),
        ('Notes:\n"When exporting, …"\n\nFirst Name,Last Name\n', "Connections.csv", "csv"),
        ("Name;E-Mail\n", "", "csv"),
        ("name\nOla\n", "people.csv", "csv"),
        ("BEGIN:VCARD\r\n", "", "vcf"),
        ("\r\nbegin:vcalendar\n", "x.txt", "ics"),
        ("From ola@x.org Sat Jan  3 01:05:34 1996\nFrom: x\n", "", "mbox"),
        ("Return-Path: <x>\nReceived: from a\n\tby b\nSubject: x\n\nname,email", "", "eml"),
        ("From: ola@x.org\nTo: ada@y.org\n\nHi", "mail.txt", "eml"),
        ('[{"kind": "contact"}]', "", "json"),
        ('{"a": 1}', "", "json"),
        ('{"a": 1}\n{"a": 2}\n', "", "jsonl"),
        ('{"a": 1,\n"b": 2}', "", "json"),
        ("2026-11-20 ola call: wants Norwegian, too\n", "", "txt"),
        ("buy milk\n2026-11-20 ola call: x\n", "notes.txt", "txt"),
        ("---\nname: Ola\n---\n", "", "md"),
        ("<!doctype html><p>", "export.csv", "html"),
        ("", "x.csv", "empty"),
        (" \n", "", "empty"),
        ("hello", "", "unknown"),
    ],
)
def test_told_by_content(head: str, name: str, form: str) -> None:
    assert recognise(head.encode(), name) == form
    if head.strip() and "<" not in head:
        assert recognise(b"\xef\xbb\xbf" + head.encode(), name) == form
        assert recognise(head.encode("utf-16"), name) == form


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"PK\x03\x04\x14\0[Content_Types].xml", "xlsx"),
        (b"PK\x03\x04\x14\0bomb", "zip"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"SQLite format 3\0", "sqlite"),
        (b"%PDF-1.7", "pdf"),
        (b"\x89PNG\r\n", "image"),
    ],
)
def test_what_is_no_text(head: bytes, form: str) -> None:
    assert recognise(head, "people.csv") == form


def test_the_public_files(shared_data: Path) -> None:
    for folder, forms in {
        "vcard": {"vcf"},
        "icalendar/collective-icalendar/calendars": {"ics"},
        "bounces/flufl.bounce/data": {"eml", "mbox"},
        "salesforce_dataloader": {"csv", "unknown"},
    }.items():
        for path in (shared_data / folder).rglob("*.*"):
            if path.suffix in (".vcf", ".ics", ".csv", ".txt"):
                data = path.read_bytes()[:HEAD]
                assert recognise(data) in forms or not data.strip(), path


@given(st.binary(max_size=200), st.text(max_size=10))
def test_any_bytes_have_some_form(head: bytes, name: str) -> None:
    assert recognise(head, name)

"""Many records in JSON: the text is that of `record_json`, whatever the records are."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from plaincrm import Book
from plaincrm.views import record_json
from plaincrm.views.record_lines import RecordLines

DEALS = ("contact.company.name", "last_touch", "log.count", "colour")


def opened(root: Path) -> Book:
    return Book.open(root, lambda zone: datetime(2026, 11, 21, 9, tzinfo=zone))


@pytest.fixture
def untidy(studio: Path) -> Path:
    """The example with records that are odd: keys of their own, several values, texts that need
    escapes, values that their type refuses.
    """
    (studio / "contacts" / "odd.md").write_text(
        '---\nname: "Ödd \\"Quote\\"\\u2028"\nemail: {work: a@x.example, home: b@x.example}\n'
        "country: NO\nbirthday: 31-31\ncolour: [red, 'bl\\ue']\nzip: 02142\ntags: vip, press\n"
        "created: never\nunsubscribed: maybe\n---\n"
    )
    (studio / "deals" / "odd.md").write_text(
        "---\nname: Odd\nvalue: 4.200\nitems: [2 x logo 600 EUR, what]\ncontact: {main: odd}\n---\n"
    )
    return studio


@pytest.mark.parametrize("again", [False, True], ids=["from files", "from the cache"])
def test_same_text(untidy: Path, again: bool) -> None:
    encode = json.JSONEncoder(ensure_ascii=False).encode
    if again:
        list(opened(untidy).store.all())
    book, other = opened(untidy), opened(untidy)
    for kind in book.schema.kinds.values():
        names = DEALS if kind.name == "deal" else ("last_touch",)
        lines = RecordLines(kind, book.context, names)
        for record, twin in zip(
            book.store.records(kind.name), other.store.records(kind.name), strict=True
        ):
            assert lines.line(record) == encode(record_json.record(twin, other.context, names))

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from plaincrm.interchange.sqlite import fill, table_of
from tests.contexts import context

FILES = {
    "companies/fjord-as.md": "name: Fjord AS\ndomain: fjord.no",
    "contacts/ola.md": (
        "---\nname: Ola Nordmann\nemail: {work: ola@fjord.no, home: ola@x.no}\n"
        "company: [fjord-as, gone]\n"
        "birthday: 12-10\nunsubscribed: yes\nzip: 0215\nDiet: vegan\n---\n"
        "Likes fjords.\n\n## Tasks\n- [ ] Call due:2026-12-01\n\n"
        "## Log\n- 2026-11-20 14:30 call with kari: Hello <1@x.org>\n"
    ),
    "deals/website.md": (
        "name: Website\ncompany: fjord-as\nstage: proposal\nvalue: 1500.50 NOK/month"
    ),
    "deals/logo.md": "name: Logo\nstage: Won\nvalue: 200\nclosed: 2026-10-01",
}

OWN = (
    "kinds: {link: {folder: links, title: Body, fields: {Body: {type: text}, Path: {type: text}}}}"
)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    here = context(FILES)
    with closing(sqlite3.connect(":memory:")) as connection:
        fill(connection, here.store, here.settings)
        yield connection


def rows(db: sqlite3.Connection, query: str) -> list[tuple[Any, ...]]:
    return db.execute(query).fetchall()


def test_a_table_a_kind_with_typed_columns(db: sqlite3.Connection) -> None:
    assert rows(db, "SELECT id, name, email, birthday, unsubscribed, zip FROM contacts") == [
        ("ola", "Ola Nordmann", "ola@fjord.no", "12-10", 1, "0215")
    ]
    assert rows(
        db, "SELECT id, value, value_currency, value_per, stage FROM deals ORDER BY id"
    ) == [
        ("logo", 200.0, "EUR", "", "Won"),
        ("website", 1500.5, "NOK", "month", "proposal"),
    ]
    assert rows(db, "SELECT body FROM contacts")[0][0].startswith("Likes fjords.")


def test_every_value_with_its_label_own_fields_too(db: sqlite3.Connection) -> None:
    assert rows(
        db, "SELECT label, value FROM field_values WHERE field = 'email' ORDER BY position"
    ) == [
        ("work", "ola@fjord.no"),
        ("home", "ola@x.no"),
    ]
    assert rows(db, "SELECT value FROM field_values WHERE field = 'Diet'") == [("vegan",)]


def test_links_where_they_lead_and_where_not(db: sqlite3.Connection) -> None:
    assert rows(db, "SELECT to_id, written FROM links WHERE from_id = 'ola' ORDER BY written") == [
        ("fjord-as", "fjord-as"),
        ("", "gone"),
    ]


def test_log_and_tasks(db: sqlite3.Connection) -> None:
    assert rows(db, "SELECT kind, id, at, type, text, message_id, people FROM log") == [
        ("contact", "ola", "2026-11-20 14:30", "call", "Hello <1@x.org>", "<1@x.org>", "kari")
    ]
    assert rows(db, "SELECT text, due, done FROM tasks") == [("Call", "2026-12-01", "no")]


def test_views(db: sqlite3.Connection) -> None:
    assert rows(db, "SELECT id, chance FROM open_deals") == [("website", 50.0)]
    assert rows(db, "SELECT stage, deals, value, weighted FROM pipeline WHERE deals > 0") == [
        ("proposal", 1, 1500.5, 750.25),
        ("won", 1, 200.0, 200.0),
    ]
    assert rows(db, "SELECT name, company, last_entry FROM contact_cards") == [
        ("Ola Nordmann", "Fjord AS", "2026-11-20 14:30")
    ]


def test_full_text(db: sqlite3.Connection) -> None:
    assert rows(db, "SELECT kind, id FROM search WHERE search MATCH 'fjords'") == [
        ("contact", "ola")
    ]
    assert rows(db, "SELECT id FROM search WHERE search MATCH 'vegan'") == [("ola",)]


def test_kinds_and_fields_whose_names_are_taken() -> None:
    here = context({"links/x.md": "Body: Hello\nPath: there"}, settings=OWN)
    assert table_of(here.settings.schema.kinds["link"]) == "links_records"
    with closing(sqlite3.connect(":memory:")) as connection:
        fill(connection, here.store, here.settings)
        assert rows(connection, "SELECT id, Body_, Path_ FROM links_records") == [
            ("x", "Hello", "there")
        ]


def test_a_database_on_disk_is_whole_or_not_there(tmp_path: Path) -> None:
    here = context(FILES)
    with closing(sqlite3.connect(tmp_path / "book.db")) as connection:
        fill(connection, here.store, here.settings)
        with pytest.raises(sqlite3.Error):
            fill(connection, here.store, here.settings)
    with closing(sqlite3.connect(tmp_path / "book.db")) as connection:
        assert rows(connection, "SELECT count(*) FROM contacts") == [(1,)]
        assert rows(connection, "PRAGMA integrity_check") == [("ok",)]

"""Facts that need other records: worked out once, kept while nothing changes, never stale."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from plaincrm.book.index.changed import TICK
from plaincrm.core.records.facts import Context, Fact, Facts, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.shared_facts import (
    Found,
    SharedFact,
    all_values,
    look_up,
    shared_value,
)
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import changed
from plaincrm.crm.reminders.last_touch import LAST_TOUCH
from tests.contexts import context
from tests.crm.answers import book

FILES = {
    f"contacts/person-{n}.md": f"---\nname: Person {n}\n---\n## Log\n- 2026-10-0{n} call: Hello.\n"
    for n in range(1, 9)
}


class Counted:
    """A shared fact that counts how often it is worked out."""

    def __init__(self, reads: tuple[str, ...] = (), daily: bool = False) -> None:
        self.whole = 0
        self.few = 0
        self.fact = SharedFact("counted", self._of_all, self._of_few, reads, daily)

    def _of_all(self, here: Context) -> Found:
        self.whole += 1
        return {"contact": {fold(r.id): len(r.title) for r in here.store.records("contact")}}

    def _of_few(self, records: Iterable[Record], _: Context) -> Found:
        self.few += 1
        return {"contact": {fold(r.id): len(r.title) for r in records}}


def test_a_few_are_looked_up_and_many_worked_out_at_once() -> None:
    counted, here = Counted(), context(FILES)
    values = [shared_value(counted.fact, r, here) for r in here.store.records("contact")]
    assert values == [8] * 8
    assert (counted.few, counted.whole) == (4, 1)


def test_what_was_looked_up_is_not_looked_up_again() -> None:
    counted, here = Counted(), context(FILES)
    look_up(counted.fact, here.store.records("contact"), here)
    assert shared_value(counted.fact, here.store.records("contact")[5], here) == 8
    assert (counted.few, counted.whole) == (1, 0)


def test_a_change_of_the_store_is_seen_at_once() -> None:
    counted, here = Counted(), context(FILES)
    record = here.store.records("contact")[0]
    assert shared_value(counted.fact, record, here) == 8
    text = record.load().replace("Person 1", "Another name")
    here.store.put(Record.of_file(record.kind, record.path, text))
    again = here.store.get("contact", "person-1")
    assert again is not None
    assert shared_value(counted.fact, again, here) == len("Another name")


def test_a_fact_shows_it_to_queries_and_columns() -> None:
    counted, here = Counted(), context(FILES)
    fact = Fact.shared("contact", "number", "The length of the name", counted.fact)
    assert fact.needs is Needs.STORE
    here = changed(here, facts=Facts((*here.facts.all, fact)))
    assert here.column("contact", "counted") == [8] * 8
    assert here.fact(here.store.records("contact")[0], "counted") == 8


def asked(studio: Path, fact: SharedFact) -> Any:
    return all_values(fact, book(studio).context)


@pytest.fixture
def indexed(studio: Path) -> Path:
    """The example book with a cache of every kind, its files older than the racy moment."""
    time.sleep(2 * TICK / 1e9)
    here = book(studio)
    for kind in here.schema.kinds:
        here.store.records(kind)
    return studio


def test_it_is_kept_between_two_commands(indexed: Path) -> None:
    counted = Counted()
    first = asked(indexed, counted.fact)
    assert asked(indexed, counted.fact) == first
    assert counted.whole == 1


def touched(path: Path, line: str) -> None:
    path.write_text(f"{path.read_text('utf-8')}\n{line}\n", "utf-8")


def test_a_kind_that_it_reads_makes_it_anew_and_another_does_not(indexed: Path) -> None:
    counted = Counted(reads=("contact",))
    asked(indexed, counted.fact)
    touched(next(iter(sorted((indexed / "deals").rglob("*.md")))), "A line.")
    asked(indexed, counted.fact)
    assert counted.whole == 1
    touched(indexed / "contacts" / "kari-berg.md", "A line.")
    asked(indexed, counted.fact)
    asked(indexed, counted.fact)
    assert counted.whole == 2


def test_the_same_edit_twice_is_two_states(indexed: Path) -> None:
    """What was changed and changed back is worked out again, or was never another."""
    path = indexed / "contacts" / "kari-berg.md"
    text = path.read_text("utf-8")
    touched(path, "- 2026-11-20 call: Hello.")
    first = book(indexed).context
    path.write_text(text, "utf-8")
    second = book(indexed).context
    for here in (first, second):
        assert all_values(LAST_TOUCH, here) == LAST_TOUCH.of_all(here)


def test_one_that_depends_on_the_day_is_of_that_day(indexed: Path) -> None:
    counted = Counted(daily=True)
    here = book(indexed)
    all_values(counted.fact, here.context)
    later = changed(book(indexed).context, now=here.now.replace(day=22))
    all_values(counted.fact, later)
    assert counted.whole == 2


def test_other_settings_make_it_anew(indexed: Path) -> None:
    counted = Counted()
    asked(indexed, counted.fact)
    settings = indexed / "plaincrm.yaml"
    settings.write_text(settings.read_text("utf-8").replace("language: de", "language: en"))
    here = book(indexed)
    assert all_values(counted.fact, here.context)
    assert counted.whole == 2


def test_few_and_all_say_the_same_of_everybody(studio: Path) -> None:
    here = book(studio, cached=False).context
    for kind in ("contact", "company"):
        records = here.store.records(kind)
        alone = {
            fold(r.id): found[fold(r.id)]
            for r in records
            if LAST_TOUCH.of_few and (found := LAST_TOUCH.of_few([r], here)[kind]).get(fold(r.id))
        }
        assert alone == {id: day for id, day in LAST_TOUCH.of_all(here)[kind].items() if day}


def test_a_damaged_file_of_it_is_as_none(indexed: Path) -> None:
    counted = Counted()
    first = asked(indexed, counted.fact)
    kept = indexed / ".git" / "plaincrm" / "cache" / "counted.fact"
    kept.write_bytes(kept.read_bytes()[:-7])
    assert asked(indexed, counted.fact) == first
    assert counted.whole == 2

"""A first index by many processes says what one process says, file by file."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.book import workers
from plaincrm.core.records.columns import ColumnData, Columns
from plaincrm.core.schema.log_settings import LogSettings
from plaincrm.crm.loading import build
from plaincrm.crm.loading.column_data import column_data, joined_data
from tests.conftest import Crm, git
from tests.crm.answers import book, said, same


@pytest.fixture(autouse=True)
def in_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three processes, and parts so small that the example book has some for each."""
    monkeypatch.setattr(workers, "_cores", lambda: 3)
    monkeypatch.setattr(build, "PART", 3)
    monkeypatch.setattr(build, "LEAST", 1)


def forked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that are begun from now on."""
    begun: list[int] = []
    real = os.fork

    def fork() -> int:
        process = real()
        begun.append(process)
        return process

    monkeypatch.setattr(os, "fork", fork)
    return begun


def test_shares_say_what_a_fresh_reading_says(
    studio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (studio / "contacts" / "broken.md").write_bytes(b"---\nname: Br\xf6ken\nname: Twice\n")
    (studio / "deals" / "bare.md").write_text("no front matter\n- [ ] a task due:2026-01-01\n")
    begun = forked(monkeypatch)
    same(studio)
    assert begun


def test_a_second_reading_of_many_files_keeps_the_rows_that_hold(studio: Path) -> None:
    same(studio)
    for path in sorted((studio / "contacts").rglob("[a-z]*.md"))[::2]:
        path.write_text(path.read_text() + "\n## Log\n- 2026-11-20 call: Again.\n")
    for path in sorted((studio / "contacts").rglob("[a-z]*.md"))[1::4]:
        path.unlink()
    for n in range(20):
        (studio / "contacts" / f"new-{n}.md").write_text(f"---\nname: New {n}\nhobby: chess\n---\n")
    same(studio)


def test_unreadable_files_are_told_whoever_met_them(
    studio: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = sorted(path.name for path in (studio / "contacts").rglob("[a-z]*.md"))[:9]
    real = os.open

    def deny(path: str, *args: int, **more: int) -> int:
        if str(path).endswith(tuple(f"contacts/{name}" for name in names)):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *args, **more)

    monkeypatch.setattr(os, "open", deny)
    for _ in range(2):
        assert set(said(book(studio))["problems"]) >= {f"contacts/{name}" for name in names}
    monkeypatch.undo()
    same(studio)


def test_the_past_is_read_in_shares_too(
    studio: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(studio, "commit", "-q", "--amend", "--no-edit", "--date=2026-01-01T00:00:00Z")
    wanted = crm("list", "contacts", "--json").json["results"]
    begun = forked(monkeypatch)
    day = "2039-12-31"  # the day of the commit itself depends on the zone
    past = crm("--today", "2040-01-01", "list", "contacts", "--as-of", day, "--json")
    found = past.json["results"]
    assert begun
    assert [(each["path"], each["fields"]) for each in found] == [
        (each["path"], each["fields"]) for each in wanted
    ]


def test_progress_is_told_by_one_process_and_ends(studio: Path) -> None:
    here, told = book(studio), []
    here.progress = lambda what, done, count: told.append((os.getpid(), what, done, count))
    here.store.collection("contact")
    count = told[-1][3]
    assert told[0][1:] == ("contacts", 0, count) and told[-1][1:] == ("contacts", count, count)
    assert {process for process, *_ in told} == {os.getpid()}
    assert [done for _, _, done, _ in told] == sorted(done for _, _, done, _ in told)


@given(st.randoms(), st.integers(1, 6))
def test_joined_columns_are_as_columns_of_all(
    studio_repo: Path, chance: Random, parts: int
) -> None:
    here = book(studio_repo, cached=False)
    kind, facts = here.schema.kinds["deal"], here.context.facts.kept("deal")
    records = here.store.records("deal")

    def kept(data: ColumnData) -> Columns:
        return Columns(kind, LogSettings(), data.get, lambda: data, str)

    lots = [chance.randrange(parts) for _ in records]
    split = [
        [r for r, lot in zip(records, lots, strict=True) if lot == part] for part in range(parts)
    ]
    kept_parts = [kept(column_data(some, facts, here.context, {})) for some in split]
    gone = {row for row in range(len(split[0])) if chance.random() < 0.3}
    left = [r for r in records if r not in [split[0][row] for row in gone]]
    assert joined_data(kept_parts, facts, gone) == column_data(left, facts, here.context, {})


def test_nothing_is_left_of_the_processes(studio: Path) -> None:
    shutil.rmtree(studio / ".git" / "plaincrm", ignore_errors=True)
    said(book(studio))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)

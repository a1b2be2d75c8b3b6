"""The books that `python -m benchmarks` makes, and how it takes the time of a command."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, time
from pathlib import Path

import pytest

from benchmarks.generate import TODAY, book, records
from plaincrm import Book

SIZE = 400
# A child that works outlives its parent, which waits for nobody.
MEASURED = """
import sys
from pathlib import Path
from benchmarks.measure import Bench, adopt_orphans
adopt_orphans()
bench = Bench(Path("."), 1, {})
work = "import os\\nif os.fork() == 0: sum(range(9_000_000))\\nos._exit(0)"
idle, busy = (bench.run([sys.executable, "-c", words]) for words in ("pass", work))
print(busy.cpu - idle.cpu)
"""


def test_dense(tmp_path: Path) -> None:
    """A quarter of the contacts is vip, a tenth of all records is overdue."""
    dense = Book.open(
        book(tmp_path / "dense", SIZE, dense=True),
        lambda zone: datetime.combine(TODAY, time(9), zone),
    )
    contacts = dense.select("contacts", []).total
    assert 0.18 < dense.select("contacts", ["+vip"]).total / contacts < 0.32
    late = [
        *dense.select("tasks", ["is:overdue"]).records,
        *dense.select("deals", ["next:..yesterday"]).records,
        *dense.select("tickets", ["due:..yesterday"]).records,
    ]
    assert 0.06 < len(late) / SIZE < 0.15


def test_same_seed_same_book() -> None:
    assert list(records(50, 1, flat=True)) == list(records(50, 1, flat=True))
    plain, dense = dict(records(50, 1, flat=True)), dict(records(50, 1, flat=True, dense=True))
    assert plain != dense


@pytest.mark.skipif(sys.platform != "linux", reason="orphans can be adopted on Linux only")
def test_whole_tree() -> None:
    """The processor time of what a command leaves running is its own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURED], check=True, capture_output=True, text=True
    )
    assert float(done.stdout) > 0.03

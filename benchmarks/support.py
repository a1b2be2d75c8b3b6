"""`python -m benchmarks.support`: a book of 20,000 tickets with service levels; its queue by time
left and its report, warm, beside L(n).
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks import generate, table
from benchmarks.measure import Bench, program
from benchmarks.targets import Row
from plaincrm.core.values.ids import path

TICKETS, PEOPLE = 20_000, 2_000
SETTINGS = """\
hours:
  office: {days: 'Mon-Thu 09:00-17:00, Fri 09:00-15:00', holidays: DE-BE}
away: [2026-07-20..2026-08-02]
sla:
  urgent: {first_reply: 1h, next_reply: 2h, resolution: 8h}
  high: {first_reply: 2h, next_reply: 4h, resolution: 2bd}
  normal: {first_reply: 8h, resolution: 3bd}
  low: {first_reply: 2bd}
"""
PRIORITIES = ("low", "normal", "normal", "normal", "high", "urgent")
CATEGORIES = ("billing", "print", "website", "delivery", "other")
COMMANDS = (
    ("ticket list by time left", ["ticket", "list"]),
    ("ticket list, the first 20", ["ticket", "list", "--limit", "20"]),
    ("list tickets is:breached", ["list", "tickets", "is:breached", "--ids"]),
    ("report support of this year", ["report", "support"]),
    ("report support of last year", ["report", "support", "--period", "2025"]),
)


def book(root: Path, tickets: int) -> Path:
    """A book of tickets and of the people who wrote them."""
    root.mkdir(parents=True)
    (root / "plaincrm.yaml").write_text(generate.SETTINGS + SETTINGS)
    (root / ".gitignore").write_text("inbox/\noutbox/\n")
    earlier = time.time() - 3600  # files of this very second are read again: see book/index
    for name, text in records(tickets):
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        os.utime(target, (earlier, earlier))
    generate.git(root, "init", "-q", "-b", "main")
    generate.git(root, "add", "-A")
    generate.git(root, "commit", "-q", "-m", f"A book of {tickets} tickets")
    return root


def records(tickets: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """(path, text) of every record, the same for the same seed."""
    rng = random.Random(seed)
    people = max(tickets * PEOPLE // TICKETS, 1)
    for n in range(people):
        text = f"---\nname: Person {n}\nemail: person{n}@example.org\n---\n"
        yield path("contacts", f"person-{n}", n), text
    for n in range(tickets):
        yield path("tickets", f"ticket-{n}", n), ticket(rng, f"person-{rng.randrange(people)}")


def ticket(rng: random.Random, contact: str) -> str:
    """A ticket of the last two years, with one to four exchanges; 97 of 100 are solved."""
    opened = generate.TODAY - timedelta(days=15 + int(rng.random() * 700))
    minute = 8 * 60 + rng.randrange(9 * 60)
    log, day = [], opened
    for _ in range(rng.randint(1, 4)):
        log.append(f"- {_at(day, minute)} message in: {_words(rng, 12)}")
        minute += rng.randint(5, 400)
        log.append(f"- {_at(day, minute)} reply out: {_words(rng, 15)}")
        day += timedelta(days=rng.randint(0, 3))
        minute = max(minute % 1440, 600) + rng.randint(1, 60)
    fields = [
        f"subject: {_words(rng, 4)}",
        f"contact: {contact}",
        f"priority: {rng.choice(PRIORITIES)}",
        f"category: {rng.choice(CATEGORIES)}",
        f"opened: {log[0][2:18]}",
    ]
    done = rng.random() < 0.97
    if done:
        log.append(f"- {_at(day, minute)} status: open -> solved")
        fields.append(f"solved: {_at(day, minute)}")
        if rng.random() < 0.3:
            fields.append(f"csat: {rng.choice('1234455')}")
    fields.append("status: solved" if done else f"status: {rng.choice(('open', 'pending'))}")
    return "---\n" + "\n".join(fields) + "\n---\n\n## Log\n" + "\n".join(log) + "\n"


def _at(day: date, minute: int) -> str:
    later = day + timedelta(days=minute // 1440)
    return f"{later} {minute % 1440 // 60:02}:{minute % 60:02}"


def _words(rng: random.Random, count: int) -> str:
    return " ".join(rng.choice(generate.WORDS) for _ in range(count)).capitalize()


def measured(bench: Bench) -> tuple[float, float, list[Row]]:
    """L(n) of the book, its processor time, and a row for each command."""
    click = bench.time([sys.executable, "-c", "import click"])
    status = bench.time(["git", "status", "--porcelain"])
    least = click.median + status.median
    for _ in range(2):  # makes the index, and leaves bytecode behind
        bench.time([*program(), "ticket", "list"], runs=1)
    rows = []
    for name, words in COMMANDS:
        asked = [*program(), *words, *([] if "--ids" in words else ["--json"])]
        found = bench.time(asked)
        rows.append(Row(name, found.median, 2.5 * least, "2.5 × L", cpu=found.cpu))
        rows.append(Row(f"{name}, memory", found.memory, 350, "350 MB", "MB"))
    return least, click.cpu + status.cpu, rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.support", description=__doc__)
    parser.add_argument("--tickets", type=int, default=TICKETS)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--keep", type=Path, help="make the book here, and leave it")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="plaincrm-bench-"))
    root = options.keep or folder / "book"
    if not root.exists():
        book(root, options.tickets)
    bench = Bench(root, options.runs, {"PLAINCRM_TODAY": f"{generate.TODAY}T10:00"})
    least, cpu, rows = measured(bench)
    cost = f"L = {least * 1000:.0f} ms, its processor time {cpu * 1000:.0f} ms"
    print(f"{options.tickets:,} tickets; {cost}; load {os.getloadavg()[0]:.1f}\n")
    print(table.rows(rows))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()

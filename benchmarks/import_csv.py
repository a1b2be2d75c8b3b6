"""How long `import` takes for a large CSV, against the floor: writing as many files and committing
them once.

    python -m benchmarks.import_csv --rows 100000

Prints both times, by the clock and of the processor, their ratios, and the most memory that the
import had; of several `--times` the one in the middle, each import beside a floor of its own, since
the disk is slower at one time than at another. The floor writes without waiting for the disk; the
import waits for all files, its journal and git's objects.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

COLUMNS = (
    "Full Name",
    "E-Mail",
    "Phone",
    "Company",
    "City",
    "Country",
    "Job Title",
    "Tags",
    "Notes",
)
GIT = ("git", "-c", "user.name=Bench", "-c", "user.email=bench@example.org", "-c", "gc.auto=0")


def processor() -> float:
    """Seconds of processor that this process and its children had."""
    found = os.times()
    return found.user + found.system + found.children_user + found.children_system


def rows(count: int) -> list[tuple[str, ...]]:
    """Contacts of one company in twenty, each with a mail address and a phone of their own."""
    return [
        (
            f"Person Number{n}",
            f"person{n}@firm{n // 20}.example",
            f"+49 30 {n:07}",
            f"Firm {n // 20} GmbH",
            ("Oslo", "Berlin", "Wien")[n % 3],
            ("NO", "DE", "AT")[n % 3],
            "Head of design",
            "newsletter",
            f"Met at the fair, stand {n % 97}.",
        )
        for n in range(count)
    ]


def written(path: Path, data: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS, *data])
    return path


def floor(folder: Path, count: int) -> tuple[float, float]:
    """Seconds, by the clock and of the processor, to write as many files in folders as a book has,
    and commit once.
    """
    subprocess.run([*GIT, "init", "-q", str(folder)], check=True)
    start, cpu = time.perf_counter(), processor()
    for n in range(count):
        place = folder / "contacts" / f"{n % 256:02x}" / f"person-number{n}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        text = (
            f"---\nname: Person Number{n}\nemail: person{n}@x.example\ncity: Oslo\n---\nMet at the"
            " fair.\n"
        )
        place.write_text(text, "utf-8")
    subprocess.run([*GIT, "add", "-A"], cwd=folder, check=True)
    subprocess.run([*GIT, "commit", "-q", "-m", "All of them"], cwd=folder, check=True)
    return time.perf_counter() - start, processor() - cpu


def imported(folder: Path, file: Path, *options: str) -> tuple[float, float, int]:
    """Seconds by the clock and of the processor, and KiB, that the program takes."""
    run = [sys.executable, "-m", "plaincrm"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run([*run, "init", str(folder)], check=True, capture_output=True, env=environment)
    start, cpu = time.perf_counter(), processor()
    subprocess.run(
        [*run, "-C", str(folder), "import", str(file), "-y", *options],
        check=True,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return time.perf_counter() - start, processor() - cpu, most


@dataclass(frozen=True)
class DuplicatePair:
    """An import and the floor beside it: seconds by the clock and of the processor, and KiB."""

    seconds: float
    cpu: float
    floor: float
    floor_cpu: float
    most: int


def measured(count: int, data: list[tuple[str, ...]]) -> DuplicatePair:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        root = Path(place)
        base, base_cpu = floor(root / "floor", count)
        seconds, cpu, most = imported(root / "book", written(root / "people.csv", data))
    return DuplicatePair(seconds, cpu, base, base_cpu, most)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=1)
    words = parser.parse_args()
    pairs = [measured(words.rows, rows(words.rows)) for _ in range(words.times)]
    clock = sorted(pairs, key=lambda pair: pair.seconds / pair.floor)[len(pairs) // 2]
    cpu = sorted(pairs, key=lambda pair: pair.cpu / pair.floor_cpu)[len(pairs) // 2]
    ratio, of_cpu = clock.seconds / clock.floor, cpu.cpu / cpu.floor_cpu
    most = max(pair.most for pair in pairs)
    print(
        f"{words.rows:,} rows by the clock: import {clock.seconds:.1f} s, floor {clock.floor:.1f}"
        f" s: {ratio:.1f} x"
    )
    print(f"of the processor: import {cpu.cpu:.1f} s, floor {cpu.floor_cpu:.1f} s: {of_cpu:.1f} x")
    print(f"most memory: {most / 1024:,.0f} MiB, {most * 1024 / words.rows:,.0f} bytes a row")


if __name__ == "__main__":
    main()

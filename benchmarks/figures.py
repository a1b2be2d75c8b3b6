"""`python -m benchmarks.figures`: the commands that add up a whole book, warm, beside L(n)."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import generate, table
from benchmarks.measure import Bench, program
from benchmarks.targets import FIGURES, Row

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000}
_DASHBOARD = 4.0  # × L: it asks a dozen questions


def rows(bench: Bench, least: float) -> Iterator[Row]:
    """A row for the time and one for the memory of each command."""
    page = str(bench.folder.parent / "dashboard.html")
    commands = [(" ".join(words), [*words, "--json"], 2.5) for words in FIGURES]
    commands.append(("dashboard FILE", ["dashboard", page], _DASHBOARD))
    for name, words, limit in commands:
        found = bench.time([*program(), *words])
        yield Row(f"{name}, warm", found.median, limit * least, f"{limit} × L", cpu=found.cpu)
        yield Row(f"{name}, memory", found.memory, 350, "350 MB", "MB")


def measured(root: Path, runs: int) -> tuple[float, float, list[Row]]:
    """L(n) of the book, its processor time, and the rows."""
    bench = Bench(root, runs, {"PLAINCRM_TODAY": generate.TODAY.isoformat()})
    for _ in range(2):  # makes the index, and leaves bytecode behind
        bench.time([*program(), "report", "customers"], runs=1)
    click = bench.time([sys.executable, "-c", "import click"])
    status = bench.time(["git", "status", "--porcelain"])
    least = click.median + status.median
    return least, click.cpu + status.cpu, list(rows(bench, least))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.figures", description=__doc__)
    parser.add_argument("--sizes", default="10k,100k", help="which of 1k, 10k and 100k records")
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    for name in options.sizes.split(","):
        with tempfile.TemporaryDirectory(prefix="plaincrm-bench-") as folder:
            root = generate.book(Path(folder) / name, SIZES[name])
            least, cpu, found = measured(root, options.runs)
            shutil.rmtree(root)
        cost = f"L = {least * 1000:.0f} ms, its processor time {cpu * 1000:.0f} ms"
        print(f"\n{SIZES[name]:,} records; {cost}; load {os.getloadavg()[0]:.1f}\n")
        print(table.rows(found), flush=True)


if __name__ == "__main__":
    main()

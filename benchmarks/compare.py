"""`python -m benchmarks.compare OTHER`: this checkout beside another one, command by command.

OTHER is the folder of a checkout, such as a `git worktree` of an older commit. Both run in the same
books, in turn, so that a busy machine slows both. A ratio above 1 means that this checkout is
slower.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import generate
from benchmarks.__main__ import SIZES
from benchmarks.measure import Bench, Timing

HERE = Path(__file__).parents[1]
COMMANDS: dict[str, Sequence[str]] = {
    "--version": ["--version"],
    "--help": ["--help"],
    "pipeline": ["pipeline", "--json"],
    "list deals stage:lead --ids": ["list", "deals", "stage:lead", "--ids"],
    "list contacts +vip": ["list", "contacts", "+vip", "--json"],
    "list contacts with a join": ["list", "contacts", "deals(is:won).value.sum>5000", "--json"],
    "today": ["today", "--json"],
    "agenda": ["agenda", "--json"],
    "find": ["find", "vineyard", "--json"],
    "show": ["show", "CONTACT", "--json"],
    "set, dry run": ["set", "CONTACT", "job=Tester", "--dry-run"],
    "first index": ["today", "--json"],
}
COLD = frozenset({"first index"})  # each run begins without a cache


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """One command in both checkouts; each figure is the median of its runs."""

    name: str
    here: Timing
    other: Timing


def main() -> None:
    options = _options()
    print(f"medians of {options.runs}; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="plaincrm-compare-") as folder:
        for name in options.sizes.split(","):
            _print(name, _measured(Path(folder), name, options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("other", type=Path, help="the other checkout")
    parser.add_argument("--sizes", default="1k,10k", help="which of 1k, 10k and 100k records")
    parser.add_argument("--runs", type=int, default=9, help="runs of each command")
    return parser.parse_args()


def _measured(folder: Path, name: str, options: argparse.Namespace) -> list[DuplicatePair]:
    benches: list[Bench] = []
    for checkout in (HERE, options.other.resolve()):
        root = folder / f"{name}-{len(benches)}"
        if benches:
            shutil.copytree(folder / f"{name}-0", root, symlinks=True)
        else:
            generate.book(root, SIZES[name])
        shutil.rmtree(root / ".git" / "plaincrm", ignore_errors=True)
        environ = {"PLAINCRM_TODAY": generate.TODAY.isoformat(), "PYTHONPATH": str(checkout)}
        benches.append(Bench(root, 1, environ))
    return [_pair(benches, command, words, options.runs) for command, words in COMMANDS.items()]


def _pair(benches: Sequence[Bench], name: str, words: Sequence[str], runs: int) -> DuplicatePair:
    timings: list[list[Timing]] = [[], []]
    contact = next((benches[0].folder / "contacts").rglob("*.md")).stem
    line = [contact if word == "CONTACT" else word for word in words]
    for _ in range(runs):
        for place, bench in enumerate(benches):
            before = partial(_clear, bench.folder) if name in COLD else None
            command = [sys.executable, "-m", "plaincrm", *line]
            timings[place].append(bench.time(command, before=before))
    return DuplicatePair(name, _median(timings[0]), _median(timings[1]))


def _clear(folder: Path, _: int) -> None:
    shutil.rmtree(folder / ".git" / "plaincrm" / "cache", ignore_errors=True)


def _median(found: Sequence[Timing]) -> Timing:
    return Timing(
        statistics.median(each.median for each in found),
        statistics.median(each.cpu for each in found),
        max(each.memory for each in found),
    )


def _print(name: str, pairs: Sequence[DuplicatePair]) -> None:
    print(f"\n### {SIZES[name]:,} records\n")
    print("| what | here | other | clock | processor |\n| --- | ---: | ---: | ---: | ---: |")
    for pair in pairs:
        clock = pair.here.median / pair.other.median
        used = pair.here.cpu / pair.other.cpu
        here, other = f"{pair.here.median * 1000:.0f} ms", f"{pair.other.median * 1000:.0f} ms"
        print(f"| {pair.name} | {here} | {other} | {clock:.2f} | {used:.2f} |")


if __name__ == "__main__":
    main()

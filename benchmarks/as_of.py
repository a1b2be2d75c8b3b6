"""`--as-of` against the cold index: a list of all deals as git has them of a day, and as they are
with no cache.

    python -m benchmarks.as_of [--records 10000] [--runs 3] [--seed 1]

The book is seeded; its one commit is dated a month back, and nothing changed since. Both sides are
whole processes; the best of some runs counts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.generate import book, git

BOUND = 2.5
DAY = "2026-10-21"
QUERIES = (
    ["list", "deals", "--count"],
    ["list", "contacts", "last_touch:2020..", "--count"],
    ["pipeline", "--json"],
)


def seconds(root: Path, words: list[str], runs: int, *, cold: bool) -> float:
    """What a command takes, the best of some runs; `cold`: each without the cache."""
    took = []
    for _ in range(runs):
        if cold:
            shutil.rmtree(root / ".git" / "plaincrm", ignore_errors=True)
        begun = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "plaincrm", *words], cwd=root, check=True, capture_output=True
        )
        took.append(time.perf_counter() - begun)
    return min(took)


def main(args: list[str] | None = None) -> None:
    """Print the comparison for some queries."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, value in (("records", 10_000), ("runs", 3), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args(args)
    os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "PLAINCRM_TODAY": "2026-11-21"}
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    with tempfile.TemporaryDirectory() as folder:
        root = book(Path(folder) / "book", given.records, seed=given.seed)
        os.environ["GIT_COMMITTER_DATE"] = f"{DAY}T12:00:00Z"
        git(root, "commit", "-q", "--amend", "--no-edit")
        print(f"{given.records} records, seed {given.seed}, best of {given.runs}")
        for words in QUERIES:
            cold = seconds(root, words, given.runs, cold=True)
            past = seconds(root, [*words, "--as-of", DAY], given.runs, cold=False)
            verdict = "ok" if past <= BOUND * cold else f"MORE THAN {BOUND:g}"
            figures = f"cold {cold:6.3f} s   --as-of {past:6.3f} s   {past / cold:5.2f} x"
            print(f"{' '.join(words):<40} {figures}   {verdict}")


if __name__ == "__main__":
    main()

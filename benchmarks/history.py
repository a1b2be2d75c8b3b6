"""`history` against plain git, in a book of many commits: one record against `git log -p --follow`
of its file, all deals against `git log --raw` of their folder.

    python -m benchmarks.history [--commits 5000] [--records 10000] [--runs 3] [--seed 1]

The book is seeded; its commits are made by `git fast-import`, one record each, now and then a
rename. Both sides are whole processes, their output thrown away; the best of some runs counts.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.generate import SETTINGS, STAGES, records

FOLLOWED = 60  # commits in which the one record changes
BOUND = 3.0  # × git log
INSTANT = 0.15  # seconds that are never too many


def book(root: Path, commits: int, size: int, seed: int) -> tuple[Path, str]:
    """A book of `size` records and `commits` commits; and the path of the deal that changed
    most.
    """
    root.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=root, check=True)
    files = dict(records(size, seed, flat=False))
    one = sorted(path for path in files if path.startswith("deals/"))[0]
    stream = b"".join(_stream(files, one, commits, random.Random(seed)))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, check=True, input=stream)
    for words in (["reset", "-q", "--hard", "main"], ["gc", "-q"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    return root, one


def _stream(files: dict[str, str], one: str, commits: int, rng: random.Random) -> Iterator[bytes]:
    start = int(datetime(2022, 1, 1, tzinfo=UTC).timestamp())
    yield _head(start, "The book") + _file("plaincrm.yaml", SETTINGS)
    yield from (_file(path, text) for path, text in files.items())
    paths = sorted(files)
    for number in range(1, commits):
        path = one if number % (commits // FOLLOWED) == 0 else rng.choice(paths)
        files[path] = _changed(files[path], rng)
        yield _head(start + number * 25_000, f"Change {path}") + _file(path, files[path])


def _changed(text: str, rng: random.Random) -> str:
    """The text with another stage or status, or with one more entry in its log."""
    if rng.random() < 0.3:
        return re.sub(r"(?m)^(stage|status): \w+", rf"\1: {rng.choice(STAGES)}", text, count=1)
    end = "" if text.endswith("\n") else "\n"
    log = "" if "## Log" in text else "\n## Log\n"
    return (
        f"{text}{end}{log}- 2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02} call:"
        f" {rng.random()}\n"
    )


def _head(at: int, message: str) -> bytes:
    said = message.encode()
    return b"commit refs/heads/main\ncommitter Bench <b@example.org> %d +0100\ndata %d\n%s\n" % (
        at,
        len(said),
        said,
    )


def _file(path: str, text: str) -> bytes:
    data = text.encode()
    return b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(data), data)


def best(root: Path, words: list[str], runs: int) -> float:
    """Seconds that a command takes, the best of some runs."""
    took = []
    for _ in range(runs):
        begun = time.perf_counter()
        subprocess.run(
            words, cwd=root, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        took.append(time.perf_counter() - begun)
    return min(took)


def main(args: list[str] | None = None) -> None:
    """Print both comparisons."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, value in (("commits", 5000), ("records", 10_000), ("runs", 3), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args(args)
    os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
    crm = [sys.executable, "-m", "plaincrm"]
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    with tempfile.TemporaryDirectory() as folder:
        root, one = book(Path(folder) / "book", given.commits, given.records, given.seed)
        print(
            f"{given.commits} commits, {given.records} records, seed {given.seed}, best of"
            f" {given.runs}"
        )
        subprocess.run(
            [*crm, "list", "deals", "--count"], cwd=root, check=True, stdout=subprocess.DEVNULL
        )
        for what, ours, theirs in (
            (
                "one record",
                ["history", f"deal/{Path(one).stem}"],
                ["log", "-p", "--follow", "--", one],
            ),
            ("all deals", ["history", "deals"], ["log", "--raw", "--", "deals"]),
        ):
            mine, gits = (
                best(root, [*crm, *ours], given.runs),
                best(root, ["git", *theirs], given.runs),
            )
            verdict = "ok" if mine <= max(BOUND * gits, INSTANT) else f"MORE THAN {BOUND:g}"
            figures = (
                f"plaincrm {mine:6.3f} s   git log {theirs[1]:<6} {gits:6.3f} s  "
                f" {mine / gits:5.2f} x"
            )
            print(f"{what:<12} {figures}   {verdict}")


if __name__ == "__main__":
    main()

"""`python -m benchmarks.storm`: the long run of the sync's storm, in rounds with seeds of their
own.

Each round has clones of one book and a bare hub: writes by the program and by hand, renames,
deletions, partial syncs, syncs that are killed, plain `git pull` with the merge driver and without.
The world is in it: editors that save by rename and by truncation, also while a sync runs, copies
and leftovers of other programs, stray files, branches, a shallow clone, links, modes, clocks of
other zones. It fails on a word lost, and on a word or a path that went out and is none of the
book's.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.book.storm_world import StormInTheWorld


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storm", description=__doc__)
    parser.add_argument("--writes", type=int, default=10_000, help="writes in all")
    parser.add_argument("--round", type=int, default=250, help="writes of a round")
    parser.add_argument("--clones", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1, help="the first round's; each has the next")
    options = parser.parse_args()
    root = str(Path(__file__).parents[1])
    os.environ.update(
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_CONFIG_NOSYSTEM="1",
        EMAIL="storm@example.org",
        PYTHONPATH=root,
    )
    start, failed = time.perf_counter(), 0
    for seed in range(options.seed, options.seed + -(-options.writes // options.round)):
        with tempfile.TemporaryDirectory(prefix="plaincrm-storm-") as folder:
            failed += not calm_after(Path(folder), seed, options)
    print(f"{options.writes} writes, {failed} rounds failed, {time.perf_counter() - start:.0f} s")
    return min(failed, 1)


def calm_after(folder: Path, seed: int, options: argparse.Namespace) -> bool:
    program = folder / "bin" / "plaincrm"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m plaincrm "$@"\n')
    program.chmod(0o755)
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{program.parent}:{path}"
    storm = StormInTheWorld(folder, seed, options.clones)
    try:
        storm.run(options.round)
        storm.calm()
    finally:
        os.environ["PATH"] = path
    lost = storm.missing()
    wrong = {
        "trees": len(storm.trees()) - 1,
        "unclean": storm.unclean(),
        "broken": storm.broken(),
        "lost": lost,
        "leaked": storm.leaked(),
    }
    found = {name: value for name, value in wrong.items() if value}
    merges = storm.git_out(storm.places[0], "rev-list", "--merges", "--count", "HEAD")
    contested = sum("_conflicts" in text for text in storm.texts().values())
    said = (
        f"{storm.count} writes, {merges} merges, {contested} records contested,"
        f" {storm.branches} branches, {len(storm.secrets)} strays"
    )
    print(f"seed {seed}: {said}: {found or 'sound'}", flush=True)
    return not found


if __name__ == "__main__":
    sys.exit(main())

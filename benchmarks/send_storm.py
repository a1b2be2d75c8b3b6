"""`python -m benchmarks.send_storm`: the sender killed at each point, under servers that fail.

Every kill with every server, then pairs by chance, at least 500 runs. Copies are counted by message
id and recipient on the server's side. It fails on the first mail that somebody has twice, that is
lost, or whose doubt is not named.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from tests.transport.send_storm import SendStorm, StormRun, chosen


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.send_storm", description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.update(
        GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1", PLAINCRM_TODAY="2026-11-21"
    )
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="plaincrm-send-") as folder:
        storm = SendStorm(Path(folder))
        runs = [storm.run(*each) for each in chosen(options.runs, options.seed)]
    wrong = [each for each in runs if each.faults]
    for each in wrong:
        print(_told(each))
    doubts = sum(each.doubts for each in runs)
    kills = sum(bool(each.kill) for each in runs)
    print(
        f"{len(runs)} runs, {3 * len(runs)} mails to {5 * len(runs)} people, {kills} kills:"
        f" {len(wrong)} runs with a double or a loss, {doubts} mails in doubt, each named;"
        f" {time.perf_counter() - start:.0f} s"
    )
    return 1 if wrong else 0


def _told(run: StormRun) -> str:
    return f"server {run.server}, killed {run.kill or 'never'}: {'; '.join(run.faults)}"


if __name__ == "__main__":
    raise SystemExit(main())

"""How long from a save to the redrawn view, in a book of 10,000 records: `plaincrm watch`, 95th
percentile.

    python -m benchmarks.watch [SIZE] [SAVES]

Saves in turn in place, by rename, and with a backup; the clock starts before the save and stops
when the view has been read from the pipe, all of it. 150 ms are the aim.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from benchmarks.generate import TODAY, book
from benchmarks.measure import program

VIEWS = (["pipeline"], ["today"], ["list", "deals", "is:open"])
ENOUGH = 30.0  # seconds after which a view that does not come is given up


def in_place(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def by_rename(path: Path, data: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(data)
    fresh.replace(path)


def with_backup(path: Path, data: bytes) -> None:
    path.rename(f"{path}~")
    path.write_bytes(data)
    Path(f"{path}~").unlink()


SAVES: tuple[Callable[[Path, bytes], None], ...] = (in_place, by_rename, with_backup)


def until(out: IO[bytes], sign: bytes) -> None:
    """Read on until `sign` has come and nothing more is there to be read."""
    seen, end = b"", time.monotonic() + ENOUGH
    while sign not in seen or select.select([out], [], [], 0)[0]:
        if not select.select([out], [], [], max(end - time.monotonic(), 0))[0]:
            raise RuntimeError(f"no view with {sign.decode()} after {ENOUGH} s")
        chunk = os.read(out.fileno(), 1 << 20)
        if not chunk:
            raise RuntimeError("watch has ended")
        seen += chunk


def measured(root: Path, words: Sequence[str], saves: int) -> list[float]:
    """Milliseconds of each save. A deal due long since, of a name and a value of its own, shows in
    every view.
    """
    path = root / "deals" / "the-deal-watched.md"
    path.write_bytes(_deal(0))
    environ = {**os.environ, "PLAINCRM_TODAY": TODAY.isoformat(), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [*program(), "watch", *words],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environ,
    )
    assert process.stdout is not None
    try:
        until(process.stdout, _sign(words[0], 0))
        return [_save(process.stdout, path, n, _sign(words[0], n)) for n in range(1, saves + 1)]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(ENOUGH)
        process.stdout.close()
        path.unlink()


def _save(out: IO[bytes], path: Path, n: int, sign: bytes) -> float:
    time.sleep(0.02 + n % 7 / 20)  # at any moment of what watch does between saves
    start = time.perf_counter()
    SAVES[n % len(SAVES)](path, _deal(n))
    until(out, sign)
    return (time.perf_counter() - start) * 1000


def _sign(view: str, n: int) -> bytes:
    """What shows that the view has seen save `n`."""
    return (f"The watched deal {n} " if view == "today" else f"7,{n:03},000").encode()


def _deal(n: int) -> bytes:
    """A deal in a stage and a currency that it has for itself, so that its value is a total too."""
    return f"""---
name: The watched deal {n} here
stage: proposal
value: 7{n:03}000 CHF
close_date: 2026-01-01
created: 2025-01-01
---
{time.perf_counter_ns()}
""".encode()


def main(size: int = 10_000, saves: int = 100) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = book(Path(folder) / "book", size)
        print(
            f"{size:,} records, {saves} saves a view, on {sys.platform} with {os.cpu_count()}"
            " cores; milliseconds"
        )
        print(f"{'VIEW':<22}{'MEDIAN':>8}{'95 %':>8}{'MOST':>8}")
        for words in VIEWS:
            times = sorted(measured(root, words, saves))
            at95 = times[max(-(-len(times) * 95 // 100) - 1, 0)]
            print(
                f"{' '.join(words):<22}{times[len(times) // 2]:>8.0f}{at95:>8.0f}{times[-1]:>8.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))

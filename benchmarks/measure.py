"""Timing one command: wall clock, median of several runs, and the most memory it took."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from resource import struct_rusage

SLOW = 10.0  # seconds from which nobody waits for a second run


@dataclass(frozen=True, slots=True)
class Timing:
    """Median seconds, median seconds of processor time, and the peak of memory in MiB."""

    median: float
    cpu: float
    memory: float


class Bench:
    """Runs commands in one folder, all in the same environment."""

    def __init__(self, folder: Path, runs: int, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self.runs = runs
        self.environ = {**os.environ, **environ}
        self.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode

    def time(
        self,
        words: Sequence[str | Path],
        before: Callable[[int], object] | None = None,
        environ: Mapping[str, str] | None = None,
        runs: int = 0,
    ) -> Timing:
        """Median of the runs after one to warm up, which counts alone where it takes longer than
        `SLOW`; `before(n)` prepares each run, untimed."""
        times, cpu, memory = [], [], 0
        for n in range(-1, runs or self.runs):
            if before:
                before(n)
            seconds, used = self._run([str(word) for word in words], environ or {})
            if n >= 0 or seconds > SLOW:
                times.append(seconds)
                cpu.append(used.ru_utime + used.ru_stime)
                memory = max(memory, used.ru_maxrss)
            if seconds > SLOW:
                break
        return Timing(statistics.median(times), statistics.median(cpu), memory / 1024)

    def _run(self, words: list[str], environ: Mapping[str, str]) -> tuple[float, struct_rusage]:
        start = time.perf_counter()
        process = subprocess.Popen(
            words,
            cwd=self.folder,
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}")
        return time.perf_counter() - start, usage

    def output(self, words: Sequence[str | Path]) -> str:
        done = subprocess.run(
            [str(word) for word in words],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


def program() -> list[str]:
    """plaincrm as a user starts it."""
    script = Path(sys.executable).with_name("plaincrm")
    return [str(script)] if script.exists() else [sys.executable, "-m", "plaincrm"]

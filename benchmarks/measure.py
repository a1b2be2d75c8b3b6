"""Timing commands: wall clock, processor time of the whole process tree, and the most memory."""

from __future__ import annotations

import fcntl
import os
import resource
import statistics
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

SLOW = 10.0  # seconds from which nobody waits for a second run


@dataclass(frozen=True, slots=True)
class Timing:
    """Median seconds, median seconds of processor time of the process and of all that it started,
    and the peak of memory in MiB.
    """

    median: float
    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds by the clock, of the processor, and the peak of memory in KiB."""

    seconds: float
    cpu: float
    memory: int


@dataclass(frozen=True, slots=True)
class Command:
    """Words, what its environment has beyond that of the others, and whether it writes to a
    terminal of 24 lines, as for a person, and not to nowhere.
    """

    words: Sequence[str | Path]
    environ: Mapping[str, str] | None = None
    screen: bool = False


def median(runs: Sequence[Run]) -> Timing:
    return Timing(
        statistics.median(run.seconds for run in runs),
        statistics.median(run.cpu for run in runs),
        max(run.memory for run in runs) / 1024,
    )


@contextmanager
def _terminal() -> Iterator[int]:
    """The other end of a terminal of 24 lines, from which everything is read away."""
    reading, writing = os.openpty()
    fcntl.ioctl(writing, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    reader = threading.Thread(target=_drained, args=(reading,), daemon=True)
    reader.start()
    try:
        yield writing
    finally:
        os.close(writing)
        reader.join()
        os.close(reading)


def _drained(handle: int) -> None:
    with suppress(OSError):  # how Linux says that the other end is closed
        while os.read(handle, 1 << 16):
            pass


def adopt_orphans() -> None:
    """What a command leaves running becomes a child of this process, and its processor time is
    counted too. Linux only; elsewhere the command itself has to wait for its children.
    """
    if sys.platform == "linux":
        import ctypes

        set_child_subreaper = 36  # <linux/prctl.h>
        ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


def children() -> float:
    """Seconds of processor that all children have had that have ended; those that outlived their
    parent are waited for.
    """
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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
        found: list[Run] = []
        for n in range(-1, runs or self.runs):
            if before:
                before(n)
            run = self.run(words, environ)
            if n >= 0 or run.seconds > SLOW:
                found.append(run)
            if run.seconds > SLOW:
                break
        return median(found)

    def together(self, commands: Mapping[str, Command]) -> dict[str, Timing]:
        """All commands in turn, round after round, so that what else the machine does slows all
        alike; the first round warms up.
        """
        found: dict[str, list[Run]] = {name: [] for name in commands}
        for n in range(-1, self.runs):
            for name, command in commands.items():
                run = self.run(command.words, command.environ, screen=command.screen)
                if n >= 0:
                    found[name].append(run)
        return {name: median(runs) for name, runs in found.items()}

    def run(
        self,
        words: Sequence[str | Path],
        environ: Mapping[str, str] | None = None,
        *,
        screen: bool = False,
    ) -> Run:
        """One run, its output thrown away."""
        cpu, start = children(), time.perf_counter()
        with _terminal() if screen else nullcontext(subprocess.DEVNULL) as out:
            process = subprocess.Popen(
                [str(word) for word in words],
                cwd=self.folder,
                env={**self.environ, **(environ or {})},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.DEVNULL,
            )
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            said = " ".join(map(str, words))
            raise RuntimeError(f"{said} ended with {process.returncode}")
        return Run(seconds, children() - cpu, usage.ru_maxrss)

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

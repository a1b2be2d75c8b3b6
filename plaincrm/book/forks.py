"""One function of many things, worked out on every core: copies of this process take a share each.

Only for pure functions whose answers marshal takes. A copy that dies, or a system that gives none, costs time and
nothing else: whatever has not come back is worked out here.
"""

from __future__ import annotations

import marshal
import os
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")
_MOST = 8  # processes


def mapped(act: Callable[[T], Any], things: Sequence[T], least: int) -> list[Any]:
    """What `act` makes of each thing, in order; `least` things are worth a process of their own."""
    count = min(_cores(), _MOST, len(things) // least)
    if count < 2 or threading.active_count() > 1:  # a fork of threads could copy a lock that nobody frees
        return [act(thing) for thing in things]
    shares = [things[first::count] for first in range(count)]
    begun = [_begin(act, share) for share in shares[1:]]
    answers: list[Any] = [None] * len(things)
    try:
        answers[::count] = [act(thing) for thing in shares[0]]
        for number, copy in enumerate(begun, 1):
            answers[number::count] = _answers(copy) or [act(thing) for thing in shares[number]]
    finally:
        for copy in begun:
            _end(copy)
    return answers


def _cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin(act: Callable[[T], Any], share: Sequence[T]) -> tuple[int, int] | None:
    """(process, the pipe that it answers by); None where the system has no more."""
    reading, writing = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
    if process:
        os.close(writing)
        return process, reading
    with suppress(BaseException), open(writing, "wb") as stream:  # nothing of the copy may get any further than here
        stream.write(marshal.dumps([act(thing) for thing in share]))
    os._exit(0)


def _answers(copy: tuple[int, int] | None) -> list[Any] | None:
    if copy is None:
        return None
    with open(copy[1], "rb", closefd=False) as stream, suppress(EOFError, ValueError, TypeError):
        return list(marshal.load(stream))
    return None


def _end(copy: tuple[int, int] | None) -> None:
    if copy is not None:
        os.close(copy[1])
        with suppress(OSError):  # one that is still at work does it for nobody
            os.kill(copy[0], signal.SIGKILL)
            os.waitpid(copy[0], 0)

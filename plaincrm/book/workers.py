"""One function of many things, worked out on every core: copies of this process take a share each.

Only for pure functions whose answers marshal takes. A copy that dies, or a system that gives none,
costs time and nothing else: whatever has not come back is worked out here.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")
Copy = tuple[int, int]  # a process, and the pipe that it answers by
_MOST = 8  # processes


def mapped(act: Callable[[T], Any], things: Sequence[T], least: int) -> list[Any]:
    """What `act` makes of each thing, in order; `least` things are worth a process of their own."""
    import threading

    count = min(_cores(), _MOST, len(things) // least)
    if (
        count < 2 or threading.active_count() > 1
    ):  # a fork of threads could copy a lock that nobody frees
        return [act(thing) for thing in things]
    shares = [things[first::count] for first in range(count)]
    begun = [begin(act, share) for share in shares[1:]]
    answers: list[Any] = [None] * len(things)
    try:
        answers[::count] = [act(thing) for thing in shares[0]]
        for number, copy in enumerate(begun, 1):
            answers[number::count] = answers_of(copy) or [act(thing) for thing in shares[number]]
    finally:
        for copy in begun:
            end(copy)
    return answers


def _cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def begin(act: Callable[[T], Any], share: Sequence[T]) -> Copy | None:
    """A copy of this process that answers for each thing of its share; None where the system has no
    more.

    It has no standard streams: who waits for ours to close must not wait for it.
    """
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
    with suppress(BaseException):  # nothing of the copy may get any further than here
        for handle in (0, 1, 2, reading):
            with suppress(OSError):
                os.close(handle)
        with open(writing, "wb") as stream:
            stream.write(marshal.dumps([act(thing) for thing in share]))
    os._exit(0)


def answers_of(copy: Copy | None) -> list[Any] | None:
    """Waits for the answers; None where the copy could not give them all."""
    if copy is None:
        return None
    with open(copy[1], "rb", closefd=False) as stream, suppress(EOFError, ValueError, TypeError):
        return list(marshal.load(stream))
    return None


def end(copy: Copy | None) -> None:
    """Lets go of a copy, at work or not."""
    if copy is not None:
        os.close(copy[1])
        with suppress(OSError):  # one that is still at work does it for nobody
            os.kill(copy[0], 9)
            os.waitpid(copy[0], 0)

"""Work in shares: the answers are those of one process, whatever becomes of the others."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from plaincrm.book import workers

THINGS = range(37)


@pytest.fixture(autouse=True)
def four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_cores", lambda: 4)


def only_in_copies(act: Callable[[], Any]) -> Callable[[int], int]:
    """Squares; a copy of this process does `act` when it comes to the number 10."""
    here = os.getpid()

    def square(n: int) -> int:
        if n == 10 and os.getpid() != here:
            act()
        return n * n

    return square


def boom() -> None:
    raise ValueError("boom")


@pytest.mark.parametrize(
    "act",
    [
        lambda: None,
        boom,
        lambda: os._exit(3),
        lambda: os.kill(os.getpid(), signal.SIGKILL),
        sys.exit,
    ],
    ids=["all is well", "raises", "exits", "is killed", "ends"],
)
def test_the_answers_are_those_of_one_process(act: Callable[[], Any]) -> None:
    assert workers.mapped(only_in_copies(act), THINGS, 1) == [n * n for n in THINGS]


def test_what_marshal_refuses_is_worked_out_here() -> None:
    assert [type(each) for each in workers.mapped(lambda _: object(), THINGS, 1)] == [object] * len(
        THINGS
    )


def test_an_error_comes_out_as_it_would_without_copies() -> None:
    def refuse(n: int) -> int:
        if n == 10:
            raise ValueError("ten")
        return n

    with pytest.raises(ValueError, match="ten"):
        workers.mapped(refuse, THINGS, 1)
    with pytest.raises(ChildProcessError):  # no copy is left
        os.waitpid(-1, os.WNOHANG)


def test_shares_go_to_other_processes_where_they_are_worth_it() -> None:
    def process(_: int) -> int:
        return os.getpid()

    assert len(set(workers.mapped(process, THINGS, 1))) == 4
    assert len(set(workers.mapped(process, THINGS, 12))) == 3
    assert set(workers.mapped(process, THINGS, 30)) == {os.getpid()}


def test_a_process_with_threads_is_not_copied() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert set(workers.mapped(lambda _: os.getpid(), THINGS, 1)) == {os.getpid()}
    finally:
        stop.set()
        thread.join()


def test_without_more_processes_one_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", none)
    assert workers.mapped(only_in_copies(boom), THINGS, 1) == [n * n for n in THINGS]

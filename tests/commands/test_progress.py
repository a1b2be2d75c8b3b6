from __future__ import annotations

import io

import pytest

from plaincrm.commands import _progress


def test_the_line_appears_after_a_while_and_is_gone_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen, clock = io.StringIO(), iter([0.0, 0.5, 2.0])
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setattr(_progress.time, "monotonic", lambda: next(clock))
    tell = _progress.on_terminal()
    tell("deals", 0, 2000)
    assert screen.getvalue() == ""
    tell("deals", 1024, 2000)
    assert screen.getvalue().endswith("reading deals: 1,024 of 2,000")
    tell("deals", 2000, 2000)
    assert screen.getvalue().endswith("\r\033[K")


def test_what_is_quick_is_not_talked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr("sys.stderr", screen)
    tell = _progress.on_terminal()
    tell("deals", 0, 10)
    tell("deals", 10, 10)
    assert screen.getvalue() == ""

"""A view on a screen that is drawn again and again."""

from __future__ import annotations

import pytest

from plaincrm.views.redraw import drawn


@pytest.fixture(autouse=True)
def six_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", "6")
    monkeypatch.setenv("COLUMNS", "40")


def test_all_is_cleared_the_first_time_only() -> None:
    assert (
        drawn("one\ntwo\n", "foot", first=True)
        == "\033[2J\033[Hone\033[K\ntwo\033[K\nfoot\033[K\n\033[J"
    )
    assert drawn("one\n", "foot", first=False) == "\033[Hone\033[K\nfoot\033[K\n\033[J"


def test_what_does_not_fit_is_counted() -> None:
    lines = drawn("a\nb\nc\nd\ne\n", "foot", first=False).replace("\033[K", "").splitlines()
    assert [line.removeprefix("\033[H") for line in lines[:-1]] == [
        "a",
        "b",
        "c",
        "… 2 more lines",
        "foot",
    ]


def test_what_just_fits_is_shown_whole() -> None:
    assert "more lines" not in drawn("a\nb\nc\nd\n", "foot", first=False)

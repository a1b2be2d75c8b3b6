"""The trace that counts the modules which a command enters."""

from __future__ import annotations

import pytest

from tests.rooms import main


def test_a_trip_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list"])
    _, _, row = capsys.readouterr().out.splitlines()
    word, *figures = [cell.strip().replace(",", "") for cell in row.strip("|").split("|")]
    rooms, arrows, calls, functions, imported = map(int, figures)
    assert word == "`list`"
    assert 20 < rooms < imported
    assert rooms < arrows < calls
    assert rooms < functions

"""Three clones in a storm of writes lose nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from plaincrm.book.git import merge_driver
from tests.book.storm import Storm


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_storm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "plaincrm"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m plaincrm "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    monkeypatch.setenv("PYTHONPATH", str(Path(merge_driver.__file__).parents[3]))
    storm = Storm(tmp_path, seed)
    storm.run(110)
    storm.calm()
    assert len(storm.trees()) == 1
    assert storm.unclean() == []
    assert storm.broken() == []
    assert storm.missing() == set(), storm.log

"""Clones in a storm of writes lose nothing, and give nothing away."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from plaincrm.book.git import merge_driver
from tests.book.storm import Storm
from tests.book.storm_world import StormInTheWorld
from tests.conftest import git


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The program, where git and the storm find it; and this machine's zone back in the end."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "plaincrm"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m plaincrm "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
    monkeypatch.setenv("PYTHONPATH", str(Path(merge_driver.__file__).parents[3]))
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "UTC")
        yield
    time.tzset()


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.usefixtures("program")
def test_a_storm(tmp_path: Path, seed: int) -> None:
    storm = Storm(tmp_path, seed)
    storm.run(110)
    storm.calm()
    sound(storm)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.usefixtures("program")
def test_a_storm_with_the_world_in_it(tmp_path: Path, seed: int) -> None:
    storm = StormInTheWorld(tmp_path, seed)
    storm.run(110)
    storm.calm()
    sound(storm)
    assert storm.secrets
    assert storm.leaked() == []


@pytest.mark.usefixtures("program")
def test_the_storm_tells_of_what_went_out(tmp_path: Path) -> None:
    storm = StormInTheWorld(tmp_path, 1, clones=1)
    place = storm.places[0]
    while not (place / "contacts" / "draft.txt").exists():
        storm.litter(place)
    git(place, "add", "contacts/draft.txt")
    git(place, "commit", "-q", "-m", "Given away")
    git(place, "push", "-q", "origin", "main")
    word = (place / "contacts" / "draft.txt").read_text().split()[-1]
    assert storm.leaked() == ["contacts/draft.txt", word]


def sound(storm: Storm) -> None:
    assert len(storm.trees()) == 1
    assert storm.unclean() == []
    assert storm.broken() == []
    assert storm.missing() == set(), storm.log

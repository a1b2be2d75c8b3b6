"""New files for their owner only, never over one that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.book.new_file import write_new
from plaincrm.errors import PlaincrmError


def test_it_is_written_whole_for_its_owner_only(tmp_path: Path) -> None:
    write_new(tmp_path / "new" / "x.mbox", b"words")
    assert (tmp_path / "new" / "x.mbox").read_bytes() == b"words"
    assert (tmp_path / "new" / "x.mbox").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "make", [lambda p: p.write_bytes(b"mine"), lambda p: p.symlink_to("nowhere"), Path.mkdir]
)
def test_nothing_that_is_there_is_touched(tmp_path: Path, make: object) -> None:
    path = tmp_path / "x"
    make(path)  # type: ignore[operator]
    before = path.lstat()
    with pytest.raises(PlaincrmError):
        write_new(path, b"words")
    assert path.lstat() == before

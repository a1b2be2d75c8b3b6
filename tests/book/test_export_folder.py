"""A folder that plaincrm fills: only its own files are ever replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.book.export_folder import LIST, FolderWritten, write_folder
from plaincrm.errors import Refused


def test_it_writes_what_is_new_and_takes_away_what_is_no_longer_needed(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert write_folder(folder, {"a.html": b"1", "b/c.html": b"2"}) == FolderWritten(2, 0, 0)
    assert write_folder(folder, {"a.html": b"1", "d.html": b"3"}) == FolderWritten(1, 1, 1)
    assert (folder / "a.html").read_bytes() == b"1"
    assert not (folder / "b" / "c.html").exists()


@pytest.mark.parametrize("listed", [False, True])
def test_a_file_of_somebody_else_stops_it_before_anything_is_written(
    tmp_path: Path, listed: bool
) -> None:
    folder = tmp_path / "out"
    if listed:
        write_folder(folder, {"z.html": b"ours"})
    folder.mkdir(exist_ok=True)
    (folder / "z.html").write_bytes(b"changed by hand")
    with pytest.raises(Refused, match=r"z\.html was not written by plaincrm"):
        write_folder(folder, {"a.html": b"1", "z.html": b"2"})
    assert (folder / "z.html").read_bytes() == b"changed by hand"
    assert not (folder / "a.html").exists()


def test_a_changed_file_that_is_no_longer_needed_stays(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a.html": b"1"})
    (tmp_path / "a.html").write_bytes(b"by hand")
    with pytest.raises(Refused):
        write_folder(tmp_path, {})
    assert (tmp_path / "a.html").read_bytes() == b"by hand"


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "CNAME").write_text("help.studio.example")
    write_folder(tmp_path, {"a.html": b"1"})
    write_folder(tmp_path, {})
    assert (tmp_path / "CNAME").exists() and not (tmp_path / "a.html").exists()


def test_no_link_is_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "articles").symlink_to(elsewhere)
    with pytest.raises(Refused, match="symbolic link"):
        write_folder(folder, {"articles/a.html": b"1"})
    assert list(elsewhere.iterdir()) == []


def test_a_list_can_not_name_a_file_outside(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"")
    folder = tmp_path / "out"
    folder.mkdir()
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    (folder / LIST).write_text(f"{empty}  ../victim\n{empty}  {victim}\n")
    write_folder(folder, {"a.html": b"1"})
    assert victim.exists()

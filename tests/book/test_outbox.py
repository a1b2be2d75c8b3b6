from __future__ import annotations

import stat
from pathlib import Path

import pytest

from plaincrm.book.outbox import Outbox, file_name, handles
from plaincrm.errors import Conflict, NotFound


def test_a_missing_folder_is_empty(tmp_path: Path) -> None:
    assert Outbox(tmp_path).list() == ()


def test_written_mails_are_private_and_never_overwrite(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    name = file_name("2026-11-22", "ada-lovelace", "follow-up")
    first, second = outbox.write(name, b"one"), outbox.write(name, b"two")
    assert first.name == "2026-11-22-ada-lovelace-follow-up.eml"
    assert second.name == "2026-11-22-ada-lovelace-follow-up-2.eml"
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
    assert {stat.S_IMODE(path.stat().st_mode) for path in (first, second)} == {0o600}
    assert {path.name for path in outbox.folder.iterdir()} == {first.name, second.name}


def test_a_name_never_leaves_the_folder(tmp_path: Path) -> None:
    path = Outbox(tmp_path).write("../../etc/passwd", b"x")
    assert path == tmp_path / "outbox" / "etc-passwd.eml"


def test_found_by_handle_name_and_path(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.write("a.eml", b"x")
    (waiting,) = outbox.list()
    assert all(
        outbox.find(word) == waiting for word in (waiting.handle, "a", "a.eml", "outbox/a.eml")
    )
    with pytest.raises(NotFound):
        outbox.find("b")


def test_sent_mail_moves_and_keeps_its_words(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.write("a.eml", b"words")
    kept = outbox.mark_sent(outbox.find("a"))
    assert kept.read_bytes() == b"words"
    assert outbox.list() == () and [one.name for one in outbox.sent()] == ["a.eml"]


def test_drop_deletes_mails_of_the_outbox_only(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.write("a.eml", b"x")
    kept = outbox.mark_sent(outbox.find("a"))
    with pytest.raises(Conflict):
        outbox.drop(outbox.sent()[0])
    assert kept.exists()
    outbox.write("b.eml", b"x")
    outbox.drop(outbox.find("b"))
    assert outbox.list() == ()


def test_links_and_other_files_are_not_mails(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    outbox.folder.mkdir()
    (tmp_path / "secret").write_text("x")
    (outbox.folder / "link.eml").symlink_to(tmp_path / "secret")
    (outbox.folder / "note.txt").write_text("x")
    (outbox.folder / ".hidden.eml").write_text("x")
    assert outbox.list() == ()


def test_handles_tell_all_names_apart() -> None:
    names = [f"2026-{n}.eml" for n in range(3000)]
    assert len(set(handles(names))) == 3000
    assert all(len(one) >= 4 for one in handles(names))

"""`plaincrm edit`: a copy in the editor, checked, then swapped in."""

from __future__ import annotations

from pathlib import Path

import pytest

from plaincrm.commands import _editor
from tests.commands.writes import changed_lines, clean, commits, editing, read, subject, touched
from tests.conftest import Crm

DEAL = "deals/fjord-website-2027.md"


@pytest.fixture(autouse=True)
def drafts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder for temporary files, empty at first."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def kept(drafts: Path) -> list[Path]:
    return list(drafts.rglob("*.md"))


def test_the_edited_text_is_one_commit_and_the_copy_goes(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, drafts: Path
) -> None:
    editing(monkeypatch, tmp_path, "sed -i 's/^job: .*/job: Boss/' \"$1\"")
    assert crm("edit", "kari-berg").code == 0
    assert changed_lines(studio) == ["-job: Accounts", "+job: Boss"]
    assert subject(studio) == "Edit contact/kari-berg: job"
    assert touched(studio) == ["contacts/kari-berg.md"]
    assert kept(drafts) == []


def test_unchanged_is_said(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, drafts: Path
) -> None:
    before = commits(studio)
    editing(monkeypatch, tmp_path, "true")
    monkeypatch.setattr(_editor, "AT_ONCE", 0.0)
    ran = crm("edit", "kari-berg")
    assert (ran.code, ran.err.strip()) == (0, "nothing to change")
    assert (commits(studio), kept(drafts)) == (before, [])


def test_a_stage_changed_by_hand_gets_its_entry(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editing(monkeypatch, tmp_path, "sed -i 's/^stage: .*/stage: won/' \"$1\"")
    assert crm("edit", "fjord-website-2027").code == 0
    assert set(changed_lines(studio)) == {
        "-stage: proposal",
        "+stage: won",
        "+closed: 2026-11-21",
        "+- 2026-11-21 12:00 stage: proposal -> won",
    }


def test_an_entry_written_by_hand_is_not_written_twice(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = (
        "sed -i 's/^stage: .*/stage: lead/' \"$1\"; echo '- 2026-11-20 stage: proposal -> lead' >>"
        ' "$1"'
    )
    editing(monkeypatch, tmp_path, script)
    assert crm("edit", "fjord-website-2027").code == 0
    assert read(studio, DEAL).count("proposal -> lead") == 1


def test_a_problem_writes_nothing_and_keeps_the_text(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, drafts: Path
) -> None:
    editing(
        monkeypatch,
        tmp_path,
        "sed -i 's/^stage: .*/stage: propsal/' \"$1\"; echo 'Long words' >> \"$1\"",
    )
    ran = crm("edit", "fjord-website-2027")
    assert ran.code == 5
    assert f"{DEAL}:5:8: error:" in ran.err
    assert str(kept(drafts)[0]) in ran.err
    assert "Long words" in kept(drafts)[0].read_text()
    assert clean(studio)


def test_what_was_wrong_before_may_stay_wrong(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editing(monkeypatch, tmp_path, "echo 'A new line' >> \"$1\"")
    assert crm("edit", "tomasz-wrona").code == 0
    assert read(studio, "contacts/tomasz-wrona.md").endswith("A new line\n")


def test_a_file_that_changes_meanwhile_is_a_conflict(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, drafts: Path
) -> None:
    theirs = f"{studio}/contacts/kari-berg.md"
    script = f"sed -i 's/^job:.*/job: Mine/' \"$1\"; sed -i 's/^job:.*/job: Theirs/' '{theirs}'"
    editing(monkeypatch, tmp_path, script)
    ran = crm("edit", "kari-berg")
    assert ran.code == 6
    assert "job: Theirs\n" in read(studio, "contacts/kari-berg.md")
    assert "job: Mine\n" in kept(drafts)[0].read_text()


def test_an_editor_that_fails(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, drafts: Path
) -> None:
    editing(monkeypatch, tmp_path, "echo 'Mine' >> \"$1\"; exit 3")
    assert crm("edit", "kari-berg").code == 1
    assert kept(drafts)[0].read_text().endswith("Mine\n")
    monkeypatch.setenv("VISUAL", "no-such-editor --wait")
    ran = crm("edit", "kari-berg")
    assert ran.code == 1
    assert "no-such-editor" in ran.err
    assert clean(studio)


def test_windows_line_ends_stay(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = (studio / "deals/lumen-signage.md").read_bytes()
    stage = before.split(b"stage: ")[1].split(b"\r\n")[0]
    editing(monkeypatch, tmp_path, f"sed -i 's/^stage: {stage.decode()}/stage: contacted/' \"$1\"")
    assert crm("edit", "lumen-signage").code == 0
    after = (studio / "deals/lumen-signage.md").read_bytes()
    assert after.count(b"\n") == after.count(b"\r\n") == before.count(b"\n") + 1


def test_a_change_of_another_field_meanwhile_is_merged(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """While the editor is open another program sets a field; what was typed is not thrown back."""
    theirs = f"{studio}/contacts/kari-berg.md"
    script = f"echo 'Mine' >> \"$1\"; sed -i 's/^job:.*/job: Theirs/' '{theirs}'"
    editing(monkeypatch, tmp_path, script)
    assert crm("edit", "kari-berg").code == 0
    text = read(studio, "contacts/kari-berg.md")
    assert text.endswith("Mine\n")
    assert "job: Theirs\n" in text


def test_what_is_typed_after_an_editor_returned_at_once_has_a_file_to_go_to(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    done = crm("edit", "magnus-dahl")
    assert done.code == 0
    assert "--wait" in done.err
    kept = Path(done.err.partition("is in ")[2].split("\n")[0])
    assert "Magnus Dahl" in kept.read_text()


def test_a_value_that_is_sure_is_mended_at_once(
    crm: Crm, studio: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = "sed -i 's/^close_date: .*/close_date: 20.01.2027/;s/^value: .*/value: 1500 €/' \"$1\""
    editing(monkeypatch, tmp_path, script)
    ran = crm("edit", "fjord-website-2027")
    assert ran.code == 0, ran.err
    assert "close_date: 20.01.2027 is 2027-01-20" in ran.err
    text = read(studio, DEAL)
    assert "close_date: 2027-01-20\n" in text
    assert "value: 1500 EUR\n" in text


def test_a_problem_says_what_to_write(
    crm: Crm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editing(monkeypatch, tmp_path, "sed -i 's/^close_date: .*/close_date: someday/' \"$1\"")
    ran = crm("edit", "fjord-website-2027")
    assert ran.code == 5
    assert "2026-11-20" in ran.err

"""The merge driver, run by git itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from plaincrm.book.git import merge_driver
from plaincrm.book.git.client import Git
from plaincrm.core.yaml.front_matter import parse
from tests.conftest import git, run_in

ADA = (
    "---\nname: Ada\nemail: a@x.example\nphone: 1\nstatus: lead\n---\nA note.\n\n## Log\n-"
    " 2026-01-01 call: Hello\n"
)

TWO, THREE = (ADA.replace("phone: 1", f"phone: {n}") for n in (2, 3))


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repo with one contact and the driver, and a `plaincrm` on PATH."""
    bin = tmp_path / "bin"
    bin.mkdir()
    program = bin / "plaincrm"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m plaincrm "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(bin), prepend=":")
    monkeypatch.setenv("PYTHONPATH", str(Path(merge_driver.__file__).parents[3]))
    root = tmp_path / "book"
    (root / "contacts").mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    commit(root, "contacts/ada.md", ADA)
    assert merge_driver.install(of(root))
    return root


def of(root: Path) -> Git:
    found = Git.of(root)
    assert found is not None
    return found


def commit(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_bytes(text.encode())
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", f"Change {path}")


def diverge(root: Path, path: str, ours: str, theirs: str) -> int:
    """Commit two versions on two branches and merge; git's exit code."""
    git(root, "switch", "-q", "-c", "other")
    commit(root, path, theirs)
    git(root, "switch", "-q", "main")
    commit(root, path, ours)
    words = [
        "git",
        "-c",
        "user.name=T",
        "-c",
        "user.email=t@x.example",
        "merge",
        "-q",
        "--no-edit",
        "other",
    ]
    return subprocess.run(words, cwd=root, capture_output=True, check=False).returncode


def test_git_merge_merges_fields_and_log(book: Path) -> None:
    ours = ADA.replace("lead", "customer") + "- 2026-01-03 call: A\n"
    assert (
        diverge(
            book,
            "contacts/ada.md",
            ours,
            ADA.replace("phone: 1", "phone: 2") + "- 2026-01-02 note: B\n",
        )
        == 0
    )
    text = (book / "contacts/ada.md").read_text()
    new = "- 2026-01-02 note: B\n- 2026-01-03 call: A\n"
    assert text == ADA.replace("lead", "customer").replace("phone: 1", "phone: 2") + new


def test_a_contested_field_is_no_conflict_for_git(book: Path) -> None:
    assert diverge(book, "contacts/ada.md", TWO, THREE) == 0
    fields = parse((book / "contacts/ada.md").read_text()).fields
    assert fields["phone"] == "3"
    assert fields["_conflicts"] == {"phone": {"base": "1", "values": ["2"]}}


def test_two_people_in_one_new_file_are_left_to_a_person(book: Path) -> None:
    one, other = (
        "---\nname: Bo\nemail: bo@x.example\n---\n",
        "---\nname: Bo\nemail: bo@y.example\n---\n",
    )
    assert diverge(book, "contacts/bo.md", one, other) == 1
    text = (book / "contacts/bo.md").read_text()
    assert "bo@x.example" in text and "bo@y.example" in text
    assert git(book, "ls-files", "-u")


def test_without_plaincrm_on_the_path_git_leaves_markers(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert diverge(book, "contacts/ada.md", TWO, THREE) == 1
    text = (book / "contacts/ada.md").read_text()
    assert "<<<<<<< ours\nphone: 2\n=======\nphone: 3\n>>>>>>> theirs\n" in text


def test_a_driver_that_dies_leaves_both_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / name for name in ("base", "ours", "theirs")]
    for file, phone in zip(files, "123", strict=True):
        file.write_text(ADA.replace("phone: 1", f"phone: {phone}"))
    monkeypatch.setattr("plaincrm.core.merge.merge", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        merge_driver.run(*files, 7, "contacts/ada.md")
    text = files[1].read_text()
    assert (
        "<<<<<<< ours\nphone: 2\n||||||| base\nphone: 1\n=======\nphone: 3\n>>>>>>> theirs\nstatus:"
        " lead\n" in text
    )


def test_install_is_done_once_and_says_what_is_missing(book: Path) -> None:
    assert not merge_driver.install(of(book))
    assert merge_driver.state(of(book)) == ""
    git(book, "config", "merge.plaincrm.driver", "true")
    assert "not this plaincrm's" in merge_driver.state(of(book))
    assert merge_driver.install(of(book))
    (book / ".git" / "info" / "attributes").write_text("# nothing\n")
    assert "no attribute" in merge_driver.state(of(book))
    assert merge_driver.install(of(book))
    assert merge_driver.state(of(book)) == ""
    assert (
        (book / ".git" / "info" / "attributes")
        .read_text()
        .startswith("# nothing\n*.md merge=plaincrm\n")
    )


def test_a_book_below_the_root_of_its_repo(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    inner = tmp_path / "my book"
    inner.mkdir()
    assert merge_driver.install(of(inner))
    assert merge_driver.state(of(inner)) == ""
    asked = git(
        tmp_path,
        "check-attr",
        "merge",
        "my book/deals/a.md",
        "my book/templates/a.md",
        "deals/a.md",
    )
    assert [line.rpartition(": ")[2] for line in asked.splitlines()] == [
        "plaincrm",
        "unspecified",
        "unspecified",
    ]


def test_git_reads_what_was_put_into_its_config(book: Path) -> None:
    assert git(book, "config", "merge.plaincrm.driver").strip() == merge_driver.COMMAND
    assert not (book / ".git" / "config.lock").exists()


def test_the_first_command_in_a_clone_installs_it(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(book, "plaincrm.yaml", "currency: EUR\n")
    git(tmp_path, "clone", "-q", str(book), "clone")
    clone = tmp_path / "clone"
    assert merge_driver.state(of(clone)) == "no merge driver in this clone"
    assert run_in(monkeypatch, clone, ["list", "contacts"]).code == 0
    assert merge_driver.state(of(clone)) == ""

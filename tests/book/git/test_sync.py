"""What a sync costs, counted: git processes, blobs read, modules imported; never the clock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from plaincrm.book import workers
from plaincrm.book.git.client import Git
from plaincrm.book.git.sync import Review, SyncResult, SyncRun
from plaincrm.book.private_folder import private_folder
from tests.conftest import git

PERSON = "---\nname: P\nphone: 1\ncity: x\n---\n\n## Log\n- 2026-01-01 call: Hello\n"


def apart(folder: Path, count: int) -> Path:
    """A clone that has changed the same `count` records as the hub has."""
    folder.mkdir()
    git(folder, "init", "-q", "--bare", "-b", "main", "hub.git")
    git(folder, "clone", "-q", "hub.git", "b")
    paths = [f"contacts/p{number}.md" for number in range(count)]
    commit(folder / "b", {path: PERSON for path in paths} | {"plaincrm.yaml": ""})
    git(folder / "b", "push", "-q", "origin", "HEAD:main")
    git(folder, "clone", "-q", "-b", "main", "hub.git", "a")
    commit(folder / "b", {path: PERSON.replace("phone: 1", "phone: 2") for path in paths})
    git(folder / "b", "push", "-q", "origin", "HEAD:main")
    commit(folder / "a", {path: PERSON.replace("city: x", "city: y") for path in paths})
    return folder / "a"


def commit(root: Path, texts: dict[str, str]) -> None:
    (root / "contacts").mkdir(exist_ok=True)
    for path, text in texts.items():
        (root / path).write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Some work")


def synced(root: Path) -> tuple[SyncResult, int]:
    found = Git.of(root)
    assert found is not None
    done = SyncRun(found, private_folder(root), Review()).run()
    return done, found.calls


def test_a_sync_starts_as_many_git_processes_for_many_records_as_for_one(tmp_path: Path) -> None:
    one, many = synced(apart(tmp_path / "one", 1)), synced(apart(tmp_path / "many", 150))
    assert (len(one[0].merged), len(many[0].merged)) == (1, 150)
    assert one[1] == many[1] <= 20


def test_merged_by_several_processes_the_bytes_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trees = []
    for cores in (1, 3):
        monkeypatch.setattr(workers, "_cores", lambda cores=cores: cores)
        root = apart(tmp_path / str(cores), 320)
        synced(root)
        trees.append(git(root, "rev-parse", "HEAD^{tree}"))
    assert trees[0] == trees[1]


def test_where_there_is_nothing_to_merge_merging_is_not_even_imported(tmp_path: Path) -> None:
    root = apart(tmp_path / "book", 1)
    synced(root)
    code = (
        "import sys; from plaincrm.cli import run; code = run(['sync']); "
        "sys.exit(code or 'plaincrm.core.merge.document' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "nothing new" in done.stderr

"""A book in real git, on a machine without any git settings of the user's own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from plaincrm.book.git.client import Git
from plaincrm.book.private_folder import private_folder
from plaincrm.book.transaction import Transaction


@pytest.fixture(autouse=True)
def bare_machine(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new home, empty, and no git settings from anywhere. The home."""
    home = tmp_path_factory.mktemp("home")
    for name in [
        name for name in os.environ if name.startswith(("GIT_", "XDG_")) or name == "EMAIL"
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    return home


class Bench:
    """A book under test: its root, its git (None without), and short words for what tests do with
    it.
    """

    def __init__(self, root: Path, git: Git | None) -> None:
        self.root = root
        self.git = git

    @property
    def private(self) -> Path:
        return private_folder(self.root)

    def change(
        self, message: str = "Set it", operation: str = "set", **options: float
    ) -> Transaction:
        return Transaction(self.root, self.private, self.git, message, operation, **options)

    def put(self, path: str, text: str, message: str = "Set it") -> Transaction:
        """Writes `text` to `path` as one change."""
        with self.change(message) as change:
            change.put(path, text, change.read(path))
        return change

    def by_hand(self, path: str, text: str) -> Path:
        """Writes a file as a person's editor does."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
        return target

    def text(self, path: str) -> str | None:
        target = self.root / path
        return target.read_bytes().decode() if target.exists() else None

    def sh(self, *args: str) -> str:
        """The user's own git."""
        words = ["git", "-c", "user.name=User", "-c", "user.email=user@example.org", *args]
        return subprocess.run(
            words, cwd=self.root, check=True, capture_output=True, text=True
        ).stdout

    def subjects(self) -> list[str]:
        return self.sh("log", "--format=%s").splitlines()

    def litter(self) -> list[Path]:
        """What a command may leave only when it was killed."""
        found = [
            path for folder in (self.root, self.private) for path in folder.rglob(".plaincrm-*.tmp")
        ]
        return found + [path for path in [self.private / "journal"] if path.exists()]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An empty book in a new git repo."""
    root = tmp_path / "book"
    root.mkdir()
    return Bench(root, Git.init(root))


@pytest.fixture
def plain(tmp_path: Path) -> Bench:
    """An empty book without git."""
    root = tmp_path / "plain"
    root.mkdir()
    return Bench(root, None)

"""Which book a command works on: -C, else PLAINCRM_BOOK, else the nearest folder upward, else the
user's own config.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import run_in


def book(place: Path, name: str) -> Path:
    (place / "contacts").mkdir(parents=True)
    (place / "plaincrm.yaml").write_text("currency: EUR\n", "utf-8")
    (place / "contacts" / f"{name}.md").write_text(f"---\nname: {name}\n---\n", "utf-8")
    return place


@pytest.fixture
def four(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A book for each way of naming one, and a folder deep in one of them."""
    for name in ("named", "environment", "above", "configured"):
        book(tmp_path / name, name)
    (tmp_path / "above" / "a" / "b").mkdir(parents=True)
    config = tmp_path / "config" / "plaincrm"
    config.mkdir(parents=True)
    (config / "config.yaml").write_text(f"book: {tmp_path / 'configured'}\n", "utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PLAINCRM_BOOK", str(tmp_path / "environment"))
    return tmp_path


def found(monkeypatch: pytest.MonkeyPatch, here: Path, *options: str) -> str:
    ran = run_in(monkeypatch, here, [*options, "list", "contacts", "--ids"])
    assert ran.code == 0, ran.err
    return ran.out.strip().removeprefix("contact/")


def test_in_this_order(four: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = four / "above" / "a" / "b"
    assert found(monkeypatch, inside, "-C", str(four / "named")) == "named"
    assert found(monkeypatch, inside, "-C", os.path.relpath(four / "named", inside)) == "named"
    assert found(monkeypatch, inside) == "environment"
    monkeypatch.delenv("PLAINCRM_BOOK")
    assert found(monkeypatch, inside) == "above"
    assert found(monkeypatch, four) == "configured"


def test_the_config_lies_in_the_home_folder_where_xdg_says_nothing(
    four: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLAINCRM_BOOK")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    home = Path(os.environ["HOME"])
    (home / ".config" / "plaincrm").mkdir(parents=True)
    (home / "mine").symlink_to(four / "configured")
    (home / ".config" / "plaincrm" / "config.yaml").write_text("book: ~/mine\n", "utf-8")
    assert found(monkeypatch, four) == "configured"


@pytest.mark.parametrize("variable", ["", "PLAINCRM_BOOK"])
def test_a_named_book_that_is_none_is_not_replaced_by_another(
    four: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    if variable:
        monkeypatch.setenv(variable, str(four / "nowhere"))
    options = [] if variable else ["-C", str(four / "nowhere")]
    ran = run_in(monkeypatch, four / "above", [*options, "today"])
    assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "plaincrm init" in ran.err


@pytest.mark.parametrize("words", ["list contacts", "init", "init x", "clone ../hub.git", "doctor"])
def test_in_a_folder_that_is_gone(four: Path, words: str) -> None:
    deep = four / "above" / "a" / "b"
    script = f'rmdir "{deep}" && exec "{sys.executable}" -m plaincrm {words}'
    done = subprocess.run(
        ["sh", "-c", script], cwd=deep, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert "was deleted" in done.stderr

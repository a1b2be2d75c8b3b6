"""The wheel has all that the program needs, and finds it where it is installed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    if find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed")
    folder = tmp_path_factory.mktemp("dist")
    words = ["build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(
        [sys.executable, "-m", "hatchling", *words], cwd=ROOT, check=True, capture_output=True
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_ships_all_that_the_checkout_has(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "plaincrm/py.typed" in names
    for folder in ("templates", "examples", "docs"):
        there = {
            path.relative_to(ROOT).as_posix()
            for path in (ROOT / folder).rglob("*")
            if path.is_file()
        }
        assert there
        assert {f"plaincrm/shipped/{path}" for path in there} - names == set()
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


def test_an_installed_wheel_finds_them_and_shows_its_version(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\nimport plaincrm; from plaincrm.book.shipped"
        " import shipped\nfrom plaincrm.book.create import start_example\nfrom pathlib import"
        " Path\nassert plaincrm.__file__.startswith(sys.argv[1]),"
        " plaincrm.__file__\nprint(shipped('templates/email')); print(shipped('docs'));"
        " print(start_example(Path(sys.argv[2])).root)\n"
    )
    words = [sys.executable, "-c", script, str(tmp_path / "site"), str(tmp_path / "book")]
    done = subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True)
    templates, docs, book = map(Path, done.stdout.splitlines())
    assert (templates / "follow-up.md").is_file()
    assert (docs / "format.md").is_file()
    assert (book / "plaincrm.yaml").is_file()
    assert (book / ".gitignore").is_file()


def test_a_checkout_finds_them_too() -> None:
    from plaincrm.book.shipped import shipped

    assert shipped("examples") == ROOT / "examples"
    assert shipped("templates") == ROOT / "templates"

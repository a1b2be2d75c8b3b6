"""The wheel has all that the program needs, and finds it where it is installed."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from shutil import which

import pytest

from plaincrm.cli import COMMANDS

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


def test_the_wheel_brings_a_man_page_of_the_program_that_it_holds(wheel: Path) -> None:
    names = {
        Path(name).name: name for name in zipfile.ZipFile(wheel).namelist() if "/man1/" in name
    }
    assert set(names) == {"plaincrm.1", "pcrm.1"}
    page = zipfile.ZipFile(wheel).read(names["plaincrm.1"]).decode()
    made = [sys.executable, str(ROOT / "man" / "make.py")]
    assert page == subprocess.run(made, check=True, capture_output=True, text=True).stdout
    assert [
        word for word in COMMANDS if f".SS plaincrm {word} ".replace("-", r"\-") not in page
    ] == []


@pytest.mark.skipif(which("groff") is None, reason="no groff")
def test_groff_reads_the_man_page_without_a_warning() -> None:
    made = [sys.executable, str(ROOT / "man" / "make.py")]
    page = subprocess.run(made, check=True, capture_output=True).stdout
    words = ["groff", "-man", "-Tutf8", "-ww", "-z"]
    assert subprocess.run(words, input=page, check=True, capture_output=True).stderr == b""


def test_the_package_index_shows_a_readme_whose_links_lead_somewhere(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    name = next(name for name in archive.namelist() if name.endswith("/METADATA"))
    text = archive.read(name).decode()
    assert "A CRM for freelancers that is **a folder of Markdown files in git**" in text
    assert re.findall(r"\]\((?!https?:)[^)]*\)", text) == []


def test_the_readme_of_a_project_with_an_address() -> None:
    pytest.importorskip("hatchling")
    place = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert place is not None and place.loader is not None
    build = module_from_spec(place)
    place.loader.exec_module(build)
    text = "See [format](docs/format.md), ![x](docs/x.png), [git](https://git-scm.com)."
    url = "https://git.example/ada/plaincrm"
    linked = f"See [format]({url}/blob/main/docs/format.md), ![x]({url}/raw/main/docs/x.png),"
    assert build.for_index(text, url) == f"{linked} [git](https://git-scm.com)."
    bare = "See format (`plaincrm help format`), , [git](https://git-scm.com)."
    assert build.for_index(text, "") == bare


def test_a_checkout_finds_them_too() -> None:
    from plaincrm.book.shipped import shipped

    assert shipped("examples") == ROOT / "examples"
    assert shipped("templates") == ROOT / "templates"

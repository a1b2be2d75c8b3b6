"""What a cache rests on: a program that changed reads every record anew."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from plaincrm.crm.facts import NAMES
from plaincrm.crm.loading.cache_home import CODE
from tests.conftest import ROOT

PACKAGE = ROOT / "plaincrm"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, folder / "plaincrm", ignore=skip)
    return folder


def program(checkout: Path) -> str:
    said = "from plaincrm.crm.loading.cache_home import program; print(program())"
    done = subprocess.run(
        [sys.executable, "-B", "-c", said],
        cwd=checkout,
        env={"PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(
    "module", ["core/timeline/log.py", "core/values/money.py", "crm/reminders/rules.py"]
)
def test_a_module_that_a_pull_replaces_makes_another_program(checkout: Path, module: str) -> None:
    before = program(checkout)
    assert program(checkout) == before
    path = checkout / "plaincrm" / module
    text = path.read_text("utf-8")
    path.unlink()
    path.write_text(text + "\n", "utf-8")
    assert program(checkout) != before


def test_all_code_of_records_and_facts_counts() -> None:
    rooms = ("core", "marketing", "sales", "support")
    packages = {path.parent for room in rooms for path in (PACKAGE / room).rglob("__init__.py")}
    packages |= {(PACKAGE / name.replace(".", "/")).parent for name in NAMES}
    assert {path.relative_to(PACKAGE).as_posix() for path in packages} <= set(CODE)

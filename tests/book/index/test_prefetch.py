"""Files looked at by child processes while the program starts: the same answers, and no harm where
they fail.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.crm.answers import book, said, scouted

WATCHED = """
import json, os, sys
seen = []
def hook(event, args):
    if event == "os.scandir":
        seen.append(str(args[0]))
leave = os._exit
def left(code):
    sys.stderr.write("\\n" + json.dumps(seen))
    sys.stderr.flush()
    leave(code)
parent = os.getpid()
os._exit = lambda code: left(code) if os.getpid() == parent else leave(code)
sys.addaudithook(hook)
from plaincrm.book.index import prefetch
from plaincrm.start import main
prefetch.SMALL = 1
main()
"""


def plaincrm(
    root: Path, *words: str, program: str = "from plaincrm.start import main; main()"
) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout, done.stderr


@pytest.fixture
def warm(studio: Path) -> Path:
    time.sleep(0.05)
    said(book(studio))
    return studio


@pytest.mark.parametrize(
    "words",
    [
        ["today"],
        ["pipeline"],
        ["list", "contacts"],
        ["show", "contact/kari-berg"],
        ["ticket", "list"],
        ["report", "sales"],
        ["forecast"],
    ],
)
def test_a_warm_reading_command_scans_no_folder_of_records_itself(
    warm: Path, words: list[str]
) -> None:
    plaincrm(warm, *words, "--json")
    _, talk = plaincrm(warm, *words, "--json", program=WATCHED)
    folders = {
        Path(path).name for path in json.loads(talk.splitlines()[-1]) if path.startswith(str(warm))
    }
    assert not folders & {"contacts", "deals", "companies", "tickets"}


def test_what_a_child_sees_is_what_is_there(warm: Path) -> None:
    deal = next((warm / "deals").glob("*.md"))
    deal.write_text(deal.read_text().replace("name:", "name: New", 1))
    (warm / "deals" / "other.md").write_text("---\nname: Another\n---\n")
    next((warm / "deals" / "2024").glob("*.md")).unlink()
    for children in (1, 2):
        assert said(scouted(warm, children)) == said(book(warm, cached=False))


def test_without_an_answer_the_parent_looks_for_itself(warm: Path) -> None:
    (warm / "deals" / "other.md").write_text("---\nname: Another\n---\n")
    here = scouted(warm, 2)
    assert here.prefetch_jobs is not None
    for child in here.prefetch_jobs._children:
        assert child is not None
        os.kill(child[0], signal.SIGKILL)
    assert said(here) == said(book(warm, cached=False))


def test_where_no_process_can_be_made_the_parent_looks_for_itself(
    warm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_fork() -> int:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(os, "fork", no_fork)
    here = scouted(warm, 1)
    assert said(here) == said(book(warm, cached=False))


def test_a_cache_that_came_in_a_copied_repo_is_not_even_unpacked(
    warm: Path, tmp_path: Path
) -> None:
    copied = shutil.copytree(warm, tmp_path / "copied", symlinks=True)
    assert scouted(warm, 1).prefetch_jobs is not None
    assert scouted(copied, 1).prefetch_jobs is None


def test_nobody_is_sent_without_a_cache(studio: Path) -> None:
    assert scouted(studio, 1).prefetch_jobs is None


SLOW = """
import time
from plaincrm import start
from plaincrm.book.index import prefetch
prefetch.SMALL = 1
prefetch._seen = lambda *_: time.sleep(30)
start.main()
"""


def test_the_answer_does_not_wait_for_a_child_that_nobody_asks(warm: Path) -> None:
    """A child that outlives its parent holds none of the streams that somebody reads to their
    end.
    """
    done = subprocess.run(
        [sys.executable, "-c", SLOW, "list", "--nonsense"],
        cwd=warm,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=25,
    )
    assert done.returncode == 2

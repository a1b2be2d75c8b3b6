"""Screens: every view of the example book on a terminal of 80 columns and 24 lines, and of 120
and 40, as it was looked at and kept.

`python -m tests.views.test_screens` writes the snapshots anew: read the difference.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest

from plaincrm.views.table import columns
from tests.conftest import ROOT, TODAY

SNAPSHOTS = Path(__file__).parent / "screens"
SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
SCREENS = {
    "contacts": ["list", "contacts"],
    "companies": ["list", "companies"],
    "deals": ["list", "deals", "is:open"],
    "deals-summed": ["list", "deals", "is:open", "--sum", "value", "--limit", "5"],
    "tasks": ["list", "tasks"],
    "log": ["list", "log", "--limit", "12"],
    "tickets": ["ticket", "list"],
    "pipeline": ["pipeline"],
    "board": ["pipeline", "--board"],
    "by-country": ["pipeline", "--by", "company.country"],
    "agenda": ["agenda"],
    "find": ["find", "website"],
    "segments": ["segment", "list"],
    "templates": ["template", "list"],
    "schema": ["schema"],
    "schema-deal": ["schema", "deal"],
    "check": ["check"],
    "duplicates": ["dedupe", "--threshold", "40"],
    "contact": ["show", "ola-nordmann"],
    "company": ["show", "fjord-ferries"],
    "deal": ["show", "fjord-website-2027"],
    "ticket": ["show", "login-broken-k7m2"],
    "brief": ["show", "ola-nordmann", "--brief"],
}


class Terminal(io.TextIOWrapper):
    """A stream that says that it is a terminal."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def isatty(self) -> bool:
        return True

    @property
    def text(self) -> str:
        data: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return data.decode("utf-8")


def screen(book: Path, words: list[str], size: str) -> str:
    """What a terminal of that size shows, without colours."""
    from plaincrm.cli import run

    width, height = SIZES[size]
    out, err = Terminal(), io.StringIO()
    place = ["-C", str(book), "--today", TODAY, "--color", "never"]
    terminal = patch.object(shutil, "get_terminal_size", lambda *_: _Size((width, height)))
    unpaged = patch.dict("os.environ", {"PAGER": ""})
    with terminal, unpaged, redirect_stdout(out), redirect_stderr(err):
        run([*place, *words])
    return out.text


class _Size(tuple[int, int]):
    columns = property(lambda self: self[0])
    lines = property(lambda self: self[1])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
def test_the_screen_is_as_it_was_looked_at(studio: Path, name: str, size: str) -> None:
    kept = SNAPSHOTS / f"{name}-{size}.txt"
    said = f"python -m {__name__} writes it anew"
    assert screen(studio, SCREENS[name], size) == kept.read_text("utf-8"), said


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
def test_no_line_is_wider_than_the_terminal(name: str, size: str) -> None:
    if name == "check":  # its lines are for programs too, which want them whole
        return
    lines = (SNAPSHOTS / f"{name}-{size}.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if columns(line) > SIZES[size][0]] == []


def _write() -> None:
    SNAPSHOTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "studio"
        shutil.copytree(ROOT / "examples" / "studio", book)
        for name, words in SCREENS.items():
            for size in SIZES:
                text = screen(book, words, size)
                (SNAPSHOTS / f"{name}-{size}.txt").write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(_write())

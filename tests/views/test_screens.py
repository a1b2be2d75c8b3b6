"""Screens: every view of the example book on a terminal of 80 columns and 24 lines, and of 120
and 40, as it was looked at and kept.

`python -m tests.views.test_screens` writes the snapshots anew: read the difference.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest

from plaincrm.views.table import columns
from tests.conftest import ROOT, TODAY, git

_COMMIT = re.compile(r"\b[0-9a-f]{8}\b")  # the name of a commit rests on the whole book
SNAPSHOTS = Path(__file__).parent / "screens"
SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
REPORTS = (
    "sales",
    "money",
    "funnel",
    "sources",
    "campaigns",
    "customers",
    "products",
    "support",
    "activity",
    "health",
    "hygiene",
    "closing",
)
SCREENS = {
    "contacts": ["list", "contacts"],
    "companies": ["list", "companies"],
    "deals": ["list", "deals", "is:open"],
    "deals-summed": ["list", "deals", "is:open", "--sum", "value", "--limit", "5"],
    "tasks": ["list", "tasks"],
    "log": ["list", "log", "--limit", "12"],
    "tickets": ["ticket", "list"],
    "tickets-board": ["ticket", "list", "--board"],
    "today": ["today"],
    "today-commands": ["today", "--commands"],
    "history": ["history", "--limit", "6"],
    "blame": ["blame", "ola-nordmann"],
    "invoices": ["invoice", "list"],
    "forecast": ["forecast"],
    "forecast-why": ["forecast", "--why", "--limit", "6"],
    "dashboard": ["dashboard"],
    "score": ["score", "--why", "--limit", "3"],
    "sequences": ["sequence", "list"],
    "campaigns": ["campaign", "list"],
    "campaign": ["campaign", "show", "winter-letter-2026"],
    "campaign-results": ["campaign", "results", "winter-letter-2026"],
    "knowledge": ["kb", "search", "font"],
    "suggestions": ["kb", "suggest", "login-broken-k7m2"],
    "promises": ["sla", "explain", "login-broken-k7m2"],
    "automations": ["automation", "list"],
    "reports": ["report", "list"],
    **{f"report-{name}": ["report", name] for name in REPORTS},
    "segment": ["segment", "show", "newsletter"],
    "template": ["template", "show", "follow-up"],
    "bridge": ["pipeline", "--since", "2026-10-01"],
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
    "timeline": ["show", "ola-nordmann", "--timeline"],
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


def dated_book(folder: Path) -> Path:
    """The example book in git, with a first commit of 1 November and a change of the 20th."""
    book = folder / "studio"
    shutil.copytree(ROOT / "examples" / "studio", book)
    deal = book / "deals" / "okra-menu-design.md"
    now = deal.read_text("utf-8")
    deal.write_text(now.replace("stage: lead", "stage: contacted"), "utf-8")
    git(book, "init", "-q", "-b", "main")
    for day, text in (("2026-11-01", None), ("2026-11-20", now)):
        if text is not None:
            deal.write_text(text, "utf-8")
        stamp = f"{day}T12:00+0100"
        with patch.dict("os.environ", GIT_AUTHOR_DATE=stamp, GIT_COMMITTER_DATE=stamp):
            git(book, "add", "-A")
            git(book, "commit", "-q", "-m", "As it was")
    return book


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return dated_book(tmp_path_factory.mktemp("screens"))


def screen(book: Path, words: list[str], size: str) -> str:
    """What a terminal of that size shows, without colours."""
    from plaincrm.cli import run

    width, height = SIZES[size]
    out, err = Terminal(), io.StringIO()
    place = ["-C", str(book), "--today", TODAY, "--color", "never"]
    terminal = patch.object(shutil, "get_terminal_size", lambda *_: _Size((width, height)))
    unpaged = patch.dict("os.environ", {"PAGER": ""})
    with terminal, unpaged, chdir(book), redirect_stdout(out), redirect_stderr(err):
        code = run([*place, *words])
    assert code in (0, 1), err.getvalue()
    return _COMMIT.sub("a1b2c3d4", out.text) if words[0] in ("history", "blame") else out.text


class _Size(tuple[int, int]):
    columns = property(lambda self: self[0])
    lines = property(lambda self: self[1])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
def test_the_screen_is_as_it_was_looked_at(dated: Path, name: str, size: str) -> None:
    kept = SNAPSHOTS / f"{name}-{size}.txt"
    said = f"python -m {__name__} writes it anew"
    assert screen(dated, SCREENS[name], size) == kept.read_text("utf-8"), said


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
def test_no_line_is_wider_than_the_terminal(name: str, size: str) -> None:
    if name in ("check", "template"):  # lines for programs; a file as it is
        return
    lines = (SNAPSHOTS / f"{name}-{size}.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if columns(line) > SIZES[size][0]] == []


def _write() -> None:
    SNAPSHOTS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        book = dated_book(Path(folder))
        for name, words in SCREENS.items():
            for size in SIZES:
                text = screen(book, words, size)
                (SNAPSHOTS / f"{name}-{size}.txt").write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(_write())

"""Console blocks of the docs: what they show is what the program says.

    ```console
    $ plaincrm list deals stage:won --count
    7
    ```

The commands of a page run in order in one fresh copy of the example book, on 2026-11-21. `…` in the
shown output stands for anything. `python -m tests.transcripts PAGE…` writes what the program says
now into the pages.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """One command of a block and the output that the page shows for it; `line` of the page,
    from 1.
    """

    command: str
    shown: str
    line: int

    def matches(self, output: str) -> bool:
        pattern = ".*".join(re.escape(part) for part in self.shown.rstrip().split("…"))
        return re.fullmatch(pattern, output.rstrip(), re.DOTALL) is not None


def steps(page: str) -> Iterator[Step]:
    for block in _BLOCK.finditer(page):
        first = page.count("\n", 0, block.start()) + 2
        yield from _steps(block[1], first)


def _steps(block: str, first: int) -> Iterator[Step]:
    command, shown, line = "", "", 0
    for number, text in enumerate(block.splitlines(keepends=True), first):
        if text.startswith("$ "):
            if command:
                yield Step(command, shown, line)
            command, shown, line = text[2:].rstrip("\n"), "", number
        else:
            shown += text
    if command:
        yield Step(command, shown, line)


def replay(command: str, book: Path) -> str:
    """What the program prints, data and talk as a terminal mixes them."""
    from plaincrm.cli import run

    words = shlex.split(command)
    if words[0] != "plaincrm":
        raise ValueError(f"only plaincrm itself is replayed, not {words[0]}")
    screen = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with redirect_stdout(screen), redirect_stderr(screen), chdir(book):
        run(words[1:])
    return screen.buffer.getvalue().decode()  # type: ignore[attr-defined,no-any-return]


def update(page: str, book: Path) -> str:
    """The page with the output of now; shown text that still matches stays as written."""

    def block(found: re.Match[str]) -> str:
        lines = ["```console\n"]
        for step in _steps(found[1], 1):
            output = replay(step.command, book)
            kept = step.shown if step.matches(output) else output
            lines += [
                f"$ {step.command}\n",
                kept if kept.endswith("\n") or not kept else kept + "\n",
            ]
        return "".join([*lines, "```"])

    return _BLOCK.sub(block, page)


def _main(pages: list[Path]) -> None:
    os.environ.update(
        PLAINCRM_TODAY="2026-11-21", GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1"
    )
    for path in pages:
        with tempfile.TemporaryDirectory() as folder:
            book = Path(folder) / "studio"
            shutil.copytree(ROOT / "examples" / "studio", book)
            for words in (
                ["init", "-q", "-b", "main"],
                ["add", "-A"],
                ["commit", "-q", "-m", "The book as it was"],
            ):
                identity = ["-c", "user.name=Ada Example", "-c", "user.email=ada@studio.example"]
                subprocess.run(["git", *identity, *words], cwd=book, check=True)
            path.write_text(update(path.read_text(), book))


if __name__ == "__main__":
    _main([Path(word).resolve() for word in sys.argv[1:]] or list(PAGES))

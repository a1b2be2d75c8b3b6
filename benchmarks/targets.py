"""What is measured on a book, and the limit of each: a multiple of a reference measured in the same
run.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generate import git
from benchmarks.measure import Bench, Timing, program

WORD = "vineyard"
IDENTITY = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
JOIN = "deals(is:won).value.sum>5000"
FIGURES = (["forecast"], ["score"], ["report", "sales"], ["report", "customers"])


@dataclass(frozen=True, slots=True)
class Row:
    """`limit` and `figure` are in `unit`; `basis` says what the limit is made from."""

    name: str
    figure: float
    limit: float
    basis: str
    unit: str = "s"
    cpu: float = 0.0

    @property
    def met(self) -> bool:
        return self.figure <= self.limit


@dataclass(frozen=True, slots=True)
class References:
    """Seconds: `import click`, `git status`, ripgrep counting and looking for a word, `git commit`
    of one path.
    """

    click: float
    status: float
    count: float | None
    look: float | None
    commit: float
    cpu: float

    @property
    def least(self) -> float:
        """L(n): what starting Python and asking git what changed take."""
        return self.click + self.status


def references(bench: Bench) -> References:
    rg = shutil.which("rg")
    deal = first(bench.folder, "deals")

    def change(n: int) -> None:
        deal.write_text(deal.read_text() + f"\nRun {n}.\n")

    click = bench.time([sys.executable, "-c", "import click"])
    status = bench.time(["git", "status", "--porcelain"])
    return References(
        click.median,
        status.median,
        bench.time([rg, "-c", "x", "."]).median if rg else None,
        bench.time([rg, "-l", WORD, "."]).median if rg else None,
        bench.time(["git", *IDENTITY, "commit", "-qm", "Change", "--", deal], before=change).median,
        click.cpu + status.cpu,
    )


def rows(bench: Bench, size: int, refs: References) -> Iterator[Row]:
    """Every row of the table for one book."""
    crm, least = program(), refs.least
    started, helped = bench.time([*crm, "--version"]), bench.time([*crm, "--help"])
    start = started.median
    yield Row("--version", start, 1.35 * refs.click, "1.35 × import click", cpu=started.cpu)
    yield Row("--help", helped.median, 1.35 * refs.click, "1.35 × import click", cpu=helped.cpu)
    contact = bench.output([*crm, "list", "contacts", "+vip", "--ids", "--limit", "1"]).strip()
    warm = {
        "pipeline": ["pipeline"],
        "list deals stage:lead --ids": ["list", "deals", "stage:lead", "--ids"],
        "list contacts +vip": ["list", "contacts", "+vip"],
        "today": ["today"],
        "show REF": ["show", contact],
    }
    timed: dict[str, Timing] = {}
    for name, words in warm.items():
        timed[name] = bench.time([*crm, *words, *(["--json"] if "--ids" not in words else [])])
        yield Row(f"{name}, warm", timed[name].median, 1.5 * least, "1.5 × L", cpu=timed[name].cpu)
    table = 1.6 if size >= 100_000 else 2.0
    for name, words in warm.items():
        if "--ids" not in words:
            shown = bench.time([*crm, *words])
            yield Row(f"{name}, table", shown.median, table * least, f"{table} × L", cpu=shown.cpu)
    join = bench.time([*crm, "list", "contacts", JOIN, "--json"])
    for words in FIGURES:
        found = bench.time([*crm, *words, "--json"])
        name = " ".join(words)
        yield Row(f"{name}, warm", found.median, 2.5 * least, "2.5 × L", cpu=found.cpu)
        yield Row(f"{name}, memory", found.memory, 350, "350 MB", "MB")
    yield Row(f"list contacts {JOIN}", join.median, 2.5 * least, "2.5 × L", cpu=join.cpu)
    yield from _changing(bench, crm, refs, timed["pipeline"].median, start)
    completed = _completion(bench, crm, contact)
    yield Row("completion of an id", completed.median, 1.5 * least, "1.5 × L", cpu=completed.cpu)
    yield Row("pipeline, memory", timed["pipeline"].memory, 120, "120 MB", "MB")
    yield Row(
        "query over every record, memory",
        max(join.memory, timed["today"].memory),
        350,
        "350 MB",
        "MB",
    )
    cache, records = (
        _bytes(bench.folder / ".git" / "plaincrm" / "cache"),
        sum(map(_bytes, _kinds(bench.folder))),
    )
    yield Row("cache", cache / 1e6, 0.6 * records / 1e6, "60 % of the records", "MB")


def _changing(
    bench: Bench, crm: list[str], refs: References, warm: float, start: float
) -> Iterator[Row]:
    deal, cache = first(bench.folder, "deals"), bench.folder / ".git" / "plaincrm" / "cache"

    def change(n: int) -> None:
        deal.write_text(deal.read_text() + f"\nOnce more {n}.\n")

    cold = bench.time(
        [*crm, "pipeline", "--json"], before=lambda _: shutil.rmtree(cache, ignore_errors=True)
    )
    if refs.count:
        yield Row("pipeline, cold", cold.median, 10 * refs.count, "10 × rg -c x .", cpu=cold.cpu)
    bench.time([*crm, "pipeline"], runs=1)
    changed = bench.time([*crm, "pipeline", "--json"], before=change)
    yield Row(
        "pipeline, one file changed", changed.median, 1.1 * warm, "1.1 × warm", cpu=changed.cpu
    )
    if refs.look:
        found = bench.time([*crm, "find", WORD, "--json"])
        yield Row(
            f"find {WORD}",
            found.median,
            2.5 * refs.look + start,
            "2.5 × rg -l + start",
            cpu=found.cpu,
        )
        rare = first(bench.folder, "contacts").stem
        look = bench.time(["rg", "-l", rare, "."]).median
        found = bench.time([*crm, "find", rare, "--json"])
        yield Row(
            "find a word of one record",
            found.median,
            2.5 * look + start,
            "2.5 × rg -l + start",
            cpu=found.cpu,
        )
    git(bench.folder, "commit", "-qam", "Changes")
    git(bench.folder, "config", "user.name", "Bench")
    git(bench.folder, "config", "user.email", "bench@example.org")
    change_it = [*crm, "set", f"deal/{deal.stem}"]
    written = sorted(
        bench.time([*change_it, f"lost_reason=Run {n}"], runs=1).median for n in range(bench.runs)
    )
    yield Row(
        "set REF field=value",
        written[len(written) // 2],
        2 * refs.commit + start,
        "2 × git commit + start",
    )


def _completion(bench: Bench, crm: list[str], ref: str) -> Timing:
    words = {
        "COMP_WORDS": f"plaincrm show {ref[:-3]}",
        "COMP_CWORD": "2",
        "_PLAINCRM_COMPLETE": "bash_complete",
    }
    return bench.time(crm, environ=words)


def first(folder: Path, kind: str) -> Path:
    return min((folder / kind).rglob("*.md"))


def _kinds(folder: Path) -> list[Path]:
    return [folder / name for name in ("contacts", "deals", "tickets")]


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

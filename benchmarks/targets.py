"""What is measured on a book, and the limits of each: multiples of references measured in the same
run, by the clock and in processor time.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generate import git
from benchmarks.measure import Bench, Command, Timing, program

WORD = "vineyard"
IDENTITY = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
JOIN = "deals(is:won).value.sum>5000"
FIGURES = (["forecast"], ["score"], ["report", "sales"], ["report", "customers"])
CLICK, STATUS, COUNT, LOOK, RARE = "import click", "git status", "rg -c x .", "rg -l", "rg -l RARE"
_HIT = 25e-6  # seconds that one hit more may cost, in a table or in JSON


@dataclass(frozen=True, slots=True)
class Row:
    """`limit` and `figure` are in `unit`; `basis` says what the limit is made from. `cpu` is
    processor time, `cpu_limit` its limit; 0 where there is none.
    """

    name: str
    figure: float
    limit: float
    basis: str
    unit: str = "s"
    cpu: float = 0.0
    cpu_limit: float = 0.0
    cpu_basis: str = ""

    @property
    def met(self) -> bool:
        return self.figure <= self.limit and (not self.cpu_limit or self.cpu <= self.cpu_limit)


@dataclass(frozen=True, slots=True)
class Question:
    """A command that is measured warm; its limits are multiples of L, by the clock and in processor
    time.
    """

    name: str
    words: tuple[str, ...]
    clock: float
    cpu: float
    screen: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """A question whose answer may cost what its size deserves: as much as `--count`, and 25 µs a
    hit.
    """

    words: tuple[str, ...]

    @property
    def count(self) -> str:
        return " ".join((*self.words, "--count"))


QUESTIONS = (
    Question("pipeline --json", ("pipeline", "--json"), 1.25, 1.5),
    Question("list deals stage:lead --ids", ("list", "deals", "stage:lead", "--ids"), 1.25, 1.5),
    Question("forecast --json", ("forecast", "--json"), 1.25, 1.5),
    Question("today, on a screen of 24 lines", ("today",), 1.5, 1.75, screen=True),
    Question("show REF", ("show", "CONTACT"), 1.5, 1.75, screen=True),
    Question("show REF --json", ("show", "CONTACT", "--json"), 1.5, 1.75),
    Question(f"list contacts {JOIN}", ("list", "contacts", JOIN, "--json"), 2.5, 2.5),
    Question("score --json", ("score", "--json"), 2.5, 2.5),
    Question("report sales --json", ("report", "sales", "--json"), 2.5, 2.5),
    Question("report customers --json", ("report", "customers", "--json"), 2.5, 2.5),
)
HITS = (
    Hits(("list", "contacts", "+vip")),
    Hits(("today",)),
)
_FORMS: dict[str, tuple[str, ...]] = {"table": (), "--json": ("--json",)}


@dataclass(frozen=True, slots=True)
class Warm:
    """The timings of all warm commands and of the references beside them, by name."""

    found: Mapping[str, Timing]

    def __getitem__(self, name: str) -> Timing:
        return self.found[name]

    def get(self, name: str) -> Timing | None:
        return self.found.get(name)

    @property
    def least(self) -> Timing:
        """L(n): what starting Python and asking git what changed take."""
        click, status = self.found[CLICK], self.found[STATUS]
        return Timing(click.median + status.median, click.cpu + status.cpu, click.memory)


def warm(bench: Bench) -> Warm:
    """References and commands in turn, round after round."""
    crm = program()
    contact = bench.output([*crm, "list", "contacts", "+vip", "--ids", "--limit", "1"]).strip()
    rare = _rare(bench)
    commands = {
        CLICK: Command([sys.executable, "-c", "import click"]),
        STATUS: Command(["git", "status", "--porcelain"]),
        "--version": Command([*crm, "--version"]),
        "--help": Command([*crm, "--help"]),
        "completion of an id": Command(crm, _completing(contact)),
    }
    for each in QUESTIONS:
        words = [contact if word == "CONTACT" else word for word in each.words]
        commands[each.name] = Command([*crm, *words], screen=each.screen)
    for asked in HITS:
        commands[asked.count] = Command([*crm, *asked.words, "--count"])
        for form, option in _FORMS.items():
            commands[_form_name(asked, form)] = Command([*crm, *asked.words, *option])
    for word, reference in ((WORD, LOOK), (rare, RARE)):
        commands[_find_name(reference)] = Command([*crm, "find", word])
        if shutil.which("rg"):
            commands[reference] = Command(["rg", "-l", word, "."])
    commands["git"] = commands.pop(STATUS)  # last of a round: it writes git's index
    found = bench.together(commands)
    return Warm({STATUS if name == "git" else name: timing for name, timing in found.items()})


def _rare(bench: Bench) -> str:
    return first(bench.folder, "contacts").stem


def _form_name(asked: Hits, form: str) -> str:
    return f"{' '.join(asked.words)}, {form}"


def _find_name(reference: str) -> str:
    return f"find {WORD}" if reference == LOOK else "find a word of one record"


def _completing(ref: str) -> dict[str, str]:
    return {
        "COMP_WORDS": f"plaincrm show {ref[:-3]}",
        "COMP_CWORD": "2",
        "_PLAINCRM_COMPLETE": "bash_complete",
    }


def rows(bench: Bench, size: int, found: Warm) -> Iterator[Row]:
    """Every row of the table for one book."""
    click, least = found[CLICK], found.least
    for name in ("--version", "--help"):
        yield _times(name, found[name], click, Question(name, (), 1.25, 1.25), "import click")
    for each in QUESTIONS:
        yield _times(each.name, found[each.name], least, each, "L")
    name = "completion of an id"
    yield _times(name, found[name], least, Question(name, (), 1.25, 1.5), "L")
    yield from _hits(bench, found)
    yield from _finds(size, found)
    yield from _memory(found)


def _times(name: str, took: Timing, of: Timing, limits: Question, basis: str) -> Row:
    return Row(
        name,
        took.median,
        limits.clock * of.median,
        f"{limits.clock:g} × {basis}",
        cpu=took.cpu,
        cpu_limit=limits.cpu * of.cpu,
        cpu_basis=f"{limits.cpu:g} ×",
    )


def _hits(bench: Bench, found: Warm) -> Iterator[Row]:
    for asked in HITS:
        hits = int(bench.output([*program(), *asked.words, "--count"]))
        count = found[asked.count]
        yield _times(asked.count, count, found.least, Question("", (), 1.5, 1.75), "L")
        for form in _FORMS:
            name = _form_name(asked, form)
            yield Row(
                f"{name}: {hits:,} hits",
                found[name].median,
                count.median + hits * _HIT,
                "--count + 25 µs a hit",
                cpu=found[name].cpu,
                cpu_limit=count.cpu + hits * _HIT,
                cpu_basis="the same",
            )


def _finds(size: int, found: Warm) -> Iterator[Row]:
    """From 100,000 records on against ripgrep alone; below, Python's own start is added to it."""
    alone = size >= 100_000
    for reference in (LOOK, RARE):
        look = found.get(reference)
        if look is None:
            continue
        start = Timing(0, 0, 0) if alone else found[CLICK]
        took = found[_find_name(reference)]
        yield Row(
            _find_name(reference),
            took.median,
            1.5 * look.median + start.median,
            "1.5 × rg -l" if alone else "1.5 × rg -l + import click",
            cpu=took.cpu,
            cpu_limit=1.5 * look.cpu + start.cpu,
            cpu_basis="the same",
        )


def _memory(found: Warm) -> Iterator[Row]:
    pipeline = found["pipeline --json"].memory
    most = max(timing.memory for timing in found.found.values())
    yield Row("pipeline, memory", pipeline, 120, "120 MB", "MB")
    yield Row("the most memory of any of these", most, 350, "350 MB", "MB")


def changing(bench: Bench, found: Warm) -> Iterator[Row]:
    """What happens when files or the cache change: the rows that can't be measured in turn."""
    crm, deal = program(), first(bench.folder, "deals")
    cache = bench.folder / ".git" / "plaincrm" / "cache"
    yield from _cold(bench, cache)

    def change(n: int) -> None:
        deal.write_text(deal.read_text() + f"\nOnce more {n}.\n")

    bench.time([*crm, "pipeline"], runs=1)
    warm_again = bench.time([*crm, "pipeline", "--json"])
    changed = bench.time([*crm, "pipeline", "--json"], before=change)
    yield Row(
        "pipeline, one file changed",
        changed.median,
        1.1 * warm_again.median,
        "1.1 × warm",
        cpu=changed.cpu,
    )
    yield from _written(bench, deal, found)
    bench.time([*crm, "find", WORD], runs=1)
    for kind in _kinds(bench.folder):
        bench.time([*crm, "list", kind.name, "--count"], runs=1)
    size, records = _bytes(cache), sum(map(_bytes, _kinds(bench.folder)))
    yield Row("cache", size / 1e6, records / 1e6, "the records' size", "MB")


def _cold(bench: Bench, cache: Path) -> Iterator[Row]:
    crm = program()
    if not shutil.which("rg"):
        return
    count = bench.time(["rg", "-c", "x", "."])
    cold = bench.time(
        [*crm, "pipeline", "--json"],
        before=lambda _: shutil.rmtree(cache, ignore_errors=True),
        runs=min(bench.runs, 5),
    )
    yield Row("pipeline, cold", cold.median, 8 * count.median, f"8 × {COUNT}", cpu=cold.cpu)


def _written(bench: Bench, deal: Path, found: Warm) -> Iterator[Row]:
    git(bench.folder, "commit", "-qam", "Changes")
    git(bench.folder, "config", "user.name", "Bench")
    git(bench.folder, "config", "user.email", "bench@example.org")

    def change(n: int) -> None:
        deal.write_text(deal.read_text() + f"\nRun {n}.\n")

    commit = bench.time(["git", *IDENTITY, "commit", "-qm", "Change", "--", deal], before=change)
    change_it = [*program(), "set", f"deal/{deal.stem}"]
    written = sorted(
        bench.time([*change_it, f"lost_reason=Run {n}"], runs=1).median for n in range(bench.runs)
    )
    yield Row(
        "set REF field=value",
        written[len(written) // 2],
        2 * commit.median + found["--version"].median,
        "2 × git commit + start",
    )


def first(folder: Path, kind: str) -> Path:
    return min((folder / kind).rglob("*.md"))


def _kinds(folder: Path) -> list[Path]:
    return [folder / name for name in ("contacts", "deals", "tickets")]


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

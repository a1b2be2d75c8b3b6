"""`python -m benchmarks.outreach`: drafts for many people, and who is due in a sequence.

Drafts stand beside the floor: bare Jinja2 renders the same words, and as many files are written,
without waiting for the disk. `sequence due` stands beside L(n): importing click and asking git what
changed. Each is the median of its runs; `processor` compares the time that the processor took.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Bench, Timing, program

DRAFTS_LIMIT, DUE_LIMIT = 4.0, 2.5
BODY = "{{ greeting }}\n\nThank you for the {{ today }}.\n\nSome words for {{ contact.name }}.\n"
TEMPLATE = f"---\nsubject: Hello {{{{ contact.first_name }}}}\n---\n{BODY}"
SEQUENCE = "steps:\n- mail: hello\n- mail: hello\n  after: 3d\n"
FLOOR = """
import sys, jinja2
from pathlib import Path
folder, count = Path(sys.argv[1]), int(sys.argv[2])
folder.mkdir()
template = jinja2.Template(sys.argv[3])
for n in range(count):
    name = f"Person {n}"
    text = template.render(greeting=f"Dear {name},", today="2026-11-21", contact={"name": name})
    (folder / f"{n}.eml").write_text(f"To: p{n}@x.example\\nSubject: Hello\\n\\n{text}")
"""
LEAST = """
import click, subprocess
subprocess.run(["git", "status", "--porcelain"], capture_output=True)
"""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a command takes, and what stands beside it."""

    name: str
    own: Timing
    other: Timing
    limit: float

    @property
    def times(self) -> float:
        return self.own.median / self.other.median

    @property
    def line(self) -> str:
        met = "yes" if self.times <= self.limit else "**no**"
        clock = (f"{self.own.median:.2f} s", f"{self.other.median:.2f} s", f"{self.times:.1f} ×")
        processor = f"{self.own.cpu / self.other.cpu:.1f} ×"
        cells = (self.name, *clock, f"{self.limit:g} ×", met, processor)
        return f"| {' | '.join(cells)} |"


def make(book: Path, count: int) -> None:
    """A book of that many contacts, all enrolled in one sequence."""
    (book / "contacts").mkdir(parents=True)
    (book / "templates").mkdir()
    (book / "sequences").mkdir()
    me = "me: {name: Me, email: me@studio.example}\n"
    (book / "plaincrm.yaml").write_text(me, "utf-8")
    (book / ".gitignore").write_text("inbox/\noutbox/\n", "utf-8")
    (book / "templates" / "hello.md").write_text(TEMPLATE, "utf-8")
    (book / "sequences" / "course.yaml").write_text(SEQUENCE, "utf-8")
    for n in range(count):
        log = f"- 2026-11-{n % 20 + 1:02} 10:00 sequence: course: enrolled\n"
        text = f"---\nname: Person {n}\nemail: p{n}@x.example\n---\n## Log\n{log}"
        (book / "contacts" / f"person-{n}.md").write_text(text, "utf-8")
    identity = ["-c", "user.name=Bench", "-c", "user.email=bench@example.org"]
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "The book")):
        subprocess.run(["git", *identity, *words], cwd=book, check=True)


def drafts(book: Path, count: int, runs: int) -> Beside:
    own, floor = Bench(book, runs, {}), book.parent / "floor"

    def without(_: int) -> None:
        shutil.rmtree(book / "outbox", ignore_errors=True)
        shutil.rmtree(floor, ignore_errors=True)

    words = [*program(), "email", "hello", "--where", "has:email", "--outbox"]
    bare = [sys.executable, "-c", FLOOR, str(floor), str(count), BODY]
    name = f"email --outbox, {count:,} drafts"
    return Beside(name, own.time(words, without), own.time(bare, without), DRAFTS_LIMIT)


def due(book: Path, count: int, runs: int) -> Beside:
    bench = Bench(book, runs, {})
    own = bench.time([*program(), "sequence", "due", "--limit", "20"])
    least = bench.time([sys.executable, "-c", LEAST])
    return Beside(f"sequence due, {count:,} enrolled", own, least, DUE_LIMIT)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outreach", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    root = str(Path(__file__).parents[1])
    os.environ.update(
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_CONFIG_NOSYSTEM="1",
        PYTHONPATH=root,
        PLAINCRM_TODAY="2026-11-21",
    )
    with tempfile.TemporaryDirectory(prefix="plaincrm-outreach-") as folder:
        book = Path(folder) / "book"
        make(book, options.count)
        found = [
            due(book, options.count, options.runs),
            drafts(book, options.count, options.runs),
        ]
    print("| what | median | beside it | times | limit | met | processor |")
    print("| --- | ---: | ---: | ---: | ---: | --- | ---: |")
    for each in found:
        print(each.line)
    return 0 if all(each.times <= each.limit for each in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())

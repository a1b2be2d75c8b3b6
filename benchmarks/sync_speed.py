"""`python -m benchmarks.sync_speed`: a sync with records changed on both sides, beside what git
does with them.

Three figures: `git merge` with no driver (most of its files then conflict), `plaincrm sync`, and
`git merge` with a Python driver that git starts for each file.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measure import Run, Timing, children, median

ROOT = Path(__file__).parents[1]
LIMIT = 2.5  # × git merge


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sync_speed", description=__doc__)
    parser.add_argument("--records", type=int, default=1000, help="records changed on both sides")
    parser.add_argument("--runs", type=int, default=3, help="runs of each; the median counts")
    parser.add_argument(
        "--driver", type=int, default=50, help="of how many records the driver's time is measured"
    )
    options = parser.parse_args()
    os.environ.update(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1", PYTHONPATH=str(ROOT))
    with tempfile.TemporaryDirectory(prefix="plaincrm-sync-") as folder:
        context(Path(folder) / "many", options.records)
        context(Path(folder) / "few", options.driver)
        plain, ours = in_turn(Path(folder) / "many", options.runs, (git_merge, plaincrm_sync))
        few = in_turn(Path(folder) / "few", 1, (driver_merge,))[0]
    print(f"{options.records} records changed on both sides; load {os.getloadavg()[0]:.1f}")
    print("                                   clock   processor")
    print(f"git fetch and merge, no driver   {plain.median:7.2f} s {plain.cpu:7.2f} s")
    clock, cpu = ours.median / plain.median, ours.cpu / plain.cpu
    print(
        f"plaincrm sync                    {ours.median:7.2f} s {ours.cpu:7.2f} s"
        f"   {clock:.1f} and {cpu:.1f} × git merge; limit {LIMIT:g}"
    )
    share = options.records / options.driver
    print(
        f"git merge, a driver per file     {few.median * share:7.2f} s {few.cpu * share:7.2f} s"
        f"   by the figure of {options.driver} records"
    )


def context(folder: Path, records: int) -> None:
    """A hub, and a clone `a` that has changed the same records as the hub has."""
    folder.mkdir()
    git(folder, "init", "-q", "--bare", "-b", "main", "hub.git")
    git(folder, "clone", "-q", "hub.git", "b")
    texts = {f"contacts/p{number}.md": person(number) for number in range(records)}
    write(folder / "b", texts | {"plaincrm.yaml": ""}, "The book")
    git(folder, "clone", "-q", "-b", "main", "hub.git", "a")
    new = {
        p: t.replace("phone: 1", "phone: 2") + "- 2026-03-01 note: B\n" for p, t in texts.items()
    }
    write(folder / "b", new, "B")
    new = {p: t.replace("city: x", "city: y") + "- 2026-03-02 note: A\n" for p, t in texts.items()}
    write(folder / "a", new, "A", push=False)


def person(number: int) -> str:
    return (
        f"---\nname: Person {number}\nemail: p{number}@x.example\nphone: 1\ncompany:"
        f" c{number % 50}\njob: Boss\nstatus: customer\ntags: [a, b]\nlanguage: de\naddress: Street"
        f" {random.Random(number).random()}\ncity: x\nbirthday: 12-10\ncreated:"
        f" 2025-01-01\n---\nNotes on {number}.\n\n## Log\n- 2026-01-01 call: Hello\n- 2026-02-01"
        " email out: Hi\n"
    )


def write(root: Path, texts: dict[str, str], message: str, push: bool = True) -> None:
    (root / "contacts").mkdir(exist_ok=True)
    for path, text in texts.items():
        (root / path).write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", message)
    if push:
        git(root, "push", "-q", "origin", "HEAD:main")


def in_turn(folder: Path, runs: int, acts: Sequence[Callable[[Path], None]]) -> list[Timing]:
    """The timing of each act, one after the other in each round, each on a copy of its own."""
    found: list[list[Run]] = [[] for _ in acts]
    for number in range(runs):
        for act, taken in zip(acts, found, strict=True):
            taken.append(_run(folder, act, number))
    return [median(taken) for taken in found]


def _run(folder: Path, act: Callable[[Path], None], number: int) -> Run:
    copy = folder.with_name(f"{folder.name}-{act.__name__}-{number}")
    shutil.copytree(folder, copy, symlinks=True)
    git(copy / "a", "remote", "set-url", "origin", str(copy / "hub.git"))
    git(copy / "a", "status", "--porcelain")
    cpu, start = children(), time.perf_counter()
    act(copy / "a")
    seconds = time.perf_counter() - start
    shutil.rmtree(copy)
    return Run(seconds, children() - cpu, 0)


def git_merge(root: Path) -> None:
    git(root, "fetch", "-q")
    git(root, "merge", "-q", "--no-edit", "origin/main", check=False)


def plaincrm_sync(root: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "plaincrm", "-C", str(root), "sync"], check=True, capture_output=True
    )


def driver_merge(root: Path) -> None:
    (root / ".git" / "info" / "attributes").write_text("*.md merge=plaincrm\n")
    driver = f'"{sys.executable}" -m plaincrm merge-driver %O %A %B %L %P'
    git(root, "fetch", "-q")
    git(root, "-c", f"merge.plaincrm.driver={driver}", "merge", "-q", "--no-edit", "origin/main")


def git(folder: Path, *words: str, check: bool = True) -> None:
    identity = ["-c", "user.name=Bench", "-c", "user.email=bench@example.org"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=check, capture_output=True)


if __name__ == "__main__":
    main()

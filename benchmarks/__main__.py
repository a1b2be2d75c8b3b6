"""`python -m benchmarks`: seeded books, every figure beside its references and its peers, as
Markdown tables, by the clock and in processor time.

Of each size there are two books: the plain one, and a dense one (`generate.py --dense`), in which a
question has many hits and much is due.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import tempfile
from pathlib import Path

from benchmarks import generate, import_files, peers, table, targets
from benchmarks.measure import Bench, adopt_orphans

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000}
_SHAPES = {"": "", "-dense": ", many hits", "-flat": ", each kind in one folder"}


def main() -> None:
    options = _options()
    adopt_orphans()
    machine = f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, medians of {options.runs}; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="plaincrm-bench-") as folder:
        for name in filter(None, options.sizes.split(",")):
            for shape in ("", "-dense") if name in SIZES else ("",):
                _book(Path(folder), name + shape, options)
                shutil.rmtree(Path(folder) / (name + shape))
    if options.imports:
        print(import_files.table(import_files.measured(options.imports)), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes",
        default="1k,10k,100k",
        help="which of 1k, 10k and 100k records, a plain and a dense book of each; 10k-dense or"
        " 10k-flat: that book alone",
    )
    parser.add_argument(
        "--runs", type=int, default=7, help="runs of each command; the median counts"
    )
    parser.add_argument(
        "--no-peers", dest="peers", action="store_false", help="leave the peers out"
    )
    parser.add_argument(
        "--books", type=Path, help="take copies of the books of an earlier run: DIR/1k, DIR/10k …"
    )
    parser.add_argument(
        "--imports",
        type=int,
        default=2_000,
        help="rows of the table that is imported; a tenth as many mails and cards; 0: none",
    )
    return parser.parse_args()


def _book(folder: Path, name: str, options: argparse.Namespace) -> None:
    base, mark, shape = name.partition("-")
    size, root = SIZES[base], folder / name
    if options.books and (options.books / name).is_dir():
        shutil.copytree(options.books / name, root)
        generate.git(root, "update-index", "-q", "--refresh")
    else:
        generate.book(root, size, flat=shape == "flat", dense=shape == "dense")
    shutil.rmtree(root / ".git" / "plaincrm", ignore_errors=True)
    bench = Bench(root, options.runs, {"PLAINCRM_TODAY": generate.TODAY.isoformat()})
    warm = targets.warm(bench)
    title = f"{size:,} records{_SHAPES[mark + shape]}"
    print(table.heading(title, warm, os.getloadavg()[0]))
    found = [*targets.rows(bench, size, warm)]
    if not shape:
        found += targets.changing(bench, warm)
    print(table.rows(found), flush=True)
    if options.peers and not shape:
        _peers(folder, root, warm, options.runs)


def _peers(folder: Path, root: Path, warm: targets.Warm, runs: int) -> None:
    place = folder / f"peers-{root.name}"
    environ = {"PATH": os.environ["PATH"]}
    others, absent = peers.measured(peers.facts(root), place, runs, environ)
    shutil.rmtree(place, ignore_errors=True)
    ours = {question: warm[question].median for question in peers.QUESTIONS}
    print(table.peers(others, ours, absent), flush=True)


if __name__ == "__main__":
    main()

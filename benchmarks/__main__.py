"""`python -m benchmarks`: seeded books, every figure beside its reference and its peers, as one
Markdown table.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import tempfile
from pathlib import Path

from benchmarks import generate, import_files, peers, table, targets
from benchmarks.measure import Bench

SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000}


def main() -> None:
    options = _options()
    machine = f"{platform.system()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, medians of {options.runs}; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="plaincrm-bench-") as folder:
        for name in filter(None, options.sizes.split(",")):
            _book(Path(folder), name, options)
    if options.imports:
        print(import_files.table(import_files.measured(options.imports)), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes",
        default="1k,10k,10k-flat,100k",
        help="which of 1k, 10k and 100k records; with -flat each kind in one folder",
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
        default=10_000,
        help="rows of the table that is imported; a tenth as many mails and cards; 0: none",
    )
    return parser.parse_args()


def _book(folder: Path, name: str, options: argparse.Namespace) -> None:
    size, flat = SIZES[name.removesuffix("-flat")], name.endswith("-flat")
    root = folder / name
    if options.books and (options.books / name).is_dir():
        shutil.copytree(options.books / name, root)
        generate.git(root, "update-index", "-q", "--refresh")
    else:
        generate.book(root, size, flat=flat)
    shutil.rmtree(root / ".git" / "plaincrm", ignore_errors=True)
    bench = Bench(root, options.runs, {"PLAINCRM_TODAY": generate.TODAY.isoformat()})
    refs = targets.references(bench)
    print(table.heading(size, refs, flat=flat))
    found = list(targets.rows(bench, size, refs))
    print(table.rows(found), flush=True)
    if options.peers and not flat:
        place = folder / f"peers-{name}"
        others, absent = peers.measured(
            peers.facts(root), place, options.runs, {"PATH": os.environ["PATH"]}
        )
        shutil.rmtree(place)
        print(table.peers(others, {row.name: row.figure for row in found}, absent), flush=True)


if __name__ == "__main__":
    main()

"""How long `import` takes for a table, mails and cards, each beside its floor: writing as many
files, and one commit. `python -m benchmarks` prints it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import import_csv

MAILS = 10  # of each sender


@dataclass(frozen=True)
class Import:
    """Seconds by the clock of an import, and of the floor beside it."""

    name: str
    seconds: float
    floor: float


def measured(count: int) -> Iterator[Import]:
    """A table of `count` rows; a tenth as many mails and cards."""
    yield _measured(f"{count:,} rows", "people.csv", count)
    yield _measured(f"{count // 10:,} mails", "mails.mbox", count // 10)
    yield _measured(f"{count // 10:,} vCards", "cards.vcf", count // 10)


def table(found: Iterator[Import]) -> str:
    lines = ["\n### Import\n", "| what | import | floor | of the floor |"]
    lines.append("| --- | ---: | ---: | ---: |")
    for each in found:
        ratio = each.seconds / each.floor
        lines.append(f"| {each.name} | {each.seconds:.2f} s | {each.floor:.2f} s | {ratio:.1f} × |")
    return "\n".join(lines)


def _measured(name: str, file: str, count: int) -> Import:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        root = Path(place)
        floor, _ = import_csv.floor(root / "floor", count)
        path = root / file
        if path.suffix == ".csv":
            import_csv.written(path, import_csv.rows(count))
        elif path.suffix == ".mbox":
            path.write_text("".join(map(_mail, range(count))))
        else:
            path.write_text("".join(map(_card, range(count))), newline="")
        seconds, _, _ = import_csv.imported(root / "book", path, "--new-senders")
        return Import(name, seconds, floor)


def _mail(n: int) -> str:
    who = n // MAILS
    return (
        f"From person{who}@firm.example Mon Nov  2 09:00:00 2026\n"
        f"From: Person Number{who} <person{who}@firm.example>\nTo: me@studio.example\n"
        f"Date: Mon, 2 Nov 2026 09:{n % 60:02}:00 +0100\nMessage-ID: <{n}@firm.example>\n"
        f"Subject: Question {n}\n\nCan you send me the price of number {n}?\n\n"
    )


def _card(n: int) -> str:
    lines = (
        *("BEGIN:VCARD", "VERSION:3.0", f"FN:Person Number{n}", f"N:Number{n};Person;;;"),
        *(f"EMAIL;TYPE=WORK:person{n}@firm{n}.example", f"TEL:+49 30 {n:07}", "END:VCARD"),
    )
    return "".join(f"{line}\r\n" for line in lines)

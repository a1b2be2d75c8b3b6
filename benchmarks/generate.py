"""Seeded books of any size: 60 % contacts, 25 % deals, 15 % tickets, with logs and some hand-made
mess.

`flat=False` lays files out as the program itself does (sub-folders past 2,000 of a kind).
`dense=True` makes a book of many hits: a quarter of the contacts is vip, a tenth of all records is
overdue.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from plaincrm.core.values.ids import ALPHABET, path

TODAY = date(2026, 11, 21)
FIRST = (
    "Ada",
    "Grace",
    "Ola",
    "Kari",
    "Łukasz",
    "Zoë",
    "Haruka",
    "Nikolaj",
    "Marisol",
    "Samira",
    "Jürgen",
    "Inès",
    "Tomasz",
    "Wei",
    "Fatima",
    "Björn",
)
LAST = (
    "Lovelace",
    "Hopper",
    "Nordmann",
    "Müller",
    "Ødegård",
    "Nowak",
    "Tanaka",
    "Vega",
    "Haddad",
    "García",
    "Schmidt",
    "Dubois",
    "Kowalska",
    "Tan",
    "Kaya",
)
WORDS = (
    "website",
    "proposal",
    "logo",
    "contract",
    "invoice",
    "price",
    "scope",
    "budget",
    "summer",
    "launch",
    "photo",
    "paper",
    "print",
    "map",
    "sign",
    "menu",
    "label",
    "poster",
    "book",
    "cover",
    "letter",
    "workshop",
    "retainer",
    "call",
    "meeting",
    "answer",
    "draft",
    "colour",
    "type",
    "grid",
    "kiln",
    "ferry",
    "museum",
    "vineyard",
)
STAGES = ("lead", "contacted", "proposal", "negotiation", "parked", "won", "lost")
STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
SETTINGS = """\
me: {name: Ada Example, email: [ada@studio.example]}
currency: EUR
rates: {USD: 0.92, NOK: 0.087}
timezone: Europe/Berlin
country: DE
language: en
cadence: {+vip: 30d}
"""


def book(root: Path, size: int, *, seed: int = 1, flat: bool = False, dense: bool = False) -> Path:
    """Write a book of `size` records below `root`, commit it in git, and give its folder."""
    root.mkdir(parents=True)
    (root / "plaincrm.yaml").write_text(SETTINGS)
    (root / ".gitignore").write_text("inbox/\noutbox/\n")
    made: set[Path] = set()
    for file, text in records(size, seed, flat, dense):
        target = root / file
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(text.encode())
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", f"A book of {size} records")
    return root


def git(folder: Path, *words: str) -> str:
    config = ["-c", "user.name=Bench", "-c", "user.email=bench@example.org", "-c", "gc.auto=0"]
    return subprocess.run(
        ["git", *config, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def records(size: int, seed: int, flat: bool, dense: bool = False) -> Iterator[tuple[str, str]]:
    """(path, text) of every record, the same for the same seed."""
    rng = random.Random(seed)
    contacts, deals = size * 60 // 100, size * 25 // 100
    people = [f"{_slug(rng)}-{_code(rng)}" for _ in range(contacts)]
    for n, id in enumerate(people):
        yield _path("contacts", id, n, flat), _contact(rng, id, dense)
    for n in range(deals):
        id = f"{rng.choice(WORDS)}-{rng.choice(WORDS)}-{_code(rng)}"
        yield _path("deals", id, n, flat), _deal(rng, id, rng.choice(people), dense)
    for n in range(size - contacts - deals):
        id = f"{rng.choice(WORDS)}-{_code(rng)}"
        yield _path("tickets", id, n, flat), _ticket(rng, rng.choice(people), dense)


def _path(folder: str, id: str, number: int, flat: bool) -> str:
    return f"{folder}/{id}.md" if flat else path(folder, id, number)


def _slug(rng: random.Random) -> str:
    from plaincrm.core.values.ids import slug

    return slug(f"{rng.choice(FIRST)} {rng.choice(LAST)}")


def _code(rng: random.Random) -> str:
    return "".join(rng.choice(ALPHABET) for _ in range(5))


def _day(rng: random.Random, back: int = 1000, ahead: int = 0) -> date:
    return TODAY + timedelta(days=rng.randint(-back, ahead))


def _prose(rng: random.Random, words: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words)).capitalize() + "."


def _log(rng: random.Random, most: int, extra: str = "") -> str:
    days = sorted(_day(rng) for _ in range(rng.randint(0, most)))
    kinds = ("call", "email out", "email in", "meeting", "note", "message in")
    lines = [f"- {day} {rng.choice(kinds)}: {_prose(rng, rng.randint(4, 20))}" for day in days]
    return "\n## Log\n" + "\n".join(lines) + f"\n{extra}" if lines or extra else ""


def _late(rng: random.Random, dense: bool) -> bool:
    """Whether a record is one of the overdue ones of a dense book; asked of no other, so that its
    texts stay what they were.
    """
    return dense and rng.random() < 0.1


def _contact(rng: random.Random, id: str, dense: bool) -> str:
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    lines = [f"name: {name}"]
    if rng.random() < 0.9:
        lines.append(f"email: {id}@{rng.choice(WORDS)}.example")
    if rng.random() < 0.6:
        lines.append(f"phone: +49 30 {rng.randint(1000000, 9999999)}")
    if rng.random() < 0.1:
        lines.append("# met at the fair, in the queue for coffee")
    lines.append(f"status: {rng.choice(('lead', 'prospect', 'customer', 'former'))}")
    lines.append(f"country: {rng.choice(('DE', 'NO', 'FR', 'US', 'JP'))}")
    tags = rng.sample(("vip", "newsletter", "print", "web", "press"), rng.randint(0, 2))
    if "vip" in tags and rng.random() < 0.9:
        tags.remove("vip")
    if dense:
        tags = [*(tag for tag in tags if tag != "vip"), *(["vip"] if rng.random() < 0.25 else [])]
    if tags:
        lines.append(
            "tags: [" + ", ".join(tags) + "]"
            if rng.random() < 0.8
            else "tags:\n  - " + "\n  - ".join(tags)
        )
    if rng.random() < 0.03:
        lines.append(f"birthday: {rng.randint(1, 12):02}-{rng.randint(1, 28):02}")
    lines.append(f"created: {_day(rng, 1500)}")
    task = (
        f"\n## Tasks\n- [ ] {_prose(rng, 4)} due:{_day(rng, 3, 300)}\n"
        if rng.random() < 0.02
        else ""
    )
    if _late(rng, dense):
        task = f"\n## Tasks\n- [ ] {_prose(rng, 4)} due:{_day(rng, 300, -1)}\n"
    return _mess(
        rng, "---\n" + "\n".join(lines) + "\n---\n" + _prose(rng, 12) + "\n" + task + _log(rng, 8)
    )


def _deal(rng: random.Random, id: str, contact: str, dense: bool) -> str:
    late = _late(rng, dense)
    stage = "proposal" if late else rng.choice(STAGES)
    lines = [f"name: {id.replace('-', ' ').title()}", f"contact: {contact}", f"stage: {stage}"]
    if rng.random() < 0.9:
        unit = rng.choice(("", " EUR", " EUR", " USD", " NOK", " EUR/month"))
        lines.append(f"value: {rng.randint(2, 400) * 50}{unit}")
    if stage in ("won", "lost"):
        lines.append(f"closed: {_day(rng, 700)}")
    else:
        lines.append(f"close_date: {_day(rng, 5, 400)}")
        if late:
            lines.append(f"next: {_day(rng, 300, -1)} {_prose(rng, 3)}")
        elif rng.random() < 0.95:
            lines.append(f"next: {_day(rng, 2, 200)} {_prose(rng, 3)}")
    lines.append(f"created: {_day(rng, 1200)}")
    moved = f"- {_day(rng, 400)} stage: lead -> {stage}\n"
    return _mess(
        rng, "---\n" + "\n".join(lines) + "\n---\n" + _prose(rng, 10) + "\n" + _log(rng, 5, moved)
    )


def _ticket(rng: random.Random, contact: str, dense: bool) -> str:
    late = _late(rng, dense)
    status = "open" if late else rng.choice(STATUSES)
    opened = _day(rng, 900)
    lines = [f"subject: {_prose(rng, 4)[:-1]}", f"contact: {contact}", f"status: {status}"]
    lines += [
        f"priority: {rng.choice(('low', 'normal', 'high'))}",
        f"opened: {opened} 09:{rng.randint(10, 59)}",
    ]
    if status in ("solved", "closed"):
        lines.append(f"solved: {opened + timedelta(days=2)}")
    if late:
        lines.append(f"due: {_day(rng, 300, -1)}")
    reply = f"- {opened + timedelta(days=1)} reply out: {_prose(rng, 8)}\n"
    return _mess(
        rng, "---\n" + "\n".join(lines) + "\n---\n" + _prose(rng, 20) + "\n" + _log(rng, 3, reply)
    )


def _mess(rng: random.Random, text: str) -> str:
    """Some files are as life is: CRLF, a BOM, no last line end, a quoted value."""
    chance = rng.random()
    if chance < 0.01:
        return text.replace("\n", "\r\n")
    if chance < 0.015:
        return "\ufeff" + text
    if chance < 0.03:
        return text.rstrip("\n")
    return text


def main() -> None:
    """Write one book, to try things in."""
    import argparse

    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the book is to lie; made anew")
    parser.add_argument("--size", type=int, default=10_000, help="records")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--flat", action="store_true", help="each kind in one folder")
    parser.add_argument("--dense", action="store_true", help="many hits and much that is due")
    given = parser.parse_args()
    book(given.folder, given.size, seed=given.seed, flat=given.flat, dense=given.dense)


if __name__ == "__main__":
    main()

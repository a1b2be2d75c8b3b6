"""How well and how fast likely duplicates are found: 10,000 contacts, 500 of them planted
duplicates.

    python -m benchmarks.dedupe [SIZE] [SEED]

The copies are those of life: a slip in the name, first and last name swapped, another way to write
the phone, a second e-mail. Among the rest are what must not be taken for duplicates: namesakes,
colleagues on one switchboard, couples with one phone and address, boxes such as info@ that several
people use.
"""

from __future__ import annotations

import random
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

from benchmarks.generate import SETTINGS, git
from plaincrm.core.values.ids import path, slug

_FIRST = """
Ada Grace Ola Kari Lukas Zoë Haruka Nikolaj Marisol Samira Jürgen Inès Tomasz Wei Fatima Björn
Anna Hans Peter Petra Paul Paula Maria Mario Jan Jana Christian Christina Christine Martin Martina
Michael Michaela Andreas Andrea Thomas Stefan Stefanie Julia Julian Laura Lars Lena Leon Lea Sofia
Sofie Sarah Simon Simone Daniel Daniela Emil Emilia Emma Felix Finn Frida Georg Greta Gustav Hanna
Helena Henrik Ida Ingrid Ivan Jakob Johanna Jonas Karl Karla Katrin Klaus Lisa Louis Louise Magnus
Malte Marie Markus Mateo Mats Mia Moritz Nadia Nina Noah Nora Oliver Olivia Oskar Otto Pia Rasmus
Rita Robert Rosa Sven Tanja Theo Tim Tina Tobias Ulrich Ursula Vera Viktor Viktoria Yusuf Yara
Zeynep Zoran
"""
_STEMS = """
Berg Lind Holm Stein Wald Feld Bach Stern Rosen Silber Gold Hof Kirch Brück Neu Alt Schön Hart
Weiß Schwarz Grün Eich Birk Apfel Korn Linden Sand See Strand Nord Süd West Ost Haupt König Ritter
Jäger Fischer Müller Weber
"""
FIRST, STEMS = _FIRST.split(), _STEMS.split()
ENDS = [
    "",
    "mann",
    "ström",
    "gren",
    "berg",
    "er",
    "ner",
    "dal",
    "sen",
    "quist",
    "hoff",
    "rud",
    "kvist",
    "hardt",
]
PLACES = [
    ("10115", "Berlin"),
    ("20095", "Hamburg"),
    ("80331", "München"),
    ("50667", "Köln"),
    ("04109", "Leipzig"),
]
FREE = ("gmail.com", "gmx.de", "web.de", "outlook.com")


@dataclass
class Person:
    """A contact to be written; `phone` holds the digits after +49."""

    first: str
    last: str
    email: str = ""
    phone: str = ""
    company: str = ""
    address: str = ""
    place: tuple[str, str] = ("", "")
    written: str = ""  # the name as the file has it, where it is not "first last"
    phone_form: int = 0
    id: str = field(default="", compare=False)


def people(size: int, rng: random.Random) -> tuple[list[Person], list[tuple[int, int]]]:
    """The people in any order, and the places of the pairs that are one person."""
    planted = size // 20
    firms = [_firm(rng, n) for n in range(size // 5)]
    found = [_person(rng, firms) for _ in range(size - planted)]
    for n in range(0, len(found), 40):
        found[n] = _partner(rng, found[n - 1])
    copied = rng.sample(range(len(found)), planted)
    pairs = []
    for n, place in enumerate(copied):
        found.append(_COPIES[n % len(_COPIES)](rng, found[place]))
        pairs.append((place, len(found) - 1))
    return found, pairs


def _firm(rng: random.Random, n: int) -> tuple[str, str, str]:
    """(id, domain, number of the switchboard)."""
    word = slug(f"{rng.choice(STEMS)}{rng.choice(ENDS)} {rng.choice(STEMS)} {n}")
    return word, f"{word}.example", f"30{rng.randint(200000, 999999)}"


def _person(rng: random.Random, firms: list[tuple[str, str, str]]) -> Person:
    made = Person(rng.choice(FIRST), rng.choice(STEMS) + rng.choice(ENDS).lower())
    name = slug(f"{made.first} {made.last}").replace("-", ".")
    if rng.random() < 0.7:
        firm, domain, board = firms[int(len(firms) * rng.random() ** 2)]
        made.company = firm
        made.email = f"info@{domain}" if rng.random() < 0.04 else f"{name}@{domain}"
        made.phone = board if rng.random() < 0.3 else f"176{rng.randint(10000000, 99999999)}"
    else:
        made.email = f"{name}{rng.randint(1, 999)}@{rng.choice(FREE)}"
        made.phone = f"151{rng.randint(10000000, 99999999)}"
        made.place = rng.choice(PLACES)
        made.address = f"{rng.choice(STEMS)}straße {rng.randint(1, 150)}"
    drop = rng.random()
    return (
        replace(made, phone="") if drop < 0.25 else replace(made, email="") if drop < 0.35 else made
    )


def _partner(rng: random.Random, other: Person) -> Person:
    first = rng.choice([name for name in FIRST if name[:3] != other.first[:3]])
    return replace(other, first=first, email="" if other.company else other.email)


def _slip(rng: random.Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1)
    swapped, doubled = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at] + word[at:],
    )
    wrong = [
        swapped,
        doubled,
        word[:at] + word[at + 1 :],
        word[:at] + rng.choice("aeinrst") + word[at + 1 :],
    ]
    return rng.choice([each for each in wrong if each != word])


def _reached(rng: random.Random, person: Person) -> Person:
    """What another source knows: the e-mail or the phone, with or without the company."""
    kept = replace(person, written="", company=person.company if rng.random() < 0.6 else "")
    if kept.email and kept.phone:
        kept = replace(kept, email="") if rng.random() < 0.4 else replace(kept, phone="")
    return replace(kept, phone_form=rng.randrange(1, 5))


def _typo(rng: random.Random, person: Person) -> Person:
    kept = _reached(rng, person)
    first, last = person.first, person.last
    if rng.random() < 0.5 and len(first) > 3:
        return replace(kept, written=f"{_slip(rng, first)} {last}")
    return replace(kept, written=f"{first} {_slip(rng, last)}")


def _swapped(rng: random.Random, person: Person) -> Person:
    form = rng.choice(("{} {}", "{}, {}"))
    return replace(_reached(rng, person), written=form.format(person.last, person.first))


def _rewritten_phone(rng: random.Random, person: Person) -> Person:
    person.phone = person.phone or f"176{rng.randint(10000000, 99999999)}"
    return replace(person, email="", phone_form=rng.randrange(1, 5), address="", place=("", ""))


def _second_email(rng: random.Random, person: Person) -> Person:
    if not person.company:
        person.phone = person.phone or f"151{rng.randint(10000000, 99999999)}"
    second = f"{slug(person.last)}{rng.randint(10, 99)}@{rng.choice(FREE)}"
    if person.company and person.email and rng.random() < 0.5:
        second = f"{slug(person.first)[0]}.{slug(person.last)}@{person.email.partition('@')[2]}"
    keep = bool(person.company) and rng.random() < 0.5
    return replace(
        person, email=second, phone="" if keep else person.phone, phone_form=rng.randrange(1, 5)
    )


_COPIES = (_typo, _swapped, _rewritten_phone, _second_email)


def _text(person: Person) -> str:
    zip, city = person.place
    fields = {
        "name": person.written or f"{person.first} {person.last}",
        "email": person.email,
        "phone": _phone(person),
        "company": person.company,
        "address": person.address,
        "zip": zip,
        "city": city,
    }
    return (
        "---\n"
        + "".join(f'{name}: "{value}"\n' for name, value in fields.items() if value)
        + "---\n"
    )


def _phone(person: Person) -> str:
    digits = person.phone
    forms = ("+49 {} {}", "0{} {}", "0{}/{}", "+49{}{}", "0049 {}-{}")
    area = 2 if digits.startswith("30") else 3
    return forms[person.phone_form].format(digits[:area], digits[area:]) if digits else ""


def book(root: Path, size: int, seed: int) -> tuple[Path, set[frozenset[str]]]:
    """Write the book, commit it, and give its folder and the planted pairs of ids."""
    rng = random.Random(seed)
    found, pairs = people(size, rng)
    for n, person in enumerate(found):
        person.id = f"{slug(person.written or f'{person.first} {person.last}')}-{n}"
        target = root / path("contacts", person.id, n)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_text(person), "utf-8")
    (root / "companies").mkdir()
    for firm in {person.company for person in found if person.company}:
        name = firm.replace("-", " ").title()
        (root / "companies" / f"{firm}.md").write_text(
            f"---\nname: {name}\ndomain: {firm}.example\n---\n"
        )
    (root / "plaincrm.yaml").write_text(SETTINGS)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", f"{size} contacts")
    return root, {frozenset((found[a].id, found[b].id)) for a, b in pairs}


def main(size: int = 10_000, seed: int = 1) -> None:
    from plaincrm.crm.book import Book
    from plaincrm.crm.duplicates.pairs import pairs

    with tempfile.TemporaryDirectory() as folder:
        root, planted = book(Path(folder) / "book", size, seed)
        start = perf_counter()
        sum(1 for _ in Book.open(root).store.all())
        cold = perf_counter() - start
        start = perf_counter()
        found = pairs(Book.open(root), ["contact"])
        took = perf_counter() - start
    named = {frozenset((pair.keep.id, pair.duplicate.id)) for pair in found}
    right = len(named & planted)
    print(
        f"{size} contacts, {len(planted)} planted duplicates, seed {seed}: {len(named)} pairs"
        " listed"
    )
    print(f"precision {right / len(named):.3f}  recall {right / len(planted):.3f}")
    print(f"{took:.2f} s; the cold index {cold:.2f} s; ratio {took / cold:.1f}")
    if "--why" in sys.argv:
        wrong = [
            pair for pair in found if frozenset((pair.keep.id, pair.duplicate.id)) not in planted
        ]
        for pair in wrong:
            print("wrong ", pair.score, pair.keep.id, pair.duplicate.id, *pair.reasons, sep="  ")
        for missed in planted - named:
            print("missed", *sorted(missed), sep="  ")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:] if word.isdigit()))

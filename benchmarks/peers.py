"""The peers, each on the same facts in its own format; those that are not installed are left out by
name.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Bench

# As `targets.py` calls them.
QUESTIONS = ("list contacts +vip, --json", "pipeline --json", "show REF --json")
VIP, PIPELINE, SHOW = QUESTIONS
_FIELD = re.compile(r"^(\w+): (.*)$", re.MULTILINE)
Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Peer:
    """What a peer took for a question that plaincrm answers too."""

    name: str
    question: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Facts:
    contacts: list[Fields]
    deals: list[Fields]


def facts(book: Path) -> Facts:
    """The fields of the book's contacts and deals, with their ids."""
    return Facts(*(list(_read(book / kind)) for kind in ("contacts", "deals")))


def _read(folder: Path) -> Iterator[Fields]:
    for path in sorted(folder.rglob("*.md")):
        front = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n").split("---\n")[1]
        yield {"id": path.stem, "name": path.stem, **dict(_FIELD.findall(front))}


def measured(
    found: Facts, where: Path, runs: int, environ: dict[str, str]
) -> tuple[list[Peer], list[str]]:
    """Every peer that is installed, timed in a folder of its own; and the names of the others."""
    peers, absent = [], []
    for name, make in PEERS.items():
        if shutil.which(name, path=environ.get("PATH")) is None:
            absent.append(name)
            continue
        folder = where / name
        folder.mkdir(parents=True)
        for question, words in make(found, folder):
            bench = Bench(
                folder, runs, {**environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
            )
            peers.append(Peer(name, question, bench.time(words).median))
    return peers, absent


Questions = Iterable[tuple[str, list[str]]]


def _recsel(found: Facts, folder: Path) -> Questions:
    parts = [
        "%rec: Contact",
        *map(_recutils, found.contacts),
        "%rec: Deal",
        *map(_recutils, found.deals),
    ]
    (folder / "book.rec").write_text("\n\n".join(parts) + "\n")
    yield VIP, ["recsel", "-t", "Contact", "-e", "tags ~ 'vip'", "book.rec"]
    yield PIPELINE, ["recsel", "-t", "Deal", "-p", "stage,Count(id)", "-G", "stage", "book.rec"]
    yield SHOW, ["recsel", "-t", "Contact", "-e", f"id = '{found.contacts[0]['id']}'", "book.rec"]


def _recutils(fields: Fields) -> str:
    return "\n".join(f"{name}: {value}" for name, value in fields.items())


def _hledger(found: Facts, folder: Path) -> Questions:
    (folder / "deals.journal").write_text("\n".join(map(_transaction, found.deals)))
    yield PIPELINE, ["hledger", "-f", "deals.journal", "balance", "stage", "--flat"]


def _transaction(deal: Fields) -> str:
    amount, _, rest = deal.get("value", "0").partition(" ")
    unit = rest.partition("/")[0] or "EUR"
    return (
        f"{deal['created']} {deal['name']}\n    stage:{deal['stage']}  {amount} {unit}\n    open\n"
    )


def _khard(found: Facts, folder: Path) -> Questions:
    cards = folder / "cards"
    cards.mkdir()
    for each in found.contacts:
        (cards / f"{each['id']}.vcf").write_text(_vcard(each))
    (folder / "khard").mkdir()
    (folder / "khard" / "khard.conf").write_text(f"[addressbooks]\n[[book]]\npath = {cards}\n")
    yield VIP, ["khard", "list", "vip"]
    yield SHOW, ["khard", "show", f"uid:{found.contacts[0]['id']}"]


def _vcard(contact: Fields) -> str:
    tags = contact.get("tags", "").strip("[]")
    first, _, last = contact["name"].partition(" ")
    return (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{contact['id']}\r\nFN:{contact['name']}\r\nN:{last};{first};;;\r\n"
        f"EMAIL:{contact.get('email', '')}\r\nCATEGORIES:{tags}\r\nEND:VCARD\r\n"
    )


def _jsoncrm(found: Facts, folder: Path) -> Questions:
    leads = [{**each, "url": f"https://people.example/{each['id']}"} for each in found.contacts]
    for name, records in (("leads", leads), ("prospects", []), ("customers", [])):
        (folder / f"{name}.json").write_text(json.dumps(records, indent=2))
    # It finds fields that are exactly so, of contacts only: fewer than asked for, and no pipeline
    # of deals.
    exactly = json.dumps({"tags": "[vip]"})
    yield (
        VIP,
        ["jsoncrm", "find", "--json", "--database_file", "leads.json", "--item_json", exactly],
    )
    yield SHOW, ["jsoncrm", "search", found.contacts[0]["name"]]


def _hermitcrm(found: Facts, folder: Path) -> Questions:
    Bench(folder, 1, {}).output(["hermitcrm", "init", "--no-setup", "book"])
    share = max(len(found.contacts) // max(len(found.deals), 1), 1)
    for n, deal in enumerate(found.deals):
        place = folder / "book" / "companies" / deal["id"]
        (place / "contacts").mkdir(parents=True)
        stage = {"won": "customer", "lost": "lost"}.get(deal["stage"], "prospect")
        made = f"created: {deal['created']}T09:00\nupdated: {deal['created']}T09:00"
        (place / "company.md").write_text(
            f"---\nname: {deal['name']}\nslug: {deal['id']}\nstage: {stage}\n{made}\n---\n"
        )
        for each in found.contacts[n * share : (n + 1) * share]:
            first, _, last = each["name"].partition(" ")
            (place / "contacts" / f"{each['id']}.md").write_text(
                f"---\nfirst_name: {first}\nlast_name: {last}\nslug: {each['id']}\n{made}\n---\n"
            )
    yield SHOW, ["hermitcrm", "--data", "book", "show", found.deals[0]["id"]]
    yield PIPELINE, ["hermitcrm", "--data", "book", "report"]


PEERS: dict[str, Callable[[Facts, Path], Questions]] = {
    "recsel": _recsel,
    "hledger": _hledger,
    "khard": _khard,
    "jsoncrm": _jsoncrm,
    "hermitcrm": _hermitcrm,
}

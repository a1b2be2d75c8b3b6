"""A small book made of text, the context it lies in, and a way to ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from plaincrm.core import query
from plaincrm.core.query import Query
from plaincrm.core.records import line_records
from plaincrm.core.records.facts import Context, Fact, Facts, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.segment import Segment
from plaincrm.core.records.store import Store
from plaincrm.core.schema import builtin
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.schema.settings import Settings
from plaincrm.core.value_class import changed
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.money import Rates

NOW = datetime(2026, 11, 22, 9, 30)
SCHEMA = builtin.schema()
FILES = {
    "contact/ada": (
        """name: Ada Lovelace
email: {work: ada@x.org, home: a@home.example}
phone: +44 20 7946 0018
company: acme
tags: [vip, Big Client]
status: customer
cadence: 30d
birthday: 12-31
next: 2026-12-01 Send the contract
unsubscribed: yes
diet: vegan
shoe: 38"""
    ),
    "contact/ola": (
        """name: Ola Müller
company: [fjord, acme]
birthday: 1985-01-02
referred_by: ada
shoe: 9
since: 2025-03-01"""
    ),
    "contact/eve": "name: Eve\nstatus: prospect\nemail: ",
    "company/acme": "name: Acme\ncountry: NO\nzip: 02142",
    "company/fjord": "name: Fjord AS\ncountry: DE\naliases: [old-fjord]",
    "deal/site": (
        """name: Website
contact: {main: ada, billing: ola}
company: acme
stage: won
value: 6000
closed: 2026-10-15
close_date: 2026-10-31"""
    ),
    "deal/logo": (
        """name: Logo
contact: ada
stage: lead
value: 1000 USD
close_date: 2026-11-25
created: 2026-11-01"""
    ),
    "deal/care": (
        """name: Care
contact: ola
company: fjord
stage: proposal
value: 300/month
probability: 0.5"""
    ),
    "deal/idea": "name: Idea\ncompany: old-fjord",
    "deal/odd": "name: Odd\nstage: haggling\nvalue: 1200 EUR/year",
    "ticket/login": (
        """subject: Login broken
contact: ada
status: open
opened: 2026-11-20 14:30
priority: high"""
    ),
    "ticket/old": "subject: Old one\ncontact: ada\nstatus: solved\nopened: 2026-01-02",
}
BODIES = {
    "contact/ada": (
        """Likes her website a lot.

- [ ] Send the contract due:2026-11-20 pri:high
- [ ] invoice 2026-031 1200 EUR due:2026-12-01
- [x] Ask for a reference due:2026-10-01 done:2026-10-03
- [ ] Later t:2027-01-01

## Log
- 2026-10-03 10:00 call with ola: Budget
- 2026-10-05 call: Again
- 2026-11-21 email out: Sent it. <1@x.example>
- 2026-11-01 order: 500 EUR retainer
"""
    ),
    "deal/site": "## Log\n- 2026-10-15 stage: proposal -> won\n",
}
FACTS = (
    Fact("deal", "is:won", "bool", Needs.FILE, "", lambda record, _: record.text("stage") == "won"),
    Fact(
        "deal",
        "is:open",
        "bool",
        Needs.FILE,
        "",
        lambda record, _: record.text("stage") in ("lead", "proposal"),
    ),
    Fact(
        "ticket",
        "is:open",
        "bool",
        Needs.FILE,
        "",
        lambda record, _: record.text("status") == "open",
    ),
    Fact("ticket", "sla.due", "datetime", Needs.FILE, "", lambda record, _: record.value("opened")),
    Fact(
        "contact",
        "idle",
        "duration",
        Needs.FILE,
        "",
        lambda r, _: {"ada": Duration(100, "d"), "ola": 5}.get(r.id),
    ),
    Fact(
        "contact",
        "last_touch",
        "date",
        Needs.FILE,
        "",
        lambda r, _: {"ada": date(2026, 8, 1)}.get(r.id),
    ),
    Fact(
        "contact",
        "score",
        "number",
        Needs.FILE,
        "",
        lambda r, _: {"ada": 80, "ola": Decimal("12.5")}.get(r.id),
    ),
)
SEGMENTS = {
    segment.name: segment
    for segment in (
        Segment("warm", "contact", ("status:customer", "or", "status:prospect")),
        Segment("warm-vips", "contact", ("@warm", "+vip")),
        Segment("frozen", "contact", ids=("contact/ola", "EVE")),
        Segment("dearest", "deal", ("has:value", "value.above:0", "sort:-value", "limit:1")),
        Segment("by-name", "contact", ("sort:-name",)),
        Segment("egg", "contact", ("@hen",)),
        Segment("hen", "contact", ("@egg",)),
    )
}
SETTINGS = Settings(
    rates=Rates("EUR", {"USD": {"2026-10": Decimal("0.5"), "2026-11": Decimal("0.9")}})
)


@dataclass(frozen=True)
class Book:
    """A context, how often each body was read, and short ways to ask."""

    context: Context
    bodies: list[str]

    def query(self, kind: str, *words: str) -> Query:
        return query.compile(words, self.kind(kind), self.context)

    def ask(self, kind: str, *words: str) -> list[str]:
        """The ids that a query finds, in its order; found by columns first they are the same."""
        asked = self.query(kind, *words)
        found = asked.select(self.records(kind))
        if not line_records.find(kind):
            assert list(asked.arrange(asked.all())) == found
        return [record.id for record in found]

    def kind(self, word: str) -> Kind:
        found = line_records.find(word) or self.context.store.schema.find(word)
        assert found is not None
        return found

    def records(self, word: str) -> list[Any]:
        if line_records.find(word):
            return list(line_records.every(self.context.store, "log" if word == "log" else "tasks"))
        return self.context.store.records(self.kind(word).name)


def book(
    files: Mapping[str, str] = FILES, facts: Iterable[Fact] = FACTS, settings: Settings = SETTINGS
) -> Book:
    """A book of `kind/id` to front matter; bodies are read apart and noted, as a cache does it."""
    read: list[str] = []
    store = Store(
        SCHEMA,
        lambda kind: [_record(path, text, read) for path, text in files.items() if _is(path, kind)],
    )
    context = Context(store, settings, NOW, Facts(facts))
    return Book(changed(context, segments=SEGMENTS), read)


def _is(path: str, kind: str) -> bool:
    return path.partition("/")[0] == kind


def _record(path: str, fields: str, read: list[str]) -> Record:
    kind, _, id = path.partition("/")
    text = f"---\n{fields}\n---\n{BODIES.get(path, '')}"
    whole = Record.read(SCHEMA.kinds[kind], id, f"{SCHEMA.kinds[kind].folder}/{id}.md", text)
    return Record(whole.kind, id, whole.path, whole.fields, _noted(path, text, read))


def _noted(path: str, text: str, read: list[str]) -> Callable[[], str]:
    def load() -> str:
        read.append(path)
        return text

    return load

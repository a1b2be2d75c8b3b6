"""Who is who: the records of a book, and those that an import is about to make, by all that names them.

Built once a kind, in one pass; every look-up afterwards is a look into a table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from plaincrm.core import ids
from plaincrm.core.raw import Raw
from plaincrm.core.record import Record, items
from plaincrm.core.schema import Kind
from plaincrm.core.store import Store
from plaincrm.core.types import fold


@dataclass(eq=False)
class Target:
    """A record that rows may be about: one of the book, or (`record` None) one that the import makes."""

    kind: Kind
    id: str
    fields: dict[str, Raw]
    record: Record | None = None
    body: str = ""
    rows: int = 0  # how many rows are about it
    keys: set[str] = field(default_factory=set)  # the external ids, by field, that these rows have
    settled: bool = False  # whether one of them was written

    @property
    def ref(self) -> str:
        return f"{self.kind.name}/{self.id}"

    def texts(self, name: str) -> list[str]:
        return [item.text for item in items(self.fields.get(name))]


class Index:
    """Look-ups by id, external id, e-mail, domain and name, over the store and what was added."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by: dict[str, defaultdict[tuple[str, str], dict[Target, None]]] = {}
        self._all: dict[str, list[Target]] = {}
        self._ids: dict[str, dict[str, Target]] = {}
        self._external: defaultdict[str, set[str]] = defaultdict(set)

    def count(self, kind: Kind) -> int:
        """How many records of the kind there are, new ones too."""
        self._load(kind)
        return len(self._all[kind.name])

    def get(self, kind: Kind, id: str) -> Target | None:
        """The record of that id or alias."""
        self._load(kind)
        return self._ids[kind.name].get(fold(id))

    def find(self, kind: Kind, by: str, value: str) -> list[Target]:
        """The records that `value` names; `by` is id, name, email, domain, or an external id's field."""
        self._load(kind)
        if by == "id":
            found = self.get(kind, value)
            return [found] if found else self.find(kind, "name", value)
        if by not in ("name", "email", "domain"):
            self._learn(kind, by)
        return list(self._by[kind.name].get((by, _normal(by, value)), ()))

    def free(self, kind: Kind, wanted: str) -> str:
        self._load(kind)
        return ids.free(wanted, lambda id: fold(id) in self._ids[kind.name])

    def add(self, target: Target) -> None:
        self._load(target.kind)
        self._put(target)

    def also(self, target: Target, fields: Mapping[str, Raw], key: str = "") -> None:
        """A row about `target` has these fields, and `key` for its external id: it is found by them too."""
        if key and key != "id":
            self._learn(target.kind, key)
            target.keys.add(key)
        self._name(Target(target.kind, target.id, dict(fields)), target)

    def _load(self, kind: Kind) -> None:
        if kind.name in self._all:
            return
        self._by[kind.name], self._all[kind.name], self._ids[kind.name] = defaultdict(dict), [], {}
        for record in self._store.records(kind.name):
            self._put(Target(kind, record.id, dict(record.fields), record))

    def _put(self, target: Target) -> None:
        self._all[target.kind.name].append(target)
        taken = self._ids[target.kind.name]
        for id in (target.id, *target.texts("aliases")):
            taken.setdefault(fold(id), target)
        self._name(target, target)

    def _name(self, named: Target, target: Target) -> None:
        table = self._by[target.kind.name]
        for by, value in self._names(named):
            table[by, value][target] = None

    def _names(self, target: Target) -> Iterator[tuple[str, str]]:
        titles, addresses = target.texts(target.kind.title), target.texts("email")
        said = {"name": titles, "email": addresses, "domain": domains(target.fields)}
        for by, texts in said.items():
            yield from ((by, key) for text in texts if (key := _normal(by, text)))
        for by in self._external[target.kind.name]:
            yield from ((by, text) for text in target.texts(by))

    def _learn(self, kind: Kind, name: str) -> None:
        """The field of an external id is asked for the first time: all records are entered under theirs."""
        known = self._external[kind.name]
        if name not in known:
            known.add(name)
            for target in self._all[kind.name]:
                self._name(target, target)


def domains(fields: Mapping[str, Raw]) -> list[str]:
    """The mail domains and hosts by which a company is known."""
    hosts = [item.text for item in items(fields.get("domain"))]
    sites = (item.text for item in items(fields.get("website")))
    return [*hosts, *(host for site in sites if (host := _host(site)))]


def _host(site: str) -> str:
    try:
        return urlsplit(site if "//" in site else f"//{site}").hostname or ""
    except ValueError:
        return ""


def _normal(by: str, value: str) -> str:
    text = fold(" ".join(value.split()))
    return text.removeprefix("www.") if by == "domain" else text if by in ("name", "email") else value


def contradicts(target: Target, fields: Mapping[str, Raw], names: Iterable[str]) -> bool:
    """Whether one of the fields says another thing of `target` than `fields` do; blanks contradict nothing."""
    for name in names:
        there, here = ({fold(item.text) for item in items(raw)} for raw in (target.fields.get(name), fields.get(name)))
        if there and here and not there & here:
            return True
    return False

"""Who is who: the records of a book, and those that an import is about to make, by all that names
them.

Built once a kind, in one pass; every look-up afterwards is a look into a table. What a new record
is known by lies with its draft, and only hashes of it are in memory (`key_table`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Protocol

from plaincrm.core.records.erasure import place_hash
from plaincrm.core.records.record import Record
from plaincrm.core.records.store import Store
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.values import ids
from plaincrm.core.values.raw import Raw, items
from plaincrm.crm.importing import shared_hosts
from plaincrm.crm.importing.key_table import KeyTable

_NAMED = ("name", "email", "domain", "phone")


class FieldsAside(Protocol):
    """Fields of drafts that were put aside, by the draft's number."""

    def fields(self, number: int) -> dict[str, Raw]: ...


class KnownRecord:
    """A record that rows may be about: one of the book, or (`record` None) one that the import
    makes.

    The fields of a new one are `said` by its first row; there are many of them, so they are read
    from the `drafts` again when somebody asks. Those of a record that several rows are about are
    kept.
    """

    __slots__ = (
        "_fields",
        "drafts",
        "id",
        "keys",
        "kind",
        "path",
        "record",
        "rows",
        "said",
        "staged",
    )

    def __init__(
        self,
        kind: Kind,
        id: str,
        path: str,
        fields: dict[str, Raw] | None = None,
        record: Record | None = None,
    ) -> None:
        self.kind, self.id, self.path, self.record = kind, id, path, record
        self.rows = 0  # how many rows are about it
        self.keys: tuple[str, ...] = ()  # the external ids, by field, that these rows have
        self.staged = record is not None  # whether its file is there, or planned
        self.drafts: FieldsAside | None = None
        self.said = -1
        self._fields = fields

    @property
    def ref(self) -> str:
        return f"{self.kind.name}/{self.id}"

    @property
    def fields(self) -> Mapping[str, Raw]:
        if self.record is not None:
            return self.record.fields
        if self._fields is None and self.drafts is not None:
            return self.drafts.fields(self.said)
        return self._fields or {}

    @fields.setter
    def fields(self, fields: dict[str, Raw]) -> None:
        self._fields = fields

    def say(self, drafts: FieldsAside, number: int) -> None:
        """From now on its fields are those of that draft."""
        self.drafts, self.said, self._fields = drafts, number, None

    def has(self, fields: Mapping[str, Raw]) -> bool:
        """Whether these are the very fields with which it was entered."""
        return self._fields is fields

    def texts(self, name: str) -> list[str]:
        return [item.text for item in items(self.fields.get(name))]


class RecordIndex:
    """Look-ups by id, external id, e-mail, domain and name, over the store and what was added.
    `forgotten` are the hashes of places where somebody was who was forgotten.
    """

    def __init__(self, store: Store, forgotten: Collection[str] = ()) -> None:
        self._store = store
        self._forgotten = frozenset(forgotten)
        self._by: dict[str, dict[str, KeyTable[KnownRecord]]] = {}
        self._all: dict[str, list[KnownRecord]] = {}
        self._ids: dict[str, dict[str, KnownRecord]] = {}

    def kind(self, name: str) -> Kind | None:
        """The kind of that name."""
        return self._store.schema.kinds.get(name)

    def count(self, kind: Kind) -> int:
        """How many records of the kind there are, new ones too."""
        self._load(kind)
        return len(self._all[kind.name])

    def get(self, kind: Kind, id: str) -> KnownRecord | None:
        """The record of that id or alias."""
        self._load(kind)
        return self._ids[kind.name].get(fold(id))

    def find(self, kind: Kind, by: str, value: str) -> list[KnownRecord]:
        """The records that `value` names; `by` is id, name, email, domain, or an external id's
        field. A `ref` is found as an id is, and nobody is made for it.
        """
        self._load(kind)
        if by in ("id", "ref"):
            found = self.get(kind, value)
            return [found] if found else self.find(kind, "name", value)
        self.learn(kind, by)
        return self._by[kind.name][by].find(_normal(by, value))

    def free(self, kind: Kind, wanted: str) -> str:
        self._load(kind)
        taken = self._ids[kind.name]
        return ids.free(wanted, lambda id: fold(id) in taken or self.was_forgotten(kind, id))

    def was_forgotten(self, kind: Kind, id: str) -> bool:
        """Whether the record of that id was forgotten: nobody else gets the id."""
        return bool(self._forgotten) and place_hash(kind.folder, id) in self._forgotten

    def new(self, kind: Kind, id: str, fields: dict[str, Raw]) -> KnownRecord:
        """Enters a record that the import makes."""
        target = KnownRecord(kind, id, ids.path(kind.folder, id, self.count(kind)), fields)
        self._put(target)
        for by, table in self._by[kind.name].items():
            for key in _keys(by, target):
                table.enter_own(key, len(self._all[kind.name]) - 1)
        return target

    def also(self, target: KnownRecord, fields: Mapping[str, Raw], key: str = "") -> None:
        """A row about `target` has these fields, and `key` for its external id: it is found by them
        too.
        """
        if key and key != "id":
            self.learn(target.kind, key)
            target.keys = target.keys if key in target.keys else (*target.keys, key)
        if not target.has(fields):
            self._name(fields, target)

    def _load(self, kind: Kind) -> None:
        if kind.name in self._all:
            return
        self._all[kind.name], self._ids[kind.name] = [], {}
        self._by[kind.name] = {by: self._table(kind, by) for by in _NAMED}
        for record in self._store.records(kind.name):
            target = KnownRecord(kind, record.id, record.path, record=record)
            self._put(target)
            self._name(record.fields, target)

    def _table(self, kind: Kind, by: str) -> KeyTable[KnownRecord]:
        return KeyTable(self._all[kind.name], partial(_keys, by))

    def _put(self, target: KnownRecord) -> None:
        self._all[target.kind.name].append(target)
        taken = self._ids[target.kind.name]
        for id in (target.id, *target.texts("aliases")):
            folded = fold(id)
            taken.setdefault(id if id == folded else folded, target)

    def _name(self, fields: Mapping[str, Raw], target: KnownRecord) -> None:
        for by, table in self._by[target.kind.name].items():
            for text in _said(target.kind, by, fields):
                if key := _normal(by, text):
                    table.enter(key, target)

    def learn(self, kind: Kind, name: str) -> None:
        """The field of an external id is asked for: all records are entered under theirs, those
        to come too.
        """
        self._load(kind)
        if name not in self._by[kind.name]:
            table = self._by[kind.name][name] = self._table(kind, name)
            for target in self._all[kind.name]:
                for text in target.texts(name):
                    table.enter(text, target)


def _keys(by: str, target: KnownRecord) -> set[str]:
    """What a record is known by: its names, addresses, numbers …"""
    return {_normal(by, text) for text in _said(target.kind, by, target.fields)} - {""}


def _said(kind: Kind, by: str, fields: Mapping[str, Raw]) -> list[str]:
    if by == "domain":
        return domains(fields)
    return [item.text for item in items(fields.get(kind.title if by == "name" else by))]


def domains(fields: Mapping[str, Raw]) -> list[str]:
    """The mail domains and hosts by which a company is known; those that many share are none."""
    named = [*items(fields.get("domain")), *items(fields.get("website"))]
    return list(dict.fromkeys(filter(None, (shared_hosts.of_site(item.text) for item in named))))


def digits(text: str) -> str:
    """The last digits of a phone number, by which two ways of writing it are compared; empty where
    they are too few to tell."""
    found = re.sub(r"\D", "", re.sub(r"(?:ext|x|-)\.?\s*\d{1,4}$", "", text.casefold()))
    return found[-9:] if len(found) >= 7 else ""


def plain_name(text: str) -> str:
    """A name as names are compared: `Schmidt, Anna`, as a list sorts it, is Anna Schmidt."""
    words = " ".join(text.split())
    family, comma, given = words.partition(", ")
    return fold(f"{given} {family}" if comma and "," not in given else words)


def _normal(by: str, value: str) -> str:
    match by:
        case "domain":
            return shared_hosts.of_site(value)
        case "phone":
            return digits(value)
        case "name":
            return plain_name(value)
        case "email":
            return fold(" ".join(value.split()))
    return value


def contradicts(target: KnownRecord, fields: Mapping[str, Raw], names: Iterable[str]) -> str:
    """The first of the fields that says another thing of `target` than `fields` do, empty for none;
    blanks contradict nothing.
    """
    for name in names:
        there, here = _meant(target.fields.get(name), name), _meant(fields.get(name), name)
        if there and here and not there & here:
            return name
    return ""


def shares(target: KnownRecord, fields: Mapping[str, Raw], names: Iterable[str]) -> str:
    """The first of the fields of which both say the same, empty for none."""
    for name in names:
        if _meant(target.fields.get(name), name) & _meant(fields.get(name), name):
            return name
    return ""


def _meant(raw: Raw | None, name: str) -> set[str]:
    if name == "name":
        return {plain_name(item.text) for item in items(raw)} - {""}
    if name == "phone":
        return {digits(item.text) for item in items(raw)} - {""}
    return {fold(" ".join(item.text.split())) for item in items(raw)} - {""}

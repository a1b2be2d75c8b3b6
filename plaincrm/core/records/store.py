"""The in-memory store: records by kind and id, loaded a kind at a time when first asked for.

Ids and aliases are compared in NFC without case. Links resolve through aliases, so a rename breaks
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set

from plaincrm.core.records.collection import FEW, Collection
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Field, Schema
from plaincrm.core.text.fold import fold
from plaincrm.core.values.raw import Raw, items
from plaincrm.core.values.record_link import link_key

Loader = Callable[[str], "Collection | Iterable[Record]"]


class Store:
    """All records of a book. `loader(kind)` reads one kind; nothing is read before it is needed."""

    def __init__(self, schema: Schema, loader: Loader) -> None:
        self.schema = schema
        self._loader = loader
        self._kinds: dict[str, Collection] = {}
        self._aliases: dict[str, dict[str, Record]] = {}
        self._asked: dict[tuple[str, str], int] = {}  # how often for links back of a field
        self._near: dict[tuple[str, str, str], list[Record]] = {}  # what links to one record
        self._reverse: dict[tuple[str, str], dict[str, list[int]]] = {}
        self.version = 0  # counts the changes, for whoever keeps what it worked out

    @property
    def loaded(self) -> frozenset[str]:
        """The kinds that have been read so far."""
        return frozenset(self._kinds)

    def collection(self, kind: str) -> Collection:
        """The records of the kind, not yet made: for whoever can choose among them by one field."""
        if kind not in self._kinds:
            found = self._loader(kind)
            self._kinds[kind] = (
                found if isinstance(found, Collection) else Collection.of(fresh=found)
            )
        return self._kinds[kind]

    def records(self, kind: str) -> list[Record]:
        """Every record of the kind, in the order of their paths; files that share an id
        included.
        """
        return list(self.collection(kind))

    def twins(self, kind: str) -> list[Record]:
        """Records whose id another record of the kind has already taken."""
        collection = self.collection(kind)
        if len(collection.places) == len(collection):
            return []
        first = set(collection.places.values())
        return [record for place, record in enumerate(collection) if place not in first]

    def all(self) -> Iterator[Record]:
        for kind in self.schema.kinds:
            yield from self.collection(kind)

    def aliases(self, kind: str) -> dict[str, Record]:
        if kind not in self._aliases:
            carriers = self.collection(kind).carrying("aliases")
            self._aliases[kind] = {
                fold(alias): record for record in carriers for alias in record.aliases()
            }
        return self._aliases[kind]

    def get(self, kind: str, id: str) -> Record | None:
        """The record of that id or alias, or that a wiki link leads to."""
        key = link_key(id)
        return self.collection(kind).find(key) or self.aliases(kind).get(key)

    def taken(self, kind: str, id: str) -> bool:
        """Whether an id is in use, as an id or as an alias."""
        return self.get(kind, id) is not None

    def follow(self, record: Record, name: str) -> list[Record]:
        """The records that the link field `name` of `record` leads to; dangling links lead
        nowhere.
        """
        field = record.kind.fields.get(name)
        if field is None or not field.to:
            return []
        found = (self.get(field.to, item.text) for item in record.items(name))
        return [target for target in found if target is not None]

    def linked_from(self, record: Record, kind: str, name: str) -> list[Record]:
        """The records of `kind` whose link field `name` leads to `record`."""
        if record.kind.name != self._target(kind, name):
            return []
        key = kind, name, fold(record.id)
        known = self._reverse.get((kind, name))
        if known is not None and key[2] not in known:
            return []
        if key not in self._near:
            self._near[key] = self._linking(record, kind, name)
        return list(self._near[key])

    def _linking(self, record: Record, kind: str, name: str) -> list[Record]:
        """As `linked_from`. For a few records the column is looked through; `_reverse_index` costs
        as much as many such looks.
        """
        id, collection = fold(record.id), self.collection(kind)
        self._asked[kind, name] = self._asked.get((kind, name), 0) + 1
        if self._asked[kind, name] <= FEW and (kind, name) not in self._reverse:
            spellings = self.spellings(record.kind.name, {id})
            return collection.chosen(leading_to(spellings, collection.column(name)))
        return [collection[place] for place in self._reverse_index(kind, name).get(id, ())]

    def spellings(self, kind: str, ids: Set[str]) -> frozenset[str]:
        """The folded ids and aliases that lead to the records of these folded ids."""
        former = (alias for alias, record in self.aliases(kind).items() if fold(record.id) in ids)
        return frozenset(
            (*ids, *(alias for alias in former if self.collection(kind).find(alias) is None))
        )

    def links_to(self, record: Record) -> Iterator[tuple[Record, Field]]:
        """Every record that links to `record`, with the field that does."""
        for kind, field in self.schema.links_to(record.kind.name):
            for source in self.linked_from(record, kind.name, field.name):
                yield source, field

    def _target(self, kind: str, name: str) -> str:
        return self.schema.kinds[kind].fields[name].to

    def _reverse_index(self, kind: str, name: str) -> dict[str, list[int]]:
        if (kind, name) not in self._reverse:
            self._reverse[kind, name] = self._links(kind, name)
        return self._reverse[kind, name]

    def _links(self, kind: str, name: str) -> dict[str, list[int]]:
        """Folded id of a target to the places of the records of `kind` whose field `name` leads
        there.
        """
        index: dict[str, list[int]] = {}
        lead, collection = self.leading(self._target(kind, name)), self.collection(kind)
        for place, raw in enumerate(collection.column(name)):
            if raw is None:
                continue
            for key in dict.fromkeys(lead(item.text) for item in items(raw)):
                index.setdefault(key, []).append(place)
        return index

    def leading(self, kind: str) -> Callable[[str], str]:
        """A function that gives the folded id of the record of `kind` to which a link leads, if
        there is one.
        """
        former = {alias: fold(record.id) for alias, record in self.aliases(kind).items()}
        if not former:
            return link_key
        ids = self.collection(kind).places

        def lead(id: str) -> str:
            key = link_key(id)
            return key if key in ids else former.get(key, key)

        return lead

    def put(self, record: Record) -> None:
        """Add a record, or replace the one of its id."""
        kind = record.kind.name
        if kind in self._kinds:
            self._kinds[kind].put(record)
        self._forget(kind)

    def remove(self, kind: str, id: str) -> None:
        if kind in self._kinds:
            self._kinds[kind].remove(id)
        self._forget(kind)

    def _forget(self, kind: str) -> None:
        self.version += 1
        self._aliases.pop(kind, None)
        self._near.clear()
        self._reverse = {key: index for key, index in self._reverse.items() if key[0] != kind}
        for key in [key for key in self._reverse if self._target(*key) == kind]:
            del self._reverse[key]


def leading_to(spellings: Set[str], column: Sequence[Raw | None]) -> list[bool]:
    """Of each value of a link's column, whether it leads to a record of one of the folded
    `spellings`.
    """
    if _all_plain(column):
        return list(map(spellings.__contains__, column))
    return [
        raw is not None and any(link_key(item.text) in spellings for item in items(raw))
        for raw in column
    ]


def _all_plain(column: Sequence[Raw | None]) -> bool:
    """Whether all are texts, if anything, that folding would leave as they are; judged in one
    piece.
    """
    try:
        text = "\n".join(filter(None, column))  # type: ignore[arg-type]  # the error tells
    except TypeError:  # lists or maps
        return False
    wiki = "[" in text or "/" in text
    return not wiki and text.isascii() and text == text.casefold()

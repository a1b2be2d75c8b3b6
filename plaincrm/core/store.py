"""The in-memory store: records by kind and id, loaded a kind at a time when first asked for.

Ids and aliases are compared in NFC without case. Links resolve through aliases, so a rename breaks nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from plaincrm.core.record import Record
from plaincrm.core.schema import Field, Schema
from plaincrm.core.types import fold

Loader = Callable[[str], Iterable[Record]]


class Store:
    """All records of a book. `loader(kind)` reads one kind; nothing is read before it is needed."""

    def __init__(self, schema: Schema, loader: Loader) -> None:
        self.schema = schema
        self._loader = loader
        self._kinds: dict[str, dict[str, Record]] = {}
        self._twins: dict[str, list[Record]] = {}
        self._aliases: dict[str, dict[str, Record]] = {}
        self._reverse: dict[tuple[str, str], dict[str, list[Record]]] = {}
        self.version = 0  # counts the changes, for whoever keeps what it worked out

    @property
    def loaded(self) -> frozenset[str]:
        """The kinds that have been read so far."""
        return frozenset(self._kinds)

    def _kind(self, kind: str) -> dict[str, Record]:
        if kind not in self._kinds:
            by_id: dict[str, Record] = {}
            twins: list[Record] = []
            for record in self._loader(kind):
                key = fold(record.id)
                if key in by_id:
                    twins.append(record)
                else:
                    by_id[key] = record
            self._kinds[kind], self._twins[kind] = by_id, twins
        return self._kinds[kind]

    def records(self, kind: str) -> list[Record]:
        """Every record of the kind, in the order of their paths; files that share an id included."""
        return [*self._kind(kind).values(), *self._twins.get(kind, ())]

    def twins(self, kind: str) -> list[Record]:
        """Records whose id another record of the kind has already taken."""
        self._kind(kind)
        return self._twins[kind]

    def all(self) -> Iterator[Record]:
        for kind in self.schema.kinds:
            yield from self.records(kind)

    def aliases(self, kind: str) -> dict[str, Record]:
        if kind not in self._aliases:
            found = {fold(alias): record for record in self.records(kind) for alias in record.aliases()}
            self._aliases[kind] = found
        return self._aliases[kind]

    def get(self, kind: str, id: str) -> Record | None:
        """The record of that id or alias."""
        key = fold(id)
        return self._kind(kind).get(key) or self.aliases(kind).get(key)

    def taken(self, kind: str, id: str) -> bool:
        """Whether an id is in use, as an id or as an alias."""
        return self.get(kind, id) is not None

    def follow(self, record: Record, name: str) -> list[Record]:
        """The records that the link field `name` of `record` leads to; dangling links lead nowhere."""
        field = record.kind.fields.get(name)
        if field is None or not field.to:
            return []
        found = (self.get(field.to, item.text) for item in record.items(name))
        return [target for target in found if target is not None]

    def linked_from(self, record: Record, kind: str, name: str) -> list[Record]:
        """The records of `kind` whose link field `name` leads to `record`."""
        index = self._reverse_index(kind, name)
        return index.get(fold(record.id), []) if record.kind.name == self._target(kind, name) else []

    def links_to(self, record: Record) -> Iterator[tuple[Record, Field]]:
        """Every record that links to `record`, with the field that does."""
        for kind, field in self.schema.links_to(record.kind.name):
            for source in self.linked_from(record, kind.name, field.name):
                yield source, field

    def _target(self, kind: str, name: str) -> str:
        return self.schema.kinds[kind].fields[name].to

    def _reverse_index(self, kind: str, name: str) -> dict[str, list[Record]]:
        if (kind, name) not in self._reverse:
            index: dict[str, list[Record]] = defaultdict(list)
            target = self._target(kind, name)
            for source in self.records(kind):
                for id in dict.fromkeys(item.text for item in source.items(name)):
                    found = self.get(target, id)
                    key = fold(found.id if found else id)
                    if source not in index[key]:
                        index[key].append(source)
            self._reverse[kind, name] = dict(index)
        return self._reverse[kind, name]

    def put(self, record: Record) -> None:
        """Add a record, or replace the one of its id."""
        kind = record.kind.name
        if kind in self._kinds:
            self._kinds[kind][fold(record.id)] = record
        self._forget(kind)

    def remove(self, kind: str, id: str) -> None:
        if kind in self._kinds:
            self._kinds[kind].pop(fold(id), None)
        self._forget(kind)

    def _forget(self, kind: str) -> None:
        self.version += 1
        self._aliases.pop(kind, None)
        self._reverse = {key: index for key, index in self._reverse.items() if key[0] != kind}
        for key in [key for key in self._reverse if self._target(*key) == kind]:
            del self._reverse[key]

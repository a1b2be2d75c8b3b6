"""The ids that records get: of a new one, and of one that is renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plaincrm.core.records.erasure import place_hash
from plaincrm.core.values import ids

if TYPE_CHECKING:
    from collections.abc import Collection

    from plaincrm.core.records.record import Record
    from plaincrm.core.records.store import Store
    from plaincrm.core.schema.kinds import Kind


class RecordIds:
    """Ids that are free in `store`. `forgotten` are the hashes of places where somebody was who was
    forgotten: a sync would take a new record there for the old one.
    """

    def __init__(self, store: Store, forgotten: Collection[str]) -> None:
        self._store = store
        self._forgotten = forgotten

    def of_new(self, kind: Kind, title: str) -> str:
        """The id that a new record of that title gets; a ticket's has a random end."""
        wanted = ids.slug(title, kind.name)
        if kind.name == "ticket":
            import secrets

            wanted = ids.with_random(wanted, secrets.randbelow)
        return self._free(kind, wanted)

    def of_renamed(self, record: Record, title: str) -> str:
        """The id that goes with a new title; a ticket keeps its random end."""
        wanted = ids.slug(title, record.kind.name)
        if record.kind.name == "ticket" and "-" in record.id:
            ending = record.id.rpartition("-")[2]
            wanted = f"{wanted[: ids.LONGEST - 5].rstrip('-')}-{ending}"
        taken = self._store.get(record.kind.name, wanted)
        if taken is None or taken.ref == record.ref:
            return wanted
        return self._free(record.kind, wanted)

    def _free(self, kind: Kind, wanted: str) -> str:
        return ids.free(wanted, lambda id: self._taken(kind, id))

    def _taken(self, kind: Kind, id: str) -> bool:
        return self._store.taken(kind.name, id) or place_hash(kind.folder, id) in self._forgotten

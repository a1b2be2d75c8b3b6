"""Who got which mail of this book, by the hashes in the mails' ids."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from plaincrm.core.records.facts import Context
from plaincrm.core.schema.kinds import Kind
from plaincrm.crm.importing.identity_map import KnownRecord, RecordIndex
from plaincrm.crm.mail_events import NAME
from plaincrm.marketing.message_ids import hash_of


class Correspondents:
    """The contact to whom a mail went, found by its id."""

    def __init__(self, context: Context, index: RecordIndex, contact: Kind) -> None:
        self._context, self._index, self._contact = context, index, contact

    def of(self, ids: Iterable[str]) -> KnownRecord | None:
        """The contact who got the first of these mails that is one of ours; None for others'."""
        for each in filter(None, map(hash_of, ids)):
            if each in self._by_hash:
                return self._index.get(self._contact, self._by_hash[each])
        return None

    @cached_property
    def _by_hash(self) -> dict[str, str]:
        found: dict[str, str] = {}
        column = self._context.column("contact", NAME)
        ids = self._context.store.collection("contact").ids()
        for id, rows in zip(ids, column, strict=True):
            for row in rows or ():
                if row[1] == "out" and (hash := hash_of(row[2])):
                    found[hash] = id
        return found

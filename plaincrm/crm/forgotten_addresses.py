"""Addresses of people who were forgotten: nobody with one of them comes into the book unsaid."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from plaincrm.book.source import Source
from plaincrm.core.records import erasure
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import Raw, items
from plaincrm.errors import Refused
from plaincrm.marketing.consent import suppression_hash


@value
class ForgottenAddresses:
    """The book's list of hashes, `.plaincrm/erased`."""

    hashes: Collection[str]

    @classmethod
    def read(cls, source: Source) -> ForgottenAddresses:
        data = source.file(erasure.PATH) or b""
        return cls(data.decode("ascii", "replace").split())

    def of(self, fields: Mapping[str, Raw]) -> dict[str, str]:
        """The addresses of a record that are on the list, by their hashes."""
        if not self.hashes:
            return {}
        found = {suppression_hash(item.text): item.text for item in items(fields.get("email"))}
        return {each: text for each, text in found.items() if each in self.hashes}

    def refuse(self, fields: Mapping[str, Raw], command: str) -> None:
        """Raises Refused for a record with one of them."""
        for address in self.of(fields).values():
            raise Refused(
                f"{address} was forgotten here (plaincrm privacy forget)",
                f"if they came back on their own: plaincrm {command or 'add'} … --again",
            )

"""May this person get this mail? Every way to a mail asks here, and nowhere else.

Drafts ask when they are rendered (`mailing/render.py`), again when they become bytes
(`mailing/write.py`), and a last time before they are sent (`mailing/deliver.py`). A test holds that
no module asks, builds or sends past them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.values.raw import items
from plaincrm.marketing import consent

if TYPE_CHECKING:
    from plaincrm.marketing.templates.file import Kind

NOT_BY_MAIL = ("phone", "message", "post")  # of `prefers:`: then a task stands for the mail


class MailPermission:
    """The rules of consent over the people and the lists of a book."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def refusal(self, contact: Record, kind: Kind) -> str:
        """Why the contact may not get mail of this kind, in a word or two; empty where it may."""
        lists = self._context.lists
        found = consent.refusal(
            contact.fields, kind, suppressed=lists["suppressed"], erased=lists["erased"]
        )
        return found or ""

    def refused_address(self, address: str, kind: Kind) -> str:
        """Why nobody may be written to at an address, whosever it is; empty where one may.

        For the copies of a mail, and for drafts whose `To:` was changed by hand.
        """
        lists, digest = self._context.lists, consent.suppression_hash(address)
        if digest in lists["erased"]:
            return f"{address}: erased"
        if kind == "bulk" and digest in lists["suppressed"]:
            return f"{address}: {consent.LISTED}"
        wanted = consent.normal(address)
        for owner in self._owners.get(wanted, ()):
            if wanted in {consent.normal(item.text) for item in owner.items("bounced")}:
                return f"{address}: bounced"
            # The address is the question here, not whether the owner has another one.
            found = consent.refusal({**owner.fields, "email": address, "bounced": ""}, kind)
            if found and not found.startswith("invalid"):
                return f"{address}: {found}"
        return ""

    def other_way(self, contact: Record, kind: Kind) -> str:
        """How the contact wants to be reached instead of by mail: `phone`, `message`, `post`; empty
        where mail is right. Whoever wrote is answered by mail all the same.
        """
        word = contact.text("prefers").casefold()
        return word if word in NOT_BY_MAIL and kind != "reply" else ""

    @cached_property
    def _owners(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for address, place in self._addresses():
            record = self._context.store.collection("contact")[place]
            found.setdefault(consent.normal(address), []).append(record)
        return found

    def _addresses(self) -> Iterator[tuple[str, int]]:
        column = self._context.store.collection("contact").column("email")
        for place, raw in enumerate(column):
            for item in items(raw) if raw else ():
                yield item.text, place

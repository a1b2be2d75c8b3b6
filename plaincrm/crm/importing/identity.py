"""Which record a row is about, and by what: its id, its e-mail, domain or phone, or its name. Never
a guess.

A name alone is no proof. Where the record of that name has another address, number or town it is
somebody else, unless the user says that names are enough (`--match name`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.core.values.raw import Raw, items
from plaincrm.core.values.types import read
from plaincrm.crm.importing.identity_map import (
    KnownRecord,
    RecordIndex,
    contradicts,
    domains,
    plain_name,
    shares,
)
from plaincrm.errors import Ambiguous, Refused
from plaincrm.interchange.csv.column_words import word_set
from plaincrm.interchange.csv.draft import Draft, LinkHint

Match = Literal["", "id", "email", "phone", "name", "ask"]
"""The weakest proof that the user takes: `id` alone; `email` (of companies the domain) too; `phone`
too; `name` whatever else differs; `ask` where it is a name alone. Empty: a name only where nothing
contradicts it."""
Decide = Callable[[str, Sequence[str]], str]
"""Asked with a name and the records (`kind/id`) that have it: the one that is meant, or empty for
somebody new."""
MATCHES: tuple[Match, ...] = ("id", "email", "phone", "name", "ask")
_ID = re.compile(r"[^\W_][^/\\\x00-\x1f\x7f]{0,199}")
_WHOLE = ("company", "contact")
"""Kinds of which two rows of one name, otherwise equal, are one record."""
_ELSE: Mapping[str, tuple[str, ...]] = {
    "contact": ("email", "phone", "city", "birthday"),
    "company": ("vat_id", "city", "zip"),
}
"""What makes a record of the same name another one, if it differs."""
_OFFICES = word_set(
    "info office mail kontakt contact hello hallo hi team sales support service admin post buero"
    " sekretariat empfang reception bonjour ciao hola welcome vertrieb rechnung billing accounting"
    " invoice buchhaltung einkauf verkauf shop order orders bestellung noreply no-reply"
)
"""Addresses of offices: several people have them."""


@dataclass(frozen=True, slots=True)
class Identified:
    """Who a row is about (None: somebody new), and by what that is known.

    `like`: a record of the same name that it is not, and the field that says so.
    """

    target: KnownRecord | None = None
    by: str = ""
    like: str = ""


@dataclass(frozen=True)
class Identity:
    """Finds the records of rows. `match` is the weakest proof that counts."""

    index: RecordIndex
    currency: str = ""
    match: Match = ""
    decide: Decide | None = None

    def of(self, kind: Kind, draft: Draft, fields: Mapping[str, Raw]) -> Identified:
        """The record that the row is about. Raises Ambiguous; Refused for an id that belongs to
        another record, and with `ask` for a name alone."""
        if draft.key_field == "id" and draft.key:
            found = self._own(kind, draft, fields)
            if found or _is_id(draft.key):
                return Identified(found, "id" if found else "")
        elif draft.key:
            by_key = self.index.find(kind, draft.key_field, draft.key)
            same = [target for target in by_key if not self._another(target, kind, fields)]
            if same:
                return Identified(_single(same, f"{draft.key_field} {draft.key}"), draft.key_field)
            ours = self.index.get(kind, draft.key)
            if ours and not by_key and shares(ours, fields, (kind.title,)):
                return Identified(ours, "id")  # an id of this book, exported in a foreign shape
        return self._by_looks(kind, draft, fields)

    def key_is_taken(self, kind: Kind, draft: Draft, fields: Mapping[str, Raw]) -> bool:
        """Whether the row's id is that of somebody else in the same file, and so no id."""
        if not draft.key or draft.key_field == "id":
            return False
        found = self.index.find(kind, draft.key_field, draft.key)
        return any(self._another(target, kind, fields) for target in found)

    def _own(self, kind: Kind, draft: Draft, fields: Mapping[str, Raw]) -> KnownRecord | None:
        found = self.index.get(kind, draft.key)
        differs = found and contradicts(found, fields, (kind.title,))
        if found and differs and contradicts(found, fields, ("email", "domain")):
            raise Refused(
                f"the id {draft.key} is that of another {kind.name}", "give the row another id"
            )
        return found

    def _another(self, target: KnownRecord, kind: Kind, fields: Mapping[str, Raw]) -> bool:
        """Whether a record of the same foreign id is somebody else all the same.

        An id outlives a new name and a new address, but not within one file: where it stands there
        with two names, it is none."""
        if not target.rows or not contradicts(target, fields, (kind.title,)):
            return False
        return not shares(target, fields, ("email", "phone", "domain"))

    def _by_looks(self, kind: Kind, draft: Draft, fields: Mapping[str, Raw]) -> Identified:
        if self.match == "id":
            return Identified()
        by, values = "email", _addresses(kind, fields)
        if kind.name == "company":
            by, values = "domain", domains(fields)
        near = self._near(kind, by, values, draft)
        same = _same_title(near, kind, fields)
        found = same or [t for t in near if not t.rows and not _office(values, by)]
        if found:
            return Identified(_single(_once(found), f"{by} {', '.join(values)}"), by)
        return self._by_phone(kind, draft, fields) or self._by_name(kind, draft, fields)

    def _near(self, kind: Kind, by: str, values: Iterable[str], draft: Draft) -> list[KnownRecord]:
        found = (t for value in values for t in self.index.find(kind, by, value))
        return [target for target in found if _may_be(target, draft)]

    def _by_phone(self, kind: Kind, draft: Draft, fields: Mapping[str, Raw]) -> Identified | None:
        """By a number and the name; by the number alone if the user says so."""
        if kind.name not in _WHOLE or self.match == "email":
            return None
        numbers = [item.text for item in items(fields.get("phone"))]
        near = _once(self._near(kind, "phone", numbers, draft))
        if self.match != "phone":
            near = _same_title(near, kind, fields)
        return Identified(_single(near, f"phone {', '.join(numbers)}"), "phone") if near else None

    def _by_name(self, kind: Kind, draft: Draft, fields: Mapping[str, Raw]) -> Identified:
        if self.match in ("email", "phone") and kind.name in _WHOLE:
            return Identified()
        title = next((item.text for item in items(fields.get(kind.title))), "")
        named = self._near(kind, "name", [title], draft)
        differs = {id(t): self._differs(t, kind, draft, fields) for t in named}
        like = next((f"{t.ref}, of another {differs[id(t)]}" for t in named if differs[id(t)]), "")
        named = [t for t in named if self.match == "name" or not differs[id(t)]]
        open_ones = [t for t in named if not t.rows]
        equal = [
            t
            for t in open_ones or (named if kind.name in _WHOLE else ())
            if _equal(t, fields, self.currency)
        ]
        if equal:
            return Identified(equal[0], "name")
        found = named if kind.name == "company" else open_ones
        if self.match == "ask" and kind.name in _WHOLE and (found or like):
            if self.decide is not None:
                return self._asked(title, self._near(kind, "name", [title], draft))
            who = " or ".join(t.ref for t in found) or like
            raise Refused(
                f'"{title}" may be {who}: a name alone does not tell',
                "--match name takes it for the same; an e-mail in the row would tell",
            )
        target = _single(found, f'the name "{title}"') if found else None
        return Identified(target, "name" if target else "", "" if target else like)

    def _asked(self, title: str, found: Sequence[KnownRecord]) -> Identified:
        """Who the user says it is."""
        assert self.decide is not None
        chosen = self.decide(title, [target.ref for target in found])
        target = next((each for each in found if each.ref == chosen), None)
        return Identified(target, "name" if target else "")

    def _differs(
        self, target: KnownRecord, kind: Kind, draft: Draft, fields: Mapping[str, Raw]
    ) -> str:
        """What makes a record of the same name another one; empty if nothing does."""
        hosts, own = set(domains(target.fields)), set(domains(fields))
        if kind.name == "company" and hosts and own and not hosts & own:
            return "domain"
        if found := contradicts(target, fields, _ELSE.get(kind.name, ())):
            return found
        return next((name for name in draft.links if self._other_link(target, draft, name)), "")

    def _other_link(self, target: KnownRecord, draft: Draft, name: str) -> bool:
        """Whether the record is linked to others than the row, as far as both say."""
        field = target.kind.fields.get(name)
        if field is None or name not in ("company", "contact"):
            return False
        texts = (item.text for item in items(target.fields.get(name)))
        of = self.index.kind(field.to)
        known = (self.index.get(of, text) for text in texts) if of else ()
        there = {each.id for each in known if each}
        if not there:
            return False
        return all(self._leads_elsewhere(field, hint, there) for hint in draft.links[name])

    def _leads_elsewhere(self, field: Field, hint: LinkHint, ids: set[str]) -> bool:
        kind = self.index.kind(field.to)
        for each in (hint, *hint.others):
            if kind and any(t.id in ids for t in self.index.find(kind, each.by, each.value)):
                return False
        return True


def wanted_id(draft: Draft) -> str:
    """The id that the row itself gives, if a file can be called so."""
    return draft.key if draft.key_field == "id" and _is_id(draft.key) else ""


def check_id(draft: Draft) -> None:
    """Raises Refused for a row of an export whose id is no name for a file."""
    if not wanted_id(draft):
        raise Refused(f'"{draft.key}" is no id', "ids are file names, such as ada-lovelace")


def _is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text)) and len(text.encode()) < 250


def _addresses(kind: Kind, fields: Mapping[str, Raw]) -> list[str]:
    if kind.name != "contact":
        return []
    return [item.text for item in items(fields.get("email"))]


def _office(values: Sequence[str], by: str) -> bool:
    """Whether all the addresses are those of an office."""
    return by == "email" and all(v.partition("@")[0].casefold() in _OFFICES for v in values)


def _may_be(target: KnownRecord, draft: Draft) -> bool:
    """Not if it carries another external id of the same program."""
    if not draft.key or draft.key_field == "id":
        return True
    if draft.key in target.texts(draft.key_field):
        return True
    return draft.key_field not in target.keys and not target.texts(draft.key_field)


def _same_title(
    found: Sequence[KnownRecord], kind: Kind, fields: Mapping[str, Raw]
) -> list[KnownRecord]:
    wanted = {plain_name(item.text) for item in items(fields.get(kind.title))}
    return [t for t in found if wanted & {plain_name(text) for text in t.texts(kind.title)}]


def _once(found: Iterable[KnownRecord]) -> list[KnownRecord]:
    return list(dict.fromkeys(found))


def _single(found: Sequence[KnownRecord], what: str) -> KnownRecord:
    if len(found) > 1:
        raise Ambiguous(
            f"{what} fits {' and '.join(t.ref for t in found[:3])}", [t.ref for t in found]
        )
    return found[0]


def _equal(target: KnownRecord, fields: Mapping[str, Raw], currency: str) -> bool:
    return all(
        same(target.kind.fields.get(n), target.fields.get(n, ""), raw, currency)
        for n, raw in fields.items()
    )


def same(field: Field | None, old: Raw, new: Raw, currency: str) -> bool:
    """Whether two raw values of a field mean the same: `4200` and `4200 EUR` do in a book of
    euros.
    """
    return old == new or _values(field, old, currency) == _values(field, new, currency)


def _values(field: Field | None, raw: Raw, currency: str) -> list[tuple[str, object]]:
    return [(item.label, _value(field, item.text, currency)) for item in items(raw)]


def _value(field: Field | None, text: str, currency: str) -> object:
    try:
        return read(field.type if field else "text", text, currency)
    except ValueError:
        return text

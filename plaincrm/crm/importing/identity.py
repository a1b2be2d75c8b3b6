"""Which record a row is about: by its id, its external id, else by e-mail, domain or name. Never by
a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from plaincrm.core.records.record import items
from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.values.raw import Raw
from plaincrm.core.values.types import read
from plaincrm.crm.importing.identity_map import Index, Target, contradicts, domains
from plaincrm.errors import Ambiguous, Refused
from plaincrm.interchange.csv.draft import Draft

_ID = re.compile(r"[^\W_][^/\\\x00-\x1f\x7f]{0,199}")
_WHOLE = (
    "company",
    "contact",
)  # kinds of which two rows of one name, otherwise equal, are one record


def target_of(
    index: Index, kind: Kind, draft: Draft, fields: Mapping[str, Raw], currency: str
) -> Target | None:
    """The record that the row is about; None if it is a new one. Raises Ambiguous; Refused for an
    id that belongs to another record."""
    if draft.key_field == "id" and draft.key:
        found = index.get(kind, draft.key)
        if (
            found
            and contradicts(found, fields, (kind.title,))
            and contradicts(found, fields, ("email", "domain"))
        ):
            raise Refused(
                f"the id {draft.key} is that of another {kind.name}", "give the row another id"
            )
        if found or _is_id(draft.key):
            return found
    elif draft.key:
        found_by_key = index.find(kind, draft.key_field, draft.key)
        if found_by_key:
            return _single(found_by_key, f"{draft.key_field} {draft.key}")
    return _by_looks(index, kind, draft, fields, currency)


def wanted_id(draft: Draft) -> str:
    """The id that the row itself gives, if a file can be called so."""
    return draft.key if draft.key_field == "id" and _is_id(draft.key) else ""


def check_id(draft: Draft) -> None:
    """Raises Refused for a row of an export whose id is no name for a file."""
    if not wanted_id(draft):
        raise Refused(f'"{draft.key}" is no id', "ids are file names, such as ada-lovelace")


def _is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text)) and len(text.encode()) < 250


def _by_looks(
    index: Index, kind: Kind, draft: Draft, fields: Mapping[str, Raw], currency: str
) -> Target | None:
    addresses = [item.text for item in items(fields.get("email"))] if kind.name == "contact" else []
    hosts = domains(fields) if kind.name == "company" else []
    for by, values in (("email", addresses), ("domain", hosts)):
        near = [t for value in values for t in index.find(kind, by, value) if _may_be(t, draft)]
        found = _same_title(near, kind, fields) or [t for t in near if not t.rows]
        if found:
            return _single(list(dict.fromkeys(found)), f"{by} {', '.join(values)}")
    return _by_name(index, kind, draft, fields, currency)


def _by_name(
    index: Index, kind: Kind, draft: Draft, fields: Mapping[str, Raw], currency: str
) -> Target | None:
    title = next((item.text for item in items(fields.get(kind.title))), "")
    named = [
        t
        for t in index.find(kind, "name", title)
        if _may_be(t, draft) and not _unlike(t, kind, fields)
    ]
    open_ones = [t for t in named if not t.rows]
    equal = [
        t
        for t in open_ones or (named if kind.name in _WHOLE else ())
        if _equal(t, fields, currency)
    ]
    if equal:
        return equal[0]
    found = named if kind.name == "company" else open_ones
    return _single(found, f'the name "{title}"') if found else None


def _unlike(target: Target, kind: Kind, fields: Mapping[str, Raw]) -> bool:
    hosts, own = {fold(h) for h in domains(target.fields)}, {fold(h) for h in domains(fields)}
    apart = kind.name == "company" and bool(hosts and own) and not hosts & own
    return apart or contradicts(target, fields, ("email",) if kind.name == "contact" else ())


def _may_be(target: Target, draft: Draft) -> bool:
    """Not if it carries another external id of the same program."""
    if not draft.key or draft.key_field == "id":
        return True
    return draft.key_field not in target.keys and not target.texts(draft.key_field)


def _same_title(found: Sequence[Target], kind: Kind, fields: Mapping[str, Raw]) -> list[Target]:
    wanted = {fold(item.text) for item in items(fields.get(kind.title))}
    return [t for t in found if wanted & {fold(text) for text in t.texts(kind.title)}]


def _single(found: Sequence[Target], what: str) -> Target:
    if len(found) > 1:
        raise Ambiguous(
            f"{what} fits {' and '.join(t.ref for t in found[:3])}", [t.ref for t in found]
        )
    return found[0]


def _equal(target: Target, fields: Mapping[str, Raw], currency: str) -> bool:
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

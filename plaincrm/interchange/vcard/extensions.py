"""What vCard has no word for, kept beside its own words, so that export and import again is the
identity.

    X-PLAINCRM-FIELD:["phone", {"work": "+49 30 1"}, ["+49 30 1"]]
                      field, as it is, as the card reads

Another program may have changed the card: then it reads differently, and what it says now counts.
The field `""` is the text below the front matter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from plaincrm.core.records.record import Record
from plaincrm.core.values.raw import Raw
from plaincrm.interchange.csv.draft import Draft
from plaincrm.interchange.vcard.lines import Card

PROPERTY = "X-PLAINCRM-FIELD"
ID = "X-PLAINCRM-ID"
BODY = ""
_UID = "urn:plaincrm:"


def uid_of(record: Record) -> str:
    """The card's identity: the one it came with, else one made from the record's first id, so that
    a rename makes no second card.
    """
    own = record.fields.get("vcard_uid")
    return (
        own
        if isinstance(own, str) and own
        else f"{_UID}{record.kind.name}:{quote(record.first_id, safe='', errors='surrogateescape')}"
    )


def key_of(card: Card) -> tuple[str, str]:
    """The field that a card's record is found by, and its value: `id` for a card of our own, else
    `vcard_uid`.
    """
    uid, own = card.first("UID"), card.all(ID)
    if own:
        return "id", own[0].text
    if uid.startswith(_UID):
        return "id", unquote(uid.removeprefix(_UID).partition(":")[2], errors="surrogateescape")
    return ("vcard_uid", uid) if uid else ("", "")


def said(draft: Draft, name: str) -> Raw | None:
    """What a draft says of a field: its raw value, or the names of those it links to."""
    if name == BODY:
        return draft.body
    if name in draft.links:
        return [hint.value for hint in draft.links[name]]
    return draft.fields.get(name)


def differences(record: Record, body: str, draft: Draft) -> Iterator[str]:
    """The values of the property that make `draft`, the card as it reads, the record with
    this body."""
    for name in dict.fromkeys([*record.fields, *draft.fields, *draft.links, BODY]):
        is_, reads = body if name == BODY else record.fields.get(name), said(draft, name)
        if is_ != reads or name in draft.links:  # a name is no id, even where they look alike
            yield json.dumps([name, is_, reads])


def restored(draft: Draft, card: Card) -> Draft:
    """The draft with what the card's own properties say of it."""
    for line in card.all(PROPERTY):
        entry = _entry(line.text)
        if entry and said(draft, entry[0]) == entry[2]:
            draft = _with(draft, entry[0], entry[1])
    return draft


def _entry(text: str) -> tuple[str, Raw | None, Raw | None] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not (isinstance(found, list) and len(found) == 3 and isinstance(found[0], str)):
        return None
    if not all(part is None or _is_raw(part) for part in found[1:]):
        return None
    return found[0], found[1], found[2]


def _is_raw(value: Any, depth: int = 0) -> bool:
    """Whether JSON holds what front matter may: texts, lists and maps, not too deep."""
    if isinstance(value, str):
        return not re.search("[\ud800-\udfff]", value)
    if depth > 15:
        return False
    if isinstance(value, dict):
        return all(_is_raw(each, depth + 1) for each in [*value, *value.values()])
    return isinstance(value, list) and all(_is_raw(each, depth + 1) for each in value)


def _with(draft: Draft, name: str, raw: Raw | None) -> Draft:
    if name == BODY:
        return replace(draft, body=raw if isinstance(raw, str) else "")
    fields = {key: value for key, value in draft.fields.items() if key != name}
    links = {key: hints for key, hints in draft.links.items() if key != name}
    if raw is not None:
        fields[name] = raw
    return replace(draft, fields=fields, links=links)

"""Monica's JSON export: people, with their calls, notes, tasks and activities.

The shape is that of Monica 4's own export code (`app/ExportResources`): an `account` whose `data`
are collections of a `type` each, with `values`; a value has `properties`, and `data` of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from plaincrm.core.values.raw import Raw
from plaincrm.errors import Refused
from plaincrm.interchange.csv.draft import Draft, LinkHint, Outcome, Reject, SkippedRow
from plaincrm.interchange.json_input import listed, load_json, objects

KEY = "monica_id"
_PLACES = {
    "street": "address",
    "city": "city",
    "postal_code": "zip",
    "province": "region",
    "country": "country",
}
_TAKEN = frozenset(
    [
        *("first_name", "middle_name", "last_name", "nickname", "job", "company", "description"),
        *("tags", "stay_in_touch_frequency", "birthdate", "food_preferences", "is_partial"),
    ]
)
"""The properties of a person that a contact has a place for."""
_OF_MONICA = frozenset({"is_active", "is_starred", "last_consulted_at", "number_of_views"})
"""What Monica notes for itself."""
_LEFT = (
    *("debt", "gift", "reminder", "pet", "conversation", "life_event", "photo", "document"),
    *("relationship", "user", "addressbook", "addressbook_subscription"),
)
"""Collections that no record takes: they are counted and told."""


def is_export(data: bytes) -> bool:
    """Whether the JSON is such an export, by its first words."""
    head = data[:2048].decode("utf-8", "replace")
    return '"account"' in head and ('"app_version"' in head or '"export_date"' in head)


class MonicaExport:
    """An export. `left_out` are the collections without a place, with how many things they hold."""

    def __init__(self, data: bytes) -> None:
        try:
            whole = load_json(data.decode("utf-8-sig"))
            self._account = _object(whole["account"])
        except (ValueError, KeyError, TypeError):
            raise Refused("this JSON is no export of Monica that can be read") from None
        instance = _object(self._account.get("instance") or whole.get("instance"))
        self._types = {
            str(each.get("uuid")): _properties(each)
            for each in objects(instance.get("contact_field_types"))
        }
        self.left_out: dict[str, int] = {}

    def drafts(self) -> Iterator[tuple[Outcome, tuple[str, ...]]]:
        """People first, then what goes to their logs and tasks, numbered from 1."""
        number = 0
        with_whom: dict[str, list[str]] = {}
        entries: list[Draft] = []
        for person in _values(self._account, "contact"):
            number += 1
            cells = (json.dumps(person, ensure_ascii=False),)
            outcome = self._contact(number, person)
            yield outcome, cells
            if isinstance(outcome, Draft):
                self._count_person(person)
                entries += _entries(person, outcome.key)
                for each in _uuids(person, "activity"):
                    with_whom.setdefault(each, []).append(outcome.key)
            self._count(person)
        self._count(self._account)
        for activity in _values(self._account, "activity"):
            entries.append(_activity(activity, with_whom.get(str(activity.get("uuid")), [])))
        for entry in entries:
            number += 1
            cells = (str(entry.fields.get("text", "")),)
            yield Draft("log", number, "", "", entry.fields, entry.links, cells=cells), cells

    def _count(self, value: Mapping[str, Any]) -> None:
        for each in objects(value.get("data")):
            kind = str(each.get("type"))
            if kind in _LEFT:
                self.left_out[kind] = self.left_out.get(kind, 0) + len(listed(each.get("values")))

    def _count_person(self, person: Mapping[str, Any]) -> None:
        """What is left out of somebody who becomes a contact."""
        said = _properties(person)
        names = [name for name in said if name not in _TAKEN | _OF_MONICA and said[name]]
        if said.get("birthdate") and not _born(said["birthdate"]):
            names.append("birthdate")
        names += ["further address"] * len(_values(person, "address")[1:])
        for name in names:
            self.left_out[name] = self.left_out.get(name, 0) + 1

    def _contact(self, number: int, person: Mapping[str, Any]) -> Outcome:
        said = _properties(person)
        if said.get("is_partial"):
            return SkippedRow(number, "somebody of whom only a relationship is known")
        name = " ".join(
            str(said[part]) for part in ("first_name", "middle_name", "last_name") if said.get(part)
        )
        if not name:
            return Reject(number, "no name", (json.dumps(person, ensure_ascii=False),))
        fields: dict[str, Raw] = {"name": name, KEY: str(person.get("uuid", ""))}
        fields |= {key: str(said[key]) for key in ("nickname", "job") if said.get(key)}
        fields |= {"created": str(person["created_at"])[:10]} if person.get("created_at") else {}
        fields |= {"food": str(said["food_preferences"])} if said.get("food_preferences") else {}
        if every := said.get("stay_in_touch_frequency"):
            fields["cadence"] = f"{every}d"
        fields |= {"tags": list(map(str, listed(said["tags"])))} if said.get("tags") else {}
        fields |= _born(said.get("birthdate"))
        fields |= self._addresses(person)
        company = str(said.get("company") or "")
        links = {"company": (LinkHint("company", "name", company),)} if company else {}
        body = str(said.get("description") or "")
        return Draft("contact", number, str(fields[KEY]), KEY, fields, links, body)

    def _addresses(self, person: Mapping[str, Any]) -> dict[str, Raw]:
        """E-mail, phone and links by the type of each, and the first address."""
        found: dict[str, Raw] = {}
        for value in _values(person, "contact_field"):
            said = _properties(value)
            kind = self._types.get(str(said.get("type")), {})
            low = str(kind.get("type") or kind.get("name") or "").casefold()
            text = str(said.get("data") or "")
            if low in ("email", "phone") and text:
                there = found.get(low)
                found[low] = [*there, text] if isinstance(there, list) else [text]
            elif text:
                links = found.setdefault("links", {})
                assert isinstance(links, dict)
                links[low or "other"] = text
        for value in _values(person, "address")[:1]:
            said = _properties(value)
            found |= {
                ours: str(said[theirs]) for theirs, ours in _PLACES.items() if said.get(theirs)
            }
        return found


def _entries(person: Mapping[str, Any], key: str) -> Iterator[Draft]:
    """The calls, notes and tasks of a person."""
    who = {"contact": (LinkHint("contact", KEY, key),)}
    for call in _values(person, "call"):
        said = _properties(call)
        direction = "in" if said.get("contact_called") else "out"
        fields = _fields(call, "call", said.get("called_at"), said.get("content"))
        yield Draft("log", 0, "", "", {**fields, "direction": direction}, who)
    for note in _values(person, "note"):
        said = _properties(note)
        yield Draft("log", 0, "", "", _fields(note, "note", "", said.get("body")), who)
    for task in _values(person, "task"):
        said = _properties(task)
        words = " ".join(str(said[name]) for name in ("title", "description") if said.get(name))
        fields = _fields(task, "task", "", words)
        if said.get("completed"):
            fields["done"] = str(said.get("completed_at") or "done")[:10]
        yield Draft("log", 0, "", "", fields, who)


def _activity(value: Mapping[str, Any], people: list[str]) -> Draft:
    said = _properties(value)
    text = "\n".join(str(said[name]) for name in ("summary", "description") if said.get(name))
    fields = _fields(value, "meeting", said.get("happened_at"), text)
    hints = tuple(LinkHint("contact", KEY, key) for key in people)
    return Draft("log", 0, "", "", fields, {"contact": hints} if hints else {})


def _fields(value: Mapping[str, Any], kind: str, at: object, text: object) -> dict[str, Raw]:
    day = str(at or value.get("created_at") or "")[:10]
    return {"type": kind, "at": day, "text": str(text or kind)}


def _born(date: object) -> dict[str, Raw]:
    if not isinstance(date, dict) or not date.get("date") or date.get("is_age_based"):
        return {}
    day = str(date["date"])[:10]
    return {"birthday": day[5:] if date.get("is_year_unknown") else day}


def _properties(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return _object(value.get("properties"))


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _values(value: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    found = (each for each in objects(value.get("data")) if each.get("type") == kind)
    return [one for each in found for one in objects(each.get("values"))]


def _uuids(value: Mapping[str, Any], kind: str) -> list[str]:
    found = (each for each in objects(value.get("data")) if each.get("type") == kind)
    return [
        str(one) for each in found for one in listed(each.get("values")) if isinstance(one, str)
    ]

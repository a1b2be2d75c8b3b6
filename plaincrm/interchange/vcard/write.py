"""Contacts and companies to vCard 3.0 or 4.0, for phones, mail programs and address books."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Schema
from plaincrm.core.timeline.prose import prose
from plaincrm.core.values.raw import RawItem
from plaincrm.interchange.vcard import extensions, labels
from plaincrm.interchange.vcard.lines import cards
from plaincrm.interchange.vcard.read import understood

Version = Literal["3.0", "4.0"]
NameOf = Callable[[str, str], str]
"""The title of the record of a kind and an id: `name_of("company", "fjord-as")` is `Fjord AS`."""

KINDS = ("contact", "company")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufeff]")
_OCTETS = 75


def write(
    records: Iterable[Record],
    schema: Schema,
    name_of: NameOf,
    version: Version = "3.0",
    *,
    log: bool = False,
) -> Iterator[str]:
    """The text of each card, lines ended by CRLF. Records of other kinds than KINDS are passed
    over. A card goes to other people's phones: without `log` it has the notes of the record, but
    neither its log nor its tasks.
    """
    for record in records:
        if record.kind.name in KINDS:
            body = record.body if log else _notes(record)
            yield _card(record, body, schema, name_of, version, extensions.uid_of(record))


def card(record: Record, name_of: NameOf, uid: str = "") -> str:
    """The card of one record in vCard's own words, without its log, under the `uid` that it has
    elsewhere already.
    """
    own = uid or extensions.uid_of(record)
    return _framed(_lines(record, _notes(record).strip("\n"), name_of, "3.0", own), "3.0")


def _notes(record: Record) -> str:
    notes = prose(record.load())
    return f"\n{notes}\n" if notes.strip() else ""


def _card(
    record: Record, body: str, schema: Schema, name_of: NameOf, version: Version, uid: str
) -> str:
    lines = list(_lines(record, body, name_of, version, uid))
    plain = understood(next(cards(io.BytesIO(_framed(lines, version).encode()))), schema)
    own = (
        f"{extensions.PROPERTY}:{_escape(text)}"
        for text in extensions.differences(record, body, plain)
    )
    return _framed([*lines, *own], version)


def _framed(lines: Iterable[str], version: Version) -> str:
    whole = ["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD"]
    return "".join(f"{_folded(line)}\r\n" for line in whole)


def _lines(record: Record, body: str, name_of: NameOf, version: Version, uid: str) -> Iterator[str]:
    company = record.kind.name == "company"
    yield f"FN:{_escape(record.title)}"
    yield f"N:{';;;;' if company else _name(record.title)}"
    if company:
        yield "KIND:org" if version == "4.0" else "X-ABShowAs:COMPANY"
        yield f"ORG:{_escape(record.title)}"
    for item in record.items("company"):
        yield f"ORG:{_escape(name_of('company', item.text) or item.text)}"
    for name, word in (
        ("job", "TITLE"),
        ("language", "LANG"),
        ("nickname", "NICKNAME"),
        ("role", "ROLE"),
    ):
        if text := record.text(name):
            yield f"{word}:{_escape(text)}"
    yield from _labelled("EMAIL", record.items("email"), 0, version)
    yield from _labelled("TEL", record.items("phone"), 100, version)
    yield from _labelled("URL", [*record.items("website"), *record.items("links")], 200, version)
    yield from _places(record)
    yield from _birthday(record, version)
    if tags := [_escape(item.text) for item in record.items("tags")]:
        yield f"CATEGORIES:{','.join(tags)}"
    if body.strip():
        yield f"NOTE:{_escape(body)}"
    yield f"UID:{_escape(uid)}"
    yield f"{extensions.ID}:{_escape(record.id)}"


def _name(title: str) -> str:
    """Family and given name, as the order of the words has them: whoever reads FN reads it
    right.
    """
    given, _, family = title.strip().rpartition(" ")
    return f"{_escape(family)};{_escape(given)};;;"


def _labelled(word: str, found: Iterable[RawItem], start: int, version: Version) -> Iterator[str]:
    """Labels that are no types stand as Apple writes them, and the others read them: in a group."""
    for number, item in enumerate(found, start + 1):
        types = labels.to_types(item.label)
        if types:
            shown = types if version == "4.0" else tuple(each.upper() for each in types)
            yield f"{word};TYPE={','.join(shown)}:{_escape(item.text)}"
        elif item.label:
            yield f"item{number}.{word}:{_escape(item.text)}"
            yield f"item{number}.X-ABLabel:{_escape(item.label)}"
        else:
            yield f"{word}:{_escape(item.text)}"


def _places(record: Record) -> Iterator[str]:
    parts = [_escape(record.text(name)) for name in ("address", "city", "region", "zip", "country")]
    if any(parts):
        yield "ADR:;;" + ";".join(parts)


def _birthday(record: Record, version: Version) -> Iterator[str]:
    match = re.fullmatch(r"(?:(\d{4})-|--)?(\d\d)-(\d\d)", record.text("birthday"))
    if match and match[1]:
        yield f"BDAY:{match[1]}-{match[2]}-{match[3]}"
    elif match and version == "4.0":
        yield f"BDAY:--{match[2]}{match[3]}"
    elif match:  # 3.0 has no day without a year; this is how Apple says it, and others read it
        yield f"BDAY;X-APPLE-OMIT-YEAR=1604:1604-{match[2]}-{match[3]}"


def _escape(text: str) -> str:
    text = _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return re.sub(r"([\\,;])", r"\\\1", text).replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of 75 octets at most, no letter cut in two."""
    data = line.encode("utf-8")
    parts: list[str] = []
    while len(data) > _OCTETS - bool(parts):
        end = _OCTETS - bool(parts)
        while data[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(data[:end].decode())
        data = data[end:]
    return "\r\n ".join([*parts, data.decode()])

"""All that is held on one person, as JSON and as an archive of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plaincrm.core.records.facts import Context
from plaincrm.crm.history.field_changes import FieldChange
from plaincrm.crm.privacy.held_data import HeldData, Mention
from plaincrm.views.history import change_json
from plaincrm.views.json_text import dumps, envelope
from plaincrm.views.record_json import whole

SHOWN = 3  # lines of a file that are shown


def as_json(held: HeldData, changes: Sequence[FieldChange], context: Context) -> bytes:
    """`results` are whole records, theirs first, then those that link to it."""
    results = [whole(record, context) for record in (held.record, *held.related)]
    mentions = [{"path": each.path, "line": each.line, "text": each.text} for each in held.mentions]
    more = {
        "record": held.record.ref,
        "mentions": mentions,
        "history": list(map(change_json, changes)),
    }
    found = envelope("privacy", len(results), results) | more
    return dumps(found).encode("utf-8", "backslashreplace")


def as_files(held: HeldData, data: bytes) -> dict[str, bytes]:
    """The same, with the records as the files that they are."""
    records = (held.record, *held.related)
    return {"data.json": data} | {
        each.path: each.load().encode("utf-8", "surrogateescape") for each in records
    }


def places(mentions: Sequence[Mention]) -> Iterable[str]:
    """A line a mention, by file. Of each file the first ones: no file is left out."""
    files: dict[str, list[Mention]] = {}
    for each in mentions:
        files.setdefault(each.path, []).append(each)
    for path, found in files.items():
        for each in found[:SHOWN]:
            place = f"{path}:{each.line}" if each.line else path
            yield f"  {place}: {each.text}"
        if len(found) > SHOWN:
            yield f"  {path}: and {len(found) - SHOWN} more"

"""Why a rule fires, as text: what the `rule` entry in the log holds, so that the same cause fires
once, on however many machines.

- 2026-11-21 rule: invoice: stage=won
- 2026-11-21 rule: answer: email 2026-11-21 14:30
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.timeline import log
from plaincrm.core.timeline.log import Entry
from plaincrm.core.values.raw import items

TYPE = "rule"
_LONGEST = 60  # characters of a value; it only has to tell one value from another
_LINES = ("log", "tasks")
# What somebody did, beside which a rule's own notes are no cause.
_CONTACT = ("call", "email", "meeting", "message", "reply", "order", "stage", "status")


def rule_text(rule: str, cause: str) -> str:
    """The text of the entry that tells of a rule."""
    return f"{rule}: {cause}"


def rule_entries(record: Record, rule: str = "") -> list[Entry]:
    """The entries of rules, or of one rule, in a record's log."""
    found = [entry for entry in record.log if entry.type == TYPE]
    return [entry for entry in found if not rule or entry.text.startswith(f"{rule}: ")]


def tells_of(line: str, rule: str) -> bool:
    """Whether a log entry as it stands in a file tells of that rule."""
    try:
        entry = log.parse(line)
    except log.LogError:
        return False
    return entry.type == TYPE and entry.text.startswith(f"{rule}: ")


def has_fired(record: Record, rule: str, cause: str, day: date | None) -> bool:
    """Whether the log says that a rule fired for that cause, on that day or (None) on any."""
    text = rule_text(rule, cause)
    return any(
        entry.text == text and day in (None, entry.date) for entry in rule_entries(record, rule)
    )


def of_change(names: Sequence[str], before: Record | None, after: Record) -> str:
    """The cause that a change is: of the watched `names` those that differ, with their new
    values.
    """
    found = []
    for name in names:
        if name in _LINES or name == "text":
            found += _new_line(before, after)
        elif name in after.kind.fields or name in after.fields:
            was = before.raw(name) if before else None
            if was != after.raw(name):
                found.append(valued(name, after))
        else:
            found.append(name)
    return ", ".join(dict.fromkeys(filter(None, found))) or "new"


def of_day(names: Sequence[str], record: Record, context: Context) -> str:
    """The cause of a rule that is asked by the day: the values that its query looks at, and the
    last contact where it looks at anything that changes by itself.
    """
    found, more = [], False
    for name in names:
        if name in record.kind.fields or name in record.fields:
            found.append(valued(name, record))
        elif (day := _day(record, name, context)) is not None:
            found.append(f"{name}={day.isoformat()}")
        else:
            more = True
    if more:
        found.append(_last_contact(record))
    return ", ".join(dict.fromkeys(filter(None, found))) or "new"


def valued(name: str, record: Record) -> str:
    """`stage=won`; `stage=` for a field that is not there."""
    texts = [item.text for item in items(record.raw(name))]
    value = " ".join(",".join(texts).split())
    # The last <…@…> of an entry would be read as the id of a mail.
    value = value.replace("<", "(").replace(">", ")")
    return f"{name}={value if len(value) <= _LONGEST else value[:_LONGEST]}"


def _new_line(before: Record | None, after: Record) -> list[str]:
    """The newest entry that the change brought, or that it brought a task."""
    known = {entry.key for entry in before.log} if before else set()
    new = [entry for entry in after.log if entry.key not in known and entry.type != TYPE]
    if new:
        return [_named(max(new, key=lambda entry: entry.at))]
    tasks = len(before.tasks) if before else 0
    return ["task"] if len(after.tasks) > tasks else []


def _named(entry: Entry) -> str:
    clock = f" {entry.time:%H:%M}" if entry.time else ""
    return f"{f'{entry.type} {entry.direction}'.strip()} {entry.date}{clock}"


def _day(record: Record, name: str, context: Context) -> date | None:
    if context.facts.find(record.kind.name, name) is None:
        return None
    found = context.fact(record, name)
    if isinstance(found, datetime):
        return found.date()
    return found if isinstance(found, date) else None


def _last_contact(record: Record) -> str:
    found = [entry for entry in record.log if entry.type in _CONTACT]
    return f"since {_named(max(found, key=lambda entry: entry.at))}" if found else ""

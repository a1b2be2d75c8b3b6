"""Dealing with lines of `today`: the reminders that handles mean, and what `done HANDLE` and
`snooze HANDLE DATE` write. Which edits these are stands with each rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.reminder import Reminder, hide
from plaincrm.crm.reminders import index
from plaincrm.crm.reminders.handles import code
from plaincrm.errors import Ambiguous, NotFound, Refused

if TYPE_CHECKING:
    from plaincrm.core.records.edits import Edit


def resolve(words: Sequence[str], context: Context) -> list[Reminder]:
    """The reminder that each handle means; the book is looked at once for all of them. Raises
    NotFound, or Ambiguous for too short a beginning of one.
    """
    found = index.named(words, context)
    return [_only(word, found[word]) for word in words]


def _only(word: str, found: list[Reminder]) -> Reminder:
    if not found:
        raise NotFound(
            f'nothing open has the handle "{word}"',
            "plaincrm today and plaincrm list tasks show them",
        )
    if len(found) > 1:
        candidates = [f"{code(index.key(each))[:6]} {each.ref}" for each in found]
        raise Ambiguous(
            f'"{word}" is the beginning of several handles', candidates, "type more of it"
        )
    return found[0]


def again(reminder: Reminder, record: Record, context: Context) -> Reminder | None:
    """The reminder as the record, which has changed meanwhile, has it; None where it is gone."""
    key = index.key(reminder)
    return next((e for e in reminder.rule.of(record, context) if index.key(e) == key), None)


def beside(reminder: Reminder, context: Context) -> list[Reminder]:
    """The other reminders that share its line of `today`."""
    if not reminder.rule.follow_up or reminder.record is None:
        return []
    others = index.of_record(reminder.record, context)
    return [each for each in others if each.rule.follow_up and each.shown]


def done(reminder: Reminder, context: Context) -> list[Edit]:
    """The edits to its record. Raises Refused for what only another command deals with."""
    if reminder.rule.done is None:
        said = f"{reminder.ref}: {reminder.text}; that can't be ticked off"
        raise Refused(said, reminder.command)
    return reminder.rule.done(reminder, context)


def snooze(reminder: Reminder, until: date, context: Context) -> list[Edit]:
    """The edits that hide it until a day. Raises Refused for a day that is not ahead."""
    if until <= context.today:
        raise Refused(f"{until} is not ahead", "snooze until a day after today, such as +3d")
    return (reminder.rule.snooze or hide)(reminder, until, context)

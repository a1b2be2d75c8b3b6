"""The morning screen: everything overdue, due today or soon, one line a reminder, most urgent
first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from plaincrm.core.records.facts import Context
from plaincrm.core.records.reminder import LEVELS, Reminder
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import changed
from plaincrm.crm.reminders import index
from plaincrm.crm.reminders.rules import DRAFT, ranks


def today(context: Context, drafts: int = 0, dropped: int = 0) -> list[Reminder]:
    """What shows today; `drafts` is the number of mails that wait in the outbox, `dropped` of files
    in the inbox.

    While the user is away (`away:`) only what is urgent: tasks with `pri:high`, urgent tickets,
    renewals.
    """
    away = context.settings.is_away(context.today)
    shown = index.reminders(context, context.today)
    found = lines(each for each in shown if each.urgent or not away)
    if not away:
        found += _waiting(drafts, dropped, context.today)
    return sorted(found, key=_order)


def lines(shown: Iterable[Reminder]) -> list[Reminder]:
    """One reminder for each line: the most pressing one of those that ask for the same step, with
    the others in `also`.
    """
    groups: dict[object, list[Reminder]] = {}
    for each in shown:
        groups.setdefault(group(each), []).append(each)
    return [_line(found) for found in groups.values()]


def group(reminder: Reminder) -> object:
    """Reminders of one group are one line of `today`: all that asks for one and the same step."""
    return reminder.ref if reminder.rule.follow_up else reminder.handle


def _line(found: list[Reminder]) -> Reminder:
    if len(found) == 1:
        return found[0]
    first, *others = sorted(found, key=_pressing)
    return changed(first, also=tuple(others))


def _pressing(reminder: Reminder) -> tuple[int, int]:
    return LEVELS.index(reminder.level), ranks()[reminder.reason]


def _waiting(drafts: int, dropped: int, today: date) -> list[Reminder]:
    """What waits beside the records: mails to be sent, and files that are to become records."""
    found = []
    if drafts:
        text = "1 draft waits" if drafts == 1 else f"{drafts} drafts wait"
        found.append(_place("Outbox", text, "plaincrm outbox list", today))
    if dropped:
        waits = "1 file waits" if dropped == 1 else f"{dropped} files wait"
        found.append(_place("Inbox", f"{waits} to be imported", "plaincrm import", today))
    return found


def _place(place: str, text: str, remedy: str, today: date) -> Reminder:
    return Reminder(DRAFT, None, today, detail=text, remedy=remedy, place=place)


def _order(reminder: Reminder) -> tuple[int, date, int, str, str]:
    level, rank = _pressing(reminder)
    return level, reminder.day, rank, fold(reminder.title), reminder.text

"""The morning screen: everything overdue, due today or soon, one line a matter, most urgent
first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from plaincrm.core.records.facts import Context
from plaincrm.core.schema.types import fold
from plaincrm.core.value_class import value
from plaincrm.crm.reminders import index
from plaincrm.crm.reminders.handles import Handles
from plaincrm.crm.reminders.reminder import REASONS, Matter, all_handles

Level = Literal["overdue", "today", "soon"]
LEVELS: tuple[Level, ...] = ("overdue", "today", "soon")


@value
class Item:
    """One line. `days` until it is due, negative when past; `command` is the exact one that deals
    with it.
    """

    due: date
    days: int
    reason: str
    level: Level
    handle: str
    kind: str
    id: str
    title: str
    text: str
    command: str

    def as_json(self) -> dict[str, Any]:
        """The keys and order of `today --json`."""
        return {**self.__dict__, "due": self.due.isoformat()}


def items(context: Context, drafts: int = 0, dropped: int = 0) -> list[Item]:
    """What shows today; `drafts` is the number of mails that wait in the outbox, `dropped` of files
    in the inbox.

    While the user is away (`away:`) only what is urgent: tasks with `pri:high`, urgent tickets,
    renewals.
    """
    away = context.settings.is_away(context.today)
    shown = [matter for matter in index.shown(context) if matter.urgent or not away]
    found = lines(shown, context)
    if drafts and not away:
        found.append(_drafts(drafts, context.today))
    if dropped and not away:
        found.append(_dropped(dropped, context.today))
    return sorted(found, key=_order)


def lines(shown: Iterable[Matter], context: Context) -> list[Item]:
    """One item for each group of matters: its most pressing one, with the texts of the others."""
    groups: dict[object, list[Matter]] = {}
    for matter in shown:
        groups.setdefault(matter.group, []).append(matter)
    handles = all_handles(context)
    for group in groups.values():
        if len(group) > 1:
            group.sort(key=lambda matter: _pressing(matter, context.today))
    return [_item(group, context.today, handles) for group in groups.values()]


def level(due: date, today: date) -> Level:
    return "overdue" if due < today else "today" if due == today else "soon"


def _pressing(matter: Matter, today: date) -> tuple[int, int]:
    due = matter.due or today
    return LEVELS.index(level(due, today)), REASONS.index(matter.reason)


def _item(group: list[Matter], today: date, handles: Handles) -> Item:
    first = group[0]
    due, handle = first.due or today, handles.of(first.code)
    record, text = first.record, "; ".join(matter.text for matter in group)
    return Item(
        due,
        (due - today).days,
        first.reason,
        level(due, today),
        handle,
        record.kind.name,
        record.id,
        record.title,
        text,
        first.command or f"plaincrm done {handle}",
    )


def _drafts(count: int, today: date) -> Item:
    text = "1 draft waits" if count == 1 else f"{count} drafts wait"
    return Item(today, 0, "draft", "today", "", "", "", "Outbox", text, "plaincrm outbox list")


def _dropped(count: int, today: date) -> Item:
    """What is to become records, and is none yet: a draft too."""
    text = "1 file waits to be imported" if count == 1 else f"{count} files wait to be imported"
    return Item(today, 0, "draft", "today", "", "", "", "Inbox", text, "plaincrm import")


def _order(item: Item) -> tuple[int, date, int, str, str]:
    return (
        LEVELS.index(item.level),
        item.due,
        REASONS.index(item.reason),
        fold(item.title),
        item.text,
    )

"""Dealing with a line of `today`: what `done HANDLE` and `snooze HANDLE DATE` write.

| reason   | done                                         | snooze                |
|----------|----------------------------------------------|-----------------------|
| task     | ticks it; one that recurs moves on           | `t:` of the task      |
| invoice  | ticks it: paid                               | `t:` of the task      |
| next     | logs `task: TEXT` and takes `next:` away     | moves the date of it  |
| cadence  | logs `message: Kept in touch`                | `snoozed: {cadence:}` |
| rotting  | logs `note: Looked it over`                  | `snoozed: {rotting:}` |
| birthday | hides it until next year's                   | `snoozed: {birthday:}`|
| renewal  | hides it until the deal has ended            | `snoozed: {renewal:}` |
| others   | refused: only the command of the line does   | `snoozed: {REASON:}`  |
"""

from __future__ import annotations

from datetime import date

from plaincrm.core.records.edits import DeleteField, Edit, SetField, SnoozeTask, TickTask, logged
from plaincrm.core.records.facts import Context
from plaincrm.core.records.timeline_facts import own_day
from plaincrm.core.schema.types import Action
from plaincrm.core.values.duration import DAY
from plaincrm.core.values.raw import Raw
from plaincrm.crm.reminders import handles
from plaincrm.crm.reminders.reminder import Matter, matters
from plaincrm.crm.reminders.rules import snoozed
from plaincrm.errors import Ambiguous, NotFound, Refused


def resolve(word: str, context: Context) -> Matter:
    """The matter that a handle means. Raises NotFound, or Ambiguous for too short a beginning of
    one.
    """
    by_key = {matter.key: matter for matter in matters(context)}
    found = handles.find(word, by_key)
    if not found:
        raise NotFound(
            f'nothing open has the handle "{word}"',
            "plaincrm today and plaincrm list tasks show them",
        )
    if len(found) > 1:
        candidates = [f"{handles.code(key)[:6]} {by_key[key].record.ref}" for key in found]
        raise Ambiguous(
            f'"{word}" is the beginning of several handles', candidates, "type more of it"
        )
    return by_key[found[0]]


def done(matter: Matter, context: Context) -> list[Edit]:
    """The edits to the matter's record. Raises Refused for what only another command deals with."""
    record = matter.record
    if matter.task:
        return [TickTask(matter.task, context.today)]
    match matter.reason:
        case "next":
            return [logged(context.now, "task", matter.text), DeleteField("next")]
        case "cadence":
            return [logged(context.now, "message", "Kept in touch")]
        case "rotting":
            return [logged(context.now, "note", "Looked it over")]
        case "birthday":
            return _hide(matter, DAY.clamped(matter.due or context.today), context)
        case "renewal":
            return _hide(matter, DAY.clamped(own_day(record, "ends") or context.today), context)
    raise Refused(f"{record.ref}: {matter.text}; that can't be ticked off", matter.command)


def snooze(matter: Matter, until: date, context: Context) -> list[Edit]:
    """The edits that hide the matter until a day. Raises Refused for a day that is not ahead."""
    if until <= context.today:
        raise Refused(f"{until} is not ahead", "snooze until a day after today, such as +3d")
    if matter.task:
        return [SnoozeTask(matter.task, until)]
    action = matter.record.value("next")
    if matter.reason == "next" and isinstance(action, Action):
        return [SetField("next", str(Action(until, action.text)))]
    return _hide(matter, until, context)


def _hide(matter: Matter, until: date, context: Context) -> list[Edit]:
    """Days that have passed are swept out of `snoozed` on the way."""
    kept = {reason: day for reason, day in snoozed(matter.record).items() if day > context.today}
    days: dict[str, Raw] = {
        reason: day.isoformat() for reason, day in {**kept, matter.reason: until}.items()
    }
    return [SetField("snoozed", days)]

"""Sequences: `sequences/NAME.yaml`, mails and tasks that follow each other at set intervals.

doc: After a proposal
late: 3d                 # a step that is older is asked for, not sent by itself
weekdays: true           # a step that falls on a weekend, a holiday or a day off moves on
window: Mon-Fri 09:00-17:00     # a step due outside it waits for its next beginning
leave: [won]             # further reasons to leave; a reply and the like always are
steps:
  - mail: follow-up
  - task: Call and ask
    after: 3d
    when: no:next        # only for contacts that this query selects on that day
"""

from __future__ import annotations

from collections.abc import Mapping

from plaincrm.core.query import split_words
from plaincrm.core.schema.settings_reader import SettingsReader
from plaincrm.core.value_class import value
from plaincrm.core.values import duration
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.hours import Week
from plaincrm.core.values.raw import Raw
from plaincrm.core.values.week_text import parse_week
from plaincrm.errors import Problem

FOLDER = "sequences"
_KEYS = ("doc", "late", "weekdays", "window", "leave", "steps")
_STEP_KEYS = ("mail", "task", "after", "when")
_LEAVE = ("won",)
_NONE = Duration(0, "d")
LATE = Duration(3, "d")  # a weekend and a day: a laptop that slept so long asks before it sends


@value
class SequenceStep:
    """Step `number` (from 1): a mail of the template `what`, or a task with that text.

    It is due `after` the step before it: of a mail the day it was sent, of a task the day it was
    done. `when`: words of a query that the contact must fit on the day; empty: everybody.
    """

    number: int
    type: str
    what: str
    after: Duration = _NONE
    when: tuple[str, ...] = ()


@value
class Sequence:
    """A sequence as its file has it."""

    name: str
    steps: tuple[SequenceStep, ...] = ()
    doc: str = ""
    late: Duration = LATE
    weekdays: bool = True
    window: Week = ()
    leave_on_won: bool = False
    problems: tuple[Problem, ...] = ()


def parse(name: str, text: str, path: str) -> Sequence:
    """The sequence that a file holds; what is wrong is a problem, and the rest is read."""
    reader = SettingsReader(text, path)
    reader.known((), reader.fields, _KEYS)
    raw = reader.fields.get("steps") or []
    rows = raw if isinstance(raw, list) else [raw]
    steps = [_step(reader, place, row) for place, row in enumerate(rows)]
    found = tuple(step for step in steps if step is not None)
    if not found:
        reader.problem(("steps",), "sequence-steps", "the sequence has no steps", "- mail: NAME")
    weekdays = reader.fields.get("weekdays")
    return Sequence(
        name,
        tuple(_numbered(found)),
        reader.text("doc"),
        reader.optional(("late",), reader.fields.get("late"), duration.parse) or LATE,
        reader.flag(("weekdays",), weekdays) if weekdays else True,
        reader.optional(("window",), reader.fields.get("window"), parse_week) or (),
        "won" in _leave(reader),
        tuple(reader.problems),
    )


def _numbered(steps: tuple[SequenceStep, ...]) -> list[SequenceStep]:
    return [
        SequenceStep(number, step.type, step.what, step.after, step.when)
        for number, step in enumerate(steps, 1)
    ]


def _leave(reader: SettingsReader) -> list[str]:
    raw = reader.fields.get("leave") or []
    words = [str(each) for each in (raw if isinstance(raw, list) else [raw])]
    for word in words:
        if word not in _LEAVE:
            said = f'"{word}" is no further reason to leave'
            reader.problem(("leave",), "sequence-leave", said, "won is one")
    return words


def _step(reader: SettingsReader, place: int, raw: Raw) -> SequenceStep | None:
    keys = ("steps", place)
    row: Mapping[str, Raw] = reader.map(raw, keys)
    reader.known(keys, row, _STEP_KEYS)
    kinds = [kind for kind in ("mail", "task") if row.get(kind)]
    if len(kinds) != 1:
        said = "a step is either a mail or a task"
        reader.problem(keys, "sequence-step", said, "- mail: TEMPLATE, or - task: TEXT")
        return None
    after = reader.optional((*keys, "after"), row.get("after"), duration.parse)
    when = str(row.get("when") or "")
    return SequenceStep(
        0, kinds[0], str(row[kinds[0]]), after or _NONE, tuple(split_words(when)) if when else ()
    )

"""Where a contact stands in a sequence: read from the log and the message ids alone.

Enrolment, leaving and each step are log entries of the contact, so that a second machine, a second
run and a restored backup all see the same:

    - 2026-11-30 17:00 sequence: onboarding: enrolled
    - 2026-11-30 17:02 email out: Welcome <….plaincrm@studio.example>
    - 2026-12-03 17:00 sequence: onboarding: step 2
    - 2026-12-04 09:10 sequence: onboarding: left, replied
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence as Row
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.value_class import value
from plaincrm.core.values.duration import Duration
from plaincrm.marketing.message_ids import once_id
from plaincrm.marketing.sequence_file import Sequence, SequenceStep

# due: may go out now. late: was due so long ago that it is asked for. waiting: for its day, or for
# the task before it. left and done: nothing more comes.
State: TypeAlias = Literal["due", "late", "waiting", "left", "done"]

TYPE = "sequence"
_LINE = re.compile(
    r"(?P<name>[^:\n]+): (?:(?P<enrolled>enrolled)|left(?:, (?P<reason>[^\n]+))?"
    r"|step (?P<step>\d+)(?P<skipped> skipped)?)"
)
_ANSWERS = ("reply", "email", "message")


@value
class Enrolment:
    """A contact's latest enrolment in a sequence: when, and what the log says came of it.

    `steps` maps a step's number to the moment at which it was taken (a task: written); `left` says
    why it ended, empty while it lasts.
    """

    sequence: str
    at: datetime
    steps: tuple[tuple[int, datetime], ...] = ()
    left: str = ""

    @property
    def stamp(self) -> str:
        """What tells this enrolment from an earlier one, in message ids."""
        return self.at.isoformat(timespec="minutes")


@value
class SequenceStanding:
    """Where a contact stands: the next step, when it is due, and its state."""

    enrolment: Enrolment
    state: State
    step: SequenceStep | None = None
    due: datetime | None = None
    reason: str = ""


def enrolled_text(sequence: str) -> str:
    """The text of the log entry that enrols."""
    return f"{sequence}: enrolled"


def left_text(sequence: str, reason: str) -> str:
    """The text of the log entry that ends an enrolment."""
    return f"{sequence}: left, {reason}"


def step_text(sequence: str, number: int, *, skipped: bool = False) -> str:
    """The text of the log entry of a step that is no mail, or of one that was passed over."""
    return f"{sequence}: step {number}{' skipped' if skipped else ''}"


def task_text(step: SequenceStep, sequence: str) -> str:
    """The text of the task that a step adds; it names the sequence, so that its end is found."""
    return f"{step.what} ({sequence} {step.number})"


def message_id(enrolment: Enrolment, step: SequenceStep, contact: str, domain: str) -> str:
    """The id of a step's mail: the same from every machine, another one for another enrolment."""
    return once_id(
        template=step.what,
        contact=contact,
        campaign=f"sequence {enrolment.sequence} {step.number} {enrolment.stamp}",
        domain=domain,
    )


def enrolments(entries: Iterable[Entry]) -> dict[str, Enrolment]:
    """The latest enrolment in each sequence, with what the log's own lines say of it."""
    found: dict[str, Enrolment] = {}
    for entry in sorted(entries, key=lambda each: each.at):
        match = _LINE.match(entry.text) if entry.type == TYPE else None
        if match is None:
            continue
        name, present = match["name"], found.get(match["name"])
        if match["enrolled"]:
            found[name] = Enrolment(name, entry.at)
        elif present is not None and match["step"]:
            steps = (*present.steps, (int(match["step"]), entry.at))
            found[name] = Enrolment(name, present.at, steps, present.left)
        elif present is not None and not present.left:
            left = match["reason"] or "taken out"
            found[name] = Enrolment(name, present.at, present.steps, left)
    return found


def reason_to_leave(enrolment: Enrolment, entries: Iterable[Entry], flags: Row[str]) -> str:
    """Why the contact leaves by itself; empty where nothing says so.

    `flags` names those that bind now: `unsubscribed`, `do_not_email`, `bounced`, `won`. Automatic
    answers never reach the log as mail that came in, so what stands there is a person's.
    """
    if flags:
        return flags[0]
    for entry in sorted(entries, key=lambda each: each.at):
        if entry.at < enrolment.at:
            continue
        if entry.direction == "in" and entry.type in _ANSWERS:
            return "replied"
        if entry.type == "meeting":
            return "met"
    return ""


def standing(
    sequence: Sequence,
    enrolment: Enrolment,
    entries: Row[Entry],
    tasks: Row[Task],
    contact: str,
    domain: str,
    now: datetime,
    leaving: str = "",
) -> SequenceStanding:
    """Where the contact stands at `now` (without a zone, as the log's times are).

    `leaving`: see `reason_to_leave`. A step is taken once its mail's id, or its own line, stands in
    the log; which of the steps before it were taken does not matter then.
    """
    reason = enrolment.left or leaving
    if reason:
        return SequenceStanding(enrolment, "left", reason=reason)
    before = enrolment.at
    for step in sequence.steps:
        taken = _taken(enrolment, step, entries, contact, domain)
        if taken is None:
            due = _due(before, step, sequence.weekdays)
            return SequenceStanding(enrolment, _state(due, sequence.late, now), step, due)
        done = _task_end(sequence.name, step, tasks, taken) if step.type == "task" else taken
        if done is None:
            return SequenceStanding(enrolment, "waiting", step, reason=f"task: {step.what}")
        before = done
    return SequenceStanding(enrolment, "done")


def _taken(
    enrolment: Enrolment, step: SequenceStep, entries: Row[Entry], contact: str, domain: str
) -> datetime | None:
    """When a step was taken, by its own line or by its mail."""
    own = next((at for number, at in enrolment.steps if number == step.number), None)
    if own is not None or step.type == "task":
        return own
    wanted = message_id(enrolment, step, contact, domain)
    return next((entry.at for entry in entries if entry.message_id == wanted), None)


def _task_end(
    sequence: str, step: SequenceStep, tasks: Row[Task], written: datetime
) -> datetime | None:
    """When the step's task was done; of one that is gone, when it was written."""
    text = task_text(step, sequence)
    found = [task for task in tasks if task.text == text]
    if not found:
        return written
    task = found[-1]
    if not task.done:
        return None
    return datetime.combine(task.done_on, written.time()) if task.done_on else written


def _due(before: datetime, step: SequenceStep, weekdays: bool) -> datetime:
    """When a step is due; the first one at once, whatever the day."""
    due = later(before, step.after)
    if weekdays and step.number > 1 and due.weekday() >= 5:
        due += timedelta(days=7 - due.weekday())
    return due


def later(moment: datetime, after: Duration) -> datetime:
    """`after` from a moment; calendar months clamp, the time of day stays."""
    if after.unit in ("h", "min"):
        return moment + timedelta(minutes=after.amount * (60 if after.unit == "h" else 1))
    return datetime.combine(after.clamped(moment.date()), moment.time())


def _state(due: datetime, late: Duration, now: datetime) -> State:
    if now < due:
        return "waiting"
    return "late" if now > later(due, late) else "due"

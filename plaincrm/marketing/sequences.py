"""Where a contact stands in a sequence: read from the log and the message ids alone.

Enrolment, leaving and each step are log entries of the contact, so that a second machine, a second
run and a restored backup all see the same:

    - 2026-11-30 17:00 sequence: onboarding: enrolled
    - 2026-11-30 17:02 email out: Welcome <….welcome.plaincrm@studio.example>
    - 2026-12-03 17:00 sequence: onboarding: step 2
    - 2026-12-04 09:10 sequence: onboarding: left, replied
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Sequence as Row
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal, TypeAlias

from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.value_class import fresh, value
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.hours import Week
from plaincrm.marketing.message_ids import hash_of, slug, step_hash, step_id, template_of
from plaincrm.marketing.sequence_file import Sequence, SequenceStep

# due: may go out now. late: was due so long ago that it is asked for. waiting: for its day, for the
# task before it, or for a draft in the outbox. left and done: nothing more comes.
State: TypeAlias = Literal["due", "late", "waiting", "left", "done"]

TYPE = "sequence"
BOUNCED = "Bounced: "  # how the log tells of a mail that came back
SOFT = "Soft bounce: "  # of one that may arrive later, or did not fit for now
AWAY = "Out of office: "  # of a machine's answer
_LINE = re.compile(
    r"(?P<name>[^:\n]+): (?:enrolled(?: about (?P<about>[^\s,]+))?"
    r"|(?P<left>left)(?:, (?P<reason>[^\n]+))?|step (?P<step>\d+)(?: skipped)?)"
)
_TASK = re.compile(r".*\((?P<name>.+) (?P<step>\d+)\)", re.DOTALL)
_ANSWERS = ("reply", "email", "message")
# Steps that a sequence may have lost since somebody took them; ids are tried so far beyond the end.
_LOST_STEPS = 10
# Days within which a step finds one on which it may go out; away for longer, nothing moves it.
_MOST_DAYS = 366


@value
class SequenceDays:
    """The days of a book: `closed` are holidays, days off and `away:`; `off` are no business days,
    which lengths such as `3bd` pass over.
    """

    closed: Callable[[date], bool] = lambda _: False
    off: Callable[[date], bool] = lambda day: day.weekday() >= _SATURDAY


_SATURDAY = 5
USUAL_DAYS = SequenceDays()


@value
class StepTask:
    """A task that a step added: whether it is done, and on which day that was."""

    text: str
    done: bool = False
    done_on: datetime | None = None


@value
class Enrolment:
    """A contact's latest enrolment in a sequence: when, and what the log says came of it.

    `number` counts the contact's enrolments in it from 1: it tells the mails of one from those of
    the next, on every machine alike. `about` is the deal or ticket that it is about (`deal/id`).
    `steps` maps a step's number to the moment at which its own line says that it was taken; `mails`
    are the messages to the contact since then, by id. `left` says why it ended by a line of its
    own, `answered` why the log says that it has to.
    """

    sequence: str
    at: datetime
    number: int = 1
    about: str = ""
    steps: Mapping[int, datetime] = fresh(factory=dict)
    mails: Mapping[str, datetime] = fresh(factory=dict)
    tasks: tuple[StepTask, ...] = ()
    left: str = ""
    answered: str = ""


@value
class SequenceStanding:
    """Where a contact stands: the next step, when it is due, and its state."""

    enrolment: Enrolment
    state: State
    step: SequenceStep | None = None
    due: datetime | None = None
    reason: str = ""


def enrolled_text(sequence: str, about: str = "") -> str:
    """The text of the log entry that enrols, about a deal or ticket (`deal/id`)."""
    return f"{sequence}: enrolled{f' about {about}' if about else ''}"


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
    return step_id(
        sequence=enrolment.sequence,
        step=step.number,
        contact=contact,
        enrolment=enrolment.number,
        template=step.what,
        domain=domain,
    )


def enrolments(entries: Iterable[Entry], tasks: Iterable[Task] = ()) -> dict[str, Enrolment]:
    """The latest enrolment in each sequence, with what the log says of it.

    `entries` run from the oldest on. Whoever is enrolled again without having left stays in the
    enrolment that they are in: two machines may both have enrolled them.
    """
    ordered = sorted(entries, key=lambda each: each.at)
    found: dict[str, Enrolment] = {}
    began: dict[str, int] = {}
    for place, entry in enumerate(ordered):
        match = _LINE.match(entry.text) if entry.type == TYPE else None
        if match is not None:
            name, before = match["name"], found.get(match["name"])
            found[name] = _after(before, match, entry.at)
            if before is None or found[name].number > before.number:
                began[name] = place
    every = list(tasks) if found else []
    return {
        name: _complete(each, ordered[began[name] :], every)
        for name, each in found.items()
        if each.number
    }


def _after(present: Enrolment | None, match: re.Match[str], at: datetime) -> Enrolment:
    """The enrolment after one more line of its own. Lines before the first enrolment say nothing:
    they are kept as enrolment 0.
    """
    name = match["name"]
    known = present or Enrolment(name, at, 0, left="never enrolled")
    if match["step"]:
        return _with(known, steps={**known.steps, int(match["step"]): at})
    if match["left"]:
        return known if known.left else _with(known, left=match["reason"] or "taken out")
    if not known.left:
        return known
    return Enrolment(name, at, known.number + 1, match["about"] or "")


def _with(enrolment: Enrolment, **what: object) -> Enrolment:
    from plaincrm.core.value_class import changed

    return changed(enrolment, **what)


def _complete(enrolment: Enrolment, since: Row[Entry], tasks: Iterable[Task]) -> Enrolment:
    """With the mails that went out, the tasks, and what came back, of the entries `since` then."""
    ids = ((each.message_id, each.at) for each in since if each.direction == "out")
    return _with(
        enrolment,
        mails={id: at for id, at in reversed([(i, at) for i, at in ids if hash_of(i)])},
        tasks=tuple(_step_tasks(enrolment.sequence, tasks)),
        answered=next(filter(None, map(answer, since)), ""),
    )


def _step_tasks(sequence: str, tasks: Iterable[Task]) -> Iterable[StepTask]:
    for task in tasks:
        match = _TASK.fullmatch(task.text)
        if match is not None and match["name"] == sequence:
            day = task.done_on
            moment = datetime(day.year, day.month, day.day) if day else None
            yield StepTask(task.text, task.done, moment)


def answer(entry: Entry) -> str:
    """Why an entry ends an enrolment; empty for one that does not.

    Automatic answers never reach the log as mail that came in, so what stands there is a person's.
    """
    if entry.direction == "in" and entry.type in _ANSWERS:
        return "replied"
    if entry.type == "meeting":
        return "met"
    return "bounced" if entry.type == "note" and entry.text.startswith(BOUNCED) else ""


def standing(
    sequence: Sequence,
    enrolment: Enrolment,
    ids: Row[str],
    now: datetime,
    leaving: str = "",
    days: SequenceDays = USUAL_DAYS,
) -> SequenceStanding:
    """Where the contact stands at `now` (without a zone, as the log's times are).

    `ids`: the contact's id and its former ones. `leaving`: why it leaves by itself, where the log
    does not say so. A step is taken once its mail's id, or its own line, stands in the log; the
    next one is the first behind the last that was taken.
    """
    reason = enrolment.left or enrolment.answered or leaving
    if reason:
        return SequenceStanding(enrolment, "left", reason=reason)
    taken = _taken(sequence, enrolment, ids)
    last = max(taken, default=0)
    if last == len(sequence.steps):
        return SequenceStanding(enrolment, "done")
    step, before = sequence.steps[last], enrolment.at
    if last:
        ended = _end(sequence.steps[last - 1], enrolment, taken[last])
        if ended is None:
            waits = f"task: {sequence.steps[last - 1].what}"
            return SequenceStanding(enrolment, "waiting", step, reason=waits)
        before = ended
    due = _due(before, step, sequence, days)
    return SequenceStanding(enrolment, _state(due, sequence.late, now, days), step, due)


def _taken(sequence: Sequence, enrolment: Enrolment, ids: Row[str]) -> dict[int, datetime]:
    """Number of step to the moment at which it was taken.

    Steps may have been added since, or given another template. A mail belongs to the step of its
    template; where no step has that template any more, to the one of its number.
    """
    count = len(sequence.steps)
    taken = {number: at for number, at in enrolment.steps.items() if number <= count}
    by_hash = {hash_of(id): (id, at) for id, at in enrolment.mails.items()}
    if not by_hash:
        return taken
    places = {slug(step.what): step.number for step in sequence.steps if step.type == "mail"}
    for number in range(1, count + _LOST_STEPS):
        for contact in ids if by_hash else ():  # until each mail has found its step
            hash = step_hash(enrolment.sequence, number, contact, enrolment.number)
            found = by_hash.pop(hash, None)
            if found is not None:
                id, at = found
                place = _place(number, template_of(id) or "", sequence, places)
                if place <= count:
                    taken.setdefault(place, at)
    return taken


def mail_hashes(
    sequence: Sequence, ids: Row[str], enrolments: int
) -> dict[str, Callable[[str], int]]:
    """What tells a person's mails of a sequence, of all their enrolments; each gives the step that
    it was, as the sequence stands now, for the template in the mail's id.
    """
    places = {slug(step.what): step.number for step in sequence.steps if step.type == "mail"}
    found: dict[str, Callable[[str], int]] = {}
    for enrolment in range(1, enrolments + 1):
        for number in range(1, len(sequence.steps) + _LOST_STEPS):
            for contact in ids:
                hash = step_hash(sequence.name, number, contact, enrolment)
                found[hash] = partial(_placed, number, sequence, places)
    return found


def _placed(number: int, sequence: Sequence, places: Mapping[str, int], template: str) -> int:
    return _place(number, template, sequence, places)


def _place(number: int, template: str, sequence: Sequence, places: Mapping[str, int]) -> int:
    """The number of the step that a mail was, as the sequence stands now."""
    own = sequence.steps[number - 1] if number <= len(sequence.steps) else None
    if own is not None and own.type == "mail" and slug(own.what) == template:
        return number
    return places.get(template, number)


def _end(step: SequenceStep, enrolment: Enrolment, taken: datetime) -> datetime | None:
    """When a step that was taken ended: a task when it was done, or, where it is gone, when it was
    written. None while it is open.
    """
    if step.type != "task":
        return taken
    found = [each for each in enrolment.tasks if each.text == task_text(step, enrolment.sequence)]
    if not found:
        return taken
    if not found[-1].done:
        return None
    day = found[-1].done_on
    return datetime.combine(day.date(), taken.time()) if day else taken


def _due(before: datetime, step: SequenceStep, sequence: Sequence, days: SequenceDays) -> datetime:
    """When a step is due; one without a delay at the beginning at once, whatever the day."""
    due = later(before, step.after, days)
    if not sequence.weekdays or (step.number == 1 and not step.after.amount):
        return into_window(due, sequence.window)
    if not any(sequence.window):
        return _on_open_day(due, days)
    return into_window(_on_open_day(due, days), sequence.window, days.closed)


def _on_open_day(moment: datetime, days: SequenceDays) -> datetime:
    """The moment, or the same time on the next day that is no weekend and not closed."""
    for ahead in range(_MOST_DAYS):
        moved = moment + timedelta(days=ahead)
        if moved.weekday() < _SATURDAY and not days.closed(moved.date()):
            return moved
    return moment


def into_window(
    moment: datetime, week: Week, closed: Callable[[date], bool] = USUAL_DAYS.closed
) -> datetime:
    """The moment, or the next beginning of a span of the week where it lies in none, or on a day
    that is `closed`.
    """
    if not any(week):
        return moment
    minutes = moment.hour * 60 + moment.minute
    midnight = datetime(moment.year, moment.month, moment.day)
    for ahead in range(_MOST_DAYS):
        day = midnight + timedelta(days=ahead)
        for span in () if closed(day.date()) else week[day.weekday()]:
            if ahead or minutes < span.start:
                return day + timedelta(minutes=span.start)
            if minutes < span.end:
                return moment
    return moment


def later(moment: datetime, after: Duration, days: SequenceDays = USUAL_DAYS) -> datetime:
    """`after` from a moment; calendar months clamp, the time of day stays."""
    if after.unit in ("h", "min"):
        return moment + timedelta(minutes=after.amount * (60 if after.unit == "h" else 1))
    return datetime.combine(after.clamped(moment.date(), off=days.off), moment.time())


def _state(due: datetime, late: Duration, now: datetime, days: SequenceDays) -> State:
    if now < due:
        return "waiting"
    return "late" if now > later(due, late, days) else "due"

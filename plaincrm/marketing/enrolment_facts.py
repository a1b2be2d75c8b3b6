"""What the cache keeps of sequences, so that nobody has to read a log to know who stands where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import chronological

if TYPE_CHECKING:  # most contacts are in no sequence
    from plaincrm.marketing.sequences import Enrolment

_TYPE = "sequence"  # of a log entry: `sequences.TYPE`
ENROLMENTS, ANSWERS = "_enrolments", "_answers"
KeptEnrolment: TypeAlias = tuple[Any, ...]
"""The fields of an `Enrolment` in their order, moments as ISO text, maps as pairs."""
KeptAnswer: TypeAlias = tuple[str, str, tuple[str, ...]]
"""Why somebody leaves a sequence, when that was, and the ids of the people that it names."""


def _enrolments(record: Record, _: Context) -> tuple[KeptEnrolment, ...] | None:
    if not any(entry.type == _TYPE for entry in record.log):
        return None
    from plaincrm.marketing.sequences import enrolments

    found = enrolments(chronological(record), record.tasks)
    return tuple(_kept(each) for each in found.values()) or None


def _kept(each: Enrolment) -> KeptEnrolment:
    tasks = tuple((t.text, t.done, t.done_on and t.done_on.isoformat()) for t in each.tasks)
    return (
        each.sequence,
        each.at.isoformat(),
        each.number,
        each.about,
        tuple((number, at.isoformat()) for number, at in each.steps.items()),
        tuple((id, at.isoformat()) for id, at in each.mails.items()),
        tasks,
        each.left,
        each.answered,
    )


def read_enrolments(record: Record, context: Context) -> Iterator[Enrolment]:
    """The latest enrolment of a contact in each sequence."""
    rows = context.fact(record, ENROLMENTS)
    if not rows:
        return
    from plaincrm.marketing.sequences import Enrolment, StepTask

    for row in rows:
        name, at, number, about, steps, mails, tasks, left, answered = row
        yield Enrolment(
            name,
            datetime.fromisoformat(at),
            number,
            about,
            {place: datetime.fromisoformat(moment) for place, moment in steps},
            {id: datetime.fromisoformat(moment) for id, moment in mails},
            tuple(
                StepTask(text, done, datetime.fromisoformat(day) if day else None)
                for text, done, day in tasks
            ),
            left,
            answered,
        )


def _answers(record: Record, _: Context) -> tuple[KeptAnswer, ...] | None:
    """The latest answer of each kind, by the people that it names."""
    from plaincrm.marketing.sequences import answer

    found: dict[tuple[str, tuple[str, ...]], str] = {}
    for entry in record.log:
        reason = answer(entry)
        if reason and (record.kind.name != "contact" or entry.people):
            key = (reason, entry.people)
            found[key] = max(found.get(key, ""), entry.at.isoformat())
    return tuple((reason, at, people) for (reason, people), at in found.items()) or None


FACTS = (
    Fact("contact", ENROLMENTS, "plain", Needs.FILE, "Its enrolments in sequences", _enrolments),
    Fact("*", ANSWERS, "plain", Needs.FILE, "Who wrote or met, for sequences", _answers),
)

"""What the cache keeps of sequences, so that nobody has to read a log to know who stands where."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.kept_row import KeptRow
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import chronological

if TYPE_CHECKING:  # most contacts are in no sequence
    from plaincrm.marketing.sequences import Enrolment

_TYPE = "sequence"  # of a log entry: `sequences.TYPE`
ENROLMENTS, ANSWERS = "_enrolments", "_answers"
KeptAnswer: TypeAlias = tuple[str, str, tuple[str, ...]]
"""Why somebody leaves a sequence, when that was, and the ids of the people that it names."""


class KeptEnrolment(KeptRow):
    """An `Enrolment`: moments as ISO text, maps as pairs, a task as its text, whether it is done,
    and when.
    """

    sequence: str
    at: str
    number: int
    about: str
    steps: tuple[tuple[int, str], ...]
    mails: tuple[tuple[str, str], ...]
    tasks: tuple[tuple[str, bool, str | None], ...]
    left: str
    answered: str

    @classmethod
    def of(cls, found: Enrolment) -> KeptEnrolment:
        tasks = tuple(
            (task.text, task.done, task.done_on.isoformat() if task.done_on else None)
            for task in found.tasks
        )
        return cls(
            sequence=found.sequence,
            at=found.at.isoformat(),
            number=found.number,
            about=found.about,
            steps=tuple((number, at.isoformat()) for number, at in found.steps.items()),
            mails=tuple((id, at.isoformat()) for id, at in found.mails.items()),
            tasks=tasks,
            left=found.left,
            answered=found.answered,
        )

    def enrolment(self) -> Enrolment:
        from plaincrm.marketing.sequences import Enrolment, StepTask

        moment = datetime.fromisoformat
        return Enrolment(
            sequence=self.sequence,
            at=moment(self.at),
            number=self.number,
            about=self.about,
            steps={number: moment(at) for number, at in self.steps},
            mails={id: moment(at) for id, at in self.mails},
            tasks=tuple(
                StepTask(text, done, moment(day) if day else None) for text, done, day in self.tasks
            ),
            left=self.left,
            answered=self.answered,
        )


def _enrolments(record: Record, _: Context) -> tuple[tuple[Any, ...], ...] | None:
    if not any(entry.type == _TYPE for entry in record.log):
        return None
    from plaincrm.marketing.sequences import enrolments

    found = enrolments(chronological(record), record.tasks)
    return tuple(KeptEnrolment.of(each).packed() for each in found.values()) or None


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

"""What came of a sequence, step by step: counted from the logs of those who were enrolled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from plaincrm.core.records.facts import Context
from plaincrm.core.value_class import value
from plaincrm.core.values.proportion import Interval, wilson
from plaincrm.crm.mail_events import mail_events
from plaincrm.crm.sequence_standings import ContactStanding, everybody
from plaincrm.marketing.campaigns import answers
from plaincrm.marketing.message_ids import hash_of, template_of
from plaincrm.marketing.sequence_file import Sequence, SequenceStep
from plaincrm.marketing.sequences import mail_hashes


@value
class StepResult:
    """A step, and how many people: have been sent it, had it returned (`soft`: for now), replied,
    unsubscribed, met, were away. A task counts those who got it.
    """

    step: SequenceStep
    sent: int = 0
    bounced: int = 0
    soft: int = 0
    replied: int = 0
    unsubscribed: int = 0
    meetings: int = 0
    away: int = 0

    @property
    def delivered(self) -> int:
        """What was not returned; nobody can see more."""
        return self.sent - self.bounced

    @property
    def rate(self) -> Interval | None:
        """The share of replies of what was not returned."""
        return wilson(self.replied, self.delivered)


def sequence_results(sequence: Sequence, context: Context) -> list[StepResult]:
    """The results of each step, of all enrolments."""
    counts: dict[tuple[int, str], set[str]] = defaultdict(set)
    for each in everybody(context, (sequence.name,)):
        for number, what in _happened(each, sequence, context):
            counts[number, what].add(each.contact.id)
    return [_result(step, counts) for step in sequence.steps]


def _happened(
    each: ContactStanding, sequence: Sequence, context: Context
) -> Iterable[tuple[int, str]]:
    """What happened to one person, by the number of the step that it belongs to."""
    enrolment = each.standing.enrolment
    yield from ((number, "sent") for number in enrolment.steps)
    ids = (each.contact.id, *each.contact.aliases())
    steps = mail_hashes(sequence, ids, enrolment.number)
    events = list(mail_events(each.contact, context))
    came = answers(events)
    for event in events:
        hash = hash_of(event.message_id) if event.what == "out" else ""
        if hash in steps:
            number = steps[hash](template_of(event.message_id) or "")
            yield number, "sent"
            yield from ((number, what) for what in came.get(event.message_id, ()))


def _result(step: SequenceStep, counts: dict[tuple[int, str], set[str]]) -> StepResult:
    def count(what: str) -> int:
        return len(counts[step.number, what])

    return StepResult(
        step,
        count("sent"),
        count("bounced"),
        len(counts[step.number, "soft"] - counts[step.number, "bounced"]),
        count("replied"),
        count("unsubscribed"),
        count("met"),
        count("away"),
    )

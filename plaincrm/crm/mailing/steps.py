"""Writing the steps of sequences that are due: mails as letters, tasks and lines of the log as
edits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plaincrm.core import query
from plaincrm.core.records.edits import AddTask, Edit
from plaincrm.core.records.record import Record
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.value_class import changed
from plaincrm.crm.mail_permission import MailPermission
from plaincrm.crm.mailing.render import Letter, LetterWriter, MailPurpose, Recipient, mail_domain
from plaincrm.crm.mailing.template_files import Templates
from plaincrm.crm.sequence_lines import ended, sequence_line
from plaincrm.crm.sequence_standings import IN_OUTBOX, ContactStanding
from plaincrm.crm.staged import Staged, staged
from plaincrm.marketing.message_ids import hash_of, step_hash
from plaincrm.marketing.sequence_file import SequenceStep
from plaincrm.marketing.sequences import (
    SequenceStanding,
    message_id,
    step_text,
    task_text,
)

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


@dataclass
class StepRun:
    """What one run writes: letters, a staged change with tasks and lines of logs, and where each
    contact stands then.
    """

    change: Staged
    letters: list[Letter] = field(default_factory=list)
    standings: list[ContactStanding] = field(default_factory=list)


class StepWriter:
    """Writes steps. `late` ones too only where somebody said so; `skip_late` passes them over."""

    def __init__(self, book: Book, *, late: bool = False, skip_late: bool = False) -> None:
        self._book = book
        self._late, self._skip_late = late, skip_late
        self._templates = Templates(book)
        self._permission = MailPermission(book.context)
        self._writers: dict[str, LetterWriter] = {}
        self._queries: dict[tuple[str, ...], query.Query] = {}

    def run(self, standings: Sequence[ContactStanding]) -> StepRun:
        """Stage what is due. Raises NotFound for a template, QueryError for a step's `when:`."""
        change = self._book.change("", "sequence due")
        run = StepRun(staged(change, ""))
        touched: list[Record] = []
        for each in standings:
            after, letter, edits = self._one(each)
            run.standings.append(after)
            if letter is not None:
                run.letters.append(letter)
            if edits:
                touched.append(change.edit(self._now(each.contact), edits))
        records = list({record.ref: record for record in touched}.values())
        run.change = staged(change, f"Steps of sequences for {len(records)} contacts", records)
        return run

    def _now(self, contact: Record) -> Record:
        return self._book.store.get("contact", contact.id) or contact

    def _one(self, each: ContactStanding) -> tuple[ContactStanding, Letter | None, Sequence[Edit]]:
        found, step = each.standing, each.standing.step
        if found.state in ("left", "done"):
            left = found.state == "left" and each.sequence is not None
            return each, None, ended(self._book.context, each.contact, each.name) if left else []
        if step is None or found.state == "waiting":
            return each, None, []
        if found.state == "late" and self._skip_late:
            return _stands(each, "waiting", "passed over"), None, [self._line(each, step, True)]
        if found.state == "late" and not self._late:
            return each, None, []
        if not self._wanted(each.contact, step):
            words = f"passed over: not {' '.join(step.when)}"
            return _stands(each, "waiting", words), None, [self._line(each, step, True)]
        if step.type == "task":
            return _stands(each, "waiting", f"task: {step.what}"), None, self._task(each, step)
        way = self._permission.other_way(each.contact, "personal")
        if way:
            told = changed(step, what=f"{step.what}, by {way}")
            return _stands(each, "waiting", f"task: {told.what}"), None, self._task(each, told)
        # The stricter kind: whoever wants no bulk mail wants no sequence either.
        refused = self._permission.refusal(each.contact, "bulk")
        if refused:
            return _stands(each, found.state, refused), None, []
        letter = self._letter(each, step)
        if letter.status != "ready":
            return _stands(each, found.state, letter.reason), letter, []
        return _stands(each, "waiting", IN_OUTBOX), letter, []

    def _wanted(self, contact: Record, step: SequenceStep) -> bool:
        if not step.when:
            return True
        if step.when not in self._queries:
            kind = self._book.schema.kinds["contact"]
            self._queries[step.when] = query.compile(step.when, kind, self._book.context)
        return self._queries[step.when].matches(contact)

    def _line(self, each: ContactStanding, step: SequenceStep, skipped: bool) -> Edit:
        return sequence_line(self._book.context, step_text(each.name, step.number, skipped=skipped))

    def _task(self, each: ContactStanding, step: SequenceStep) -> list[Edit]:
        task = Task(task_text(step, each.name), due=self._book.now.date())
        return [AddTask(task), self._line(each, step, False)]

    def _letter(self, each: ContactStanding, step: SequenceStep) -> Letter:
        writer = self._writers.get(step.what)
        if writer is None:
            self._templates.find(step.what)
            writer = LetterWriter(self._book, self._templates, step.what, by_mail=True)
            self._writers[step.what] = writer
        return writer.letter(recipient(self._book, each), self._purpose(each, step))

    def _purpose(self, each: ContactStanding, step: SequenceStep) -> MailPurpose:
        domain = mail_domain(self._book)
        ids = [each.contact.id, *each.contact.aliases()]
        every = (message_id(each.standing.enrolment, step, id, domain) for id in ids)
        return MailPurpose(tuple(every), thread(each))


def recipient(book: Book, each: ContactStanding) -> Recipient:
    """The contact, with the deal or ticket that the enrolment is about."""
    kind, _, id = each.standing.enrolment.about.partition("/")
    about = book.store.get(kind, id) if id and kind in ("deal", "ticket") else None
    return Recipient(each.contact, about)


def thread(each: ContactStanding) -> tuple[str, ...]:
    """The ids of the mails that the enrolment sent before, the oldest first."""
    mails = each.standing.enrolment.mails
    own = frozenset(_hashes(each))
    found = sorted((at, id) for id, at in mails.items() if hash_of(id) in own)
    return tuple(id for _, id in found)


def stopped(standings: Iterable[ContactStanding], id: str) -> str:
    """Why a draft with that message id must not be sent any more; empty where it may, or is no
    step of these sequences.
    """
    wanted = hash_of(id)
    for each in standings if wanted else ():
        enrolment, left = each.standing.enrolment, each.standing.state == "left"
        if left and wanted in _hashes(each):
            return f"left {each.name}: {each.standing.reason}"
        for number in range(1, enrolment.number):
            former = changed(each.standing, enrolment=changed(enrolment, number=number))
            if wanted in _hashes(changed(each, standing=former)):
                return f"is of a former enrolment in {each.name}"
    return ""


def _hashes(each: ContactStanding) -> Iterator[str]:
    """What tells the mails of an enrolment, those of steps that it may have lost too."""
    count = len(each.sequence.steps) if each.sequence else 0
    enrolment = each.standing.enrolment
    for number in range(1, count + 20):
        for id in (each.contact.id, *each.contact.aliases()):
            yield step_hash(enrolment.sequence, number, id, enrolment.number)


def _stands(each: ContactStanding, state: str, reason: str) -> ContactStanding:
    after: SequenceStanding = changed(each.standing, state=state, reason=reason)
    return changed(each, standing=after)

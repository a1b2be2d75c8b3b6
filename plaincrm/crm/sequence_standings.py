"""Who stands where in the book's sequences, from the facts that the cache keeps.

The pure part is `marketing.sequences`; here it gets what the rest of the book knows: flags of the
contact, answers in the logs of deals and tickets, deals that were won, drafts that wait.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import changed, value
from plaincrm.core.values.raw import items
from plaincrm.marketing.enrolment_facts import ANSWERS, ENROLMENTS, KeptEnrolment

if TYPE_CHECKING:  # most contacts are in no sequence
    from plaincrm.marketing.sequence_file import Sequence
    from plaincrm.marketing.sequences import Enrolment, SequenceDays, SequenceStanding

IN_OUTBOX = "a draft waits in the outbox"
_ABOUT_ONE = ("deal", "ticket")  # whose answers are their one contact's, where they name nobody
_FLAGS = ("do_not_email", "unsubscribed")


@value
class ContactStanding:
    """Where one contact stands in one sequence. `sequence` is None where its file is gone."""

    contact: Record
    name: str
    sequence: Sequence | None
    standing: SequenceStanding

    @property
    def lasts(self) -> bool:
        """Whether the contact is still in it."""
        return self.standing.state not in ("left", "done")

    @property
    def sort_key(self) -> tuple[datetime, str, str]:
        return self.standing.due or self.standing.enrolment.at, self.name, self.contact.id


def everybody(context: Context, names: Collection[str] = ()) -> Iterator[ContactStanding]:
    """Where everybody stands who was ever enrolled in one of these sequences, or in any."""
    column = context.column("contact", ENROLMENTS)
    if not any(column):
        return
    reader = _reader(context)
    enrolled = context.store.collection("contact").chosen(column)
    for contact, rows in zip(enrolled, filter(None, column), strict=True):
        yield from reader.standings(contact, rows, names)


def of_contact(
    contact: Record, context: Context, names: Collection[str] = ()
) -> Iterator[ContactStanding]:
    """Where one contact stands in each of its sequences, or in those named."""
    rows = context.fact(contact, ENROLMENTS)
    if rows:
        yield from _reader(context).standings(contact, rows, names)


def _reader(context: Context) -> _StandingReader:
    found: _StandingReader = context.shared("sequence standings", _StandingReader)
    return found


class _StandingReader:
    """Works out standings from what the cache keeps of enrolments.

    People who were enrolled together, and whose logs say nothing more, stand at the same place: it
    is worked out once.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._now = context.now.replace(tzinfo=None)
        self._days = _days(context)
        self._flags = [name for name in _FLAGS if _is_used(name, context)]
        self._bounces = _is_used("bounced", context)
        self._enrolments: dict[tuple[Any, ...], Enrolment] = {}
        self._standings: dict[tuple[tuple[Any, ...], str], SequenceStanding] = {}
        self._sequences: dict[str, Sequence | None] = {}

    def standings(
        self, contact: Record, rows: Iterable[tuple[Any, ...]], names: Collection[str]
    ) -> Iterator[ContactStanding]:
        """Where a contact stands by the rows of its enrolments."""
        for row in rows:
            enrolment = self._enrolments.get(row) or self._read(row)
            if not names or enrolment.sequence in names:
                yield self._standing(contact, row, enrolment)

    def _read(self, row: tuple[Any, ...]) -> Enrolment:
        found = KeptEnrolment.read(row).enrolment()
        self._enrolments[row] = found
        if found.sequence not in self._sequences:
            self._sequences[found.sequence] = self._context.sequences.get(found.sequence)
        return found

    def _standing(
        self, contact: Record, row: tuple[Any, ...], enrolment: Enrolment
    ) -> ContactStanding:
        sequence = self._sequences[enrolment.sequence]
        if sequence is None:
            return _of_no_sequence(contact, enrolment)
        leaving = "" if enrolment.left else self._leaving(contact, enrolment, sequence)
        found = self._standings.get((row, leaving))
        if found is None:
            found = self._worked_out(contact, enrolment, sequence, leaving)
            if not enrolment.mails:  # else it rests on the contact's id, too
                self._standings[row, leaving] = found
        if found.state in ("due", "late") and _waits(found, contact, self._context):
            found = changed(found, state="waiting", reason=IN_OUTBOX)
        return ContactStanding(contact, enrolment.sequence, sequence, found)

    def _worked_out(
        self, contact: Record, enrolment: Enrolment, sequence: Sequence, leaving: str
    ) -> SequenceStanding:
        from plaincrm.marketing.sequences import standing

        ids = (contact.id, *contact.aliases())
        return standing(sequence, enrolment, ids, self._now, leaving, self._days)

    def _leaving(self, contact: Record, enrolment: Enrolment, sequence: Sequence) -> str:
        """Why the contact leaves by what stands outside its own log."""
        if flagged := self._flagged(contact):
            return flagged
        answers: dict[str, list[tuple[str, str]]] = self._context.shared(
            "sequence answers", _answers
        )
        if answers:
            since = enrolment.at.isoformat()
            for reason, at in answers.get(fold(contact.id), ()):
                if at >= since:
                    return reason
        if sequence.leave_on_won:
            won: dict[str, str] = self._context.shared("sequence wins", _wins)
            if won.get(fold(contact.id), "") >= enrolment.at.date().isoformat():
                return "won"
        return ""

    def _flagged(self, contact: Record) -> str:
        if not (self._flags or self._bounces):
            return ""
        from plaincrm.marketing.consent import address, flag

        for name in self._flags:
            if flag(contact.raw(name)):
                return name
        bounced = self._bounces and contact.raw("bounced")
        return "bounced" if bounced and address(contact.fields) is None else ""


def _is_used(field: str, context: Context) -> bool:
    """Whether any contact has the field."""
    return any(context.store.collection("contact").column(field))


def _of_no_sequence(contact: Record, enrolment: Enrolment) -> ContactStanding:
    from plaincrm.marketing.sequences import SequenceStanding

    reason = enrolment.left or enrolment.answered or "there is no such sequence"
    gone = SequenceStanding(enrolment, "left", reason=reason)
    return ContactStanding(contact, enrolment.sequence, None, gone)


def _days(context: Context) -> SequenceDays:
    """The days on which a step may fall, by the hours of the book."""
    from plaincrm.core.schema.days_off import closed_days, days_off
    from plaincrm.marketing.sequences import SequenceDays

    return SequenceDays(closed_days(context.settings), days_off(context.settings))


def _leaving(contact: Record, enrolment: Enrolment, sequence: Sequence, context: Context) -> str:
    """Why the contact leaves by what stands outside its own log."""
    from plaincrm.marketing.consent import address, flag

    for name in _FLAGS:
        if flag(contact.raw(name)):
            return name
    if contact.raw("bounced") and address(contact.fields) is None:
        return "bounced"
    since, id = enrolment.at.isoformat(), fold(contact.id)
    answers: dict[str, list[tuple[str, str]]] = context.shared("sequence answers", _answers)
    for reason, at in answers.get(id, ()):
        if at >= since:
            return reason
    if sequence.leave_on_won:
        won: dict[str, str] = context.shared("sequence wins", _wins)
        if won.get(id, "") >= enrolment.at.date().isoformat():
            return "won"
    return ""


def _answers(context: Context) -> dict[str, list[tuple[str, str]]]:
    """Of each contact, what the logs of other records say: why it leaves, and when that was."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind in context.store.schema.kinds:
        rows = context.column(kind, ANSWERS)
        if not any(rows):
            continue
        linked = _linked(kind, context)
        for place, row in enumerate(rows):
            for reason, at, people in row or ():
                for person in people or linked(place):
                    found.setdefault(_folded(person, context), []).append((reason, at))
    return found


def _linked(kind: str, context: Context) -> _Linked:
    column = context.store.collection(kind).column("contact") if kind in _ABOUT_ONE else ()
    return _Linked(column)


class _Linked:
    """The one contact of the record at a place; nobody where there are none or several."""

    def __init__(self, column: Iterable[object]) -> None:
        self._column = list(column)

    def __call__(self, place: int) -> list[str]:
        raw = self._column[place] if self._column else None
        ids = [item.text for item in items(raw)]  # type: ignore[arg-type]
        return ids if len(ids) == 1 else []


def _wins(context: Context) -> dict[str, str]:
    """Of each contact, the day on which it won a deal last."""
    found: dict[str, str] = {}
    for deal in context.store.records("deal"):
        day = context.fact(deal, "ended")
        if day is not None and context.fact(deal, "stage_status") == "won":
            for item in deal.items("contact"):
                id = _folded(item.text, context)
                found[id] = max(found.get(id, ""), day.isoformat())
    return found


def _folded(id: str, context: Context) -> str:
    """The id of the contact that an id, or a former one, leads to."""
    record = context.store.get("contact", id)
    return fold(record.id if record else id)


def _waits(found: SequenceStanding, contact: Record, context: Context) -> bool:
    """Whether the mail of the step is a draft of the outbox."""
    step, enrolment = found.step, found.enrolment
    waiting: frozenset[str] = getattr(context.sequences, "waiting", frozenset())
    if step is None or step.type != "mail" or not waiting:
        return False
    from plaincrm.marketing.message_ids import step_hash

    ids = (contact.id, *contact.aliases())
    hashes = (step_hash(enrolment.sequence, step.number, id, enrolment.number) for id in ids)
    return any(each in waiting for each in hashes)


def _words(contact: Record, context: Context) -> str | None:
    """Where a contact stands, in words: `onboarding: step 2, 2026-12-03`; several with `; `."""
    said = [_said(each) for each in of_contact(contact, context)]
    return "; ".join(filter(None, said)) or None


def _said(each: ContactStanding) -> str:
    found = each.standing
    if found.state in ("left", "done"):
        reason = f", {found.reason}" if found.reason else ""
        return f"{each.name}: {found.state}{reason}"
    number = found.step.number if found.step else 0
    when = found.reason or (f"{found.due:%Y-%m-%d}" if found.due else "")
    return f"{each.name}: step {number}, {when}"


def _is_enrolled(contact: Record, context: Context) -> bool:
    return any(each.lasts for each in of_contact(contact, context))


FACTS = (
    Fact("contact", "sequence", "text", Needs.STORE, "Where it stands in its sequences", _words),
    Fact("contact", "is:enrolled", "bool", Needs.STORE, "It is in a sequence", _is_enrolled),
)

"""Mails of an import: entries in the logs of whom they are from or to; what came back, and who
wants no more.

message, reply      email in, or email out
unsubscribe         email in, and `unsubscribed: true`; of a stranger the hash of the address
                    goes into `.plaincrm/suppressed`
out_of_office       a note, since a machine's answer is no touch
automatic           a note, for the same reason
bounce              a note, and the address in `bounced:`; of a failure for now the note alone
answer of another   a note on the person who got the mail, who has not answered

An entry names the mail of this book that it answers, so that results count it there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from plaincrm.book.draft_marks import DraftMarks, Marks
from plaincrm.core.records.edits import AddEntry, AddItem, SetField
from plaincrm.core.schema.kinds import Kind, Schema
from plaincrm.core.text.fold import fold
from plaincrm.core.timeline import log
from plaincrm.core.timeline.log import Entry
from plaincrm.core.values.raw import Raw
from plaincrm.crm.importing.correspondents import Correspondents
from plaincrm.crm.importing.identity_map import KnownRecord, RecordIndex
from plaincrm.crm.importing.log_writer import LogWriter
from plaincrm.crm.importing.record_writer import RecordWriter
from plaincrm.crm.importing.report import Action
from plaincrm.crm.mailing import mark_sent
from plaincrm.crm.suppressed_addresses import suppress
from plaincrm.errors import Ambiguous, Refused
from plaincrm.interchange.mail.inbound import MailDraft
from plaincrm.interchange.mail.mailboxes import Mailbox
from plaincrm.marketing.message_ids import answers_line
from plaincrm.marketing.sequences import BOUNCED, SOFT
from plaincrm.support.ticket_mail import ticket_of_mail
from plaincrm.support.tickets import mailed

_HEADS = {"out_of_office": "Out of office", "automatic": "Automatic mail"}
_BEFORE_ITS_ANSWER = timedelta(minutes=1)  # when a mail was sent of which only the answer is known


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a mail. It `waits` where its people are not in the book yet."""

    action: Action
    target: KnownRecord | None = None
    reason: str = ""
    waits: bool = False


@dataclass
class MailWriter:
    """Delivers mails. With `new_senders` strangers who write become contacts, else they are only
    counted.
    """

    schema: Schema
    index: RecordIndex
    log_writer: LogWriter
    writer: RecordWriter
    strangers: Counter[Mailbox]
    new_senders: bool = False

    @property
    def contact(self) -> Kind:
        """The kind of those who write."""
        return self.schema.kinds["contact"]

    def deliver(self, mail: MailDraft) -> Delivered:
        """Log one mail, once. Raises Ambiguous where an address is that of several, Refused for a
        mail without a date."""
        waiting = self.outbox.get(mail.message_id) if mail.direction == "out" else None
        if waiting and self._settled(mail, waiting):
            return Delivered("created", reason="it was in the outbox")
        if self.log_writer.has(mail.message_id):
            return Delivered("unchanged", reason="it is in the log already")
        if mail.at is None:
            raise Refused("the mail has no date that can be read")
        if mail.nature == "bounce":
            return self._returned(mail)
        self._prove(mail)
        if ticket := self._ticket(mail):
            return self._answered(mail, ticket)
        if not mail.people:
            return Delivered("skipped", reason="there is nobody on it but yourself")
        found = [target for one in mail.people if (target := self._known(one))]
        if mail.direction == "in" and not self._known(mail.people[0]):
            return self._from_unknown(mail)
        if not found:
            return Delivered(
                "skipped", reason=f"nobody here has {mail.people[0].address}", waits=True
            )
        return self._logged(mail, list(dict.fromkeys(found)))

    def _marks(self, mail: MailDraft) -> Marks:
        """What is known of a mail that was written here and sent by another program."""
        if mail.direction != "out":
            return {}
        known = self._every_mark.get(mail.message_id)
        if known is not None:
            self.writer.done.marked.append(mail.message_id)
        return known if known is not None else dict(mail.marks)

    @cached_property
    def _every_mark(self) -> Mapping[str, Marks]:
        return DraftMarks(self.writer.book.root).read()

    @cached_property
    def outbox(self) -> Mapping[str, mark_sent.OutboxDraft]:
        """The mails that wait in the outbox, by their ids."""
        waiting = mark_sent.drafts(self.writer.book)
        return {one.mail.message_id: one for one in waiting if one.mail.message_id}

    def _settled(self, mail: MailDraft, waiting: mark_sent.OutboxDraft) -> bool:
        """Log a mail of one's own that waited in the outbox as `outbox sent` does: on its deal,
        with its next step. False where it is logged already."""
        done = self.writer.done
        done.settled.append(waiting)
        moment = mail.at.replace(tzinfo=None) if mail.at else self.writer.book.now
        new = mark_sent.stage(done.change, waiting, moment, done.warnings)
        self.log_writer.remember(mail.message_id)
        return new

    def _prove(self, mail: MailDraft) -> None:
        """A draft that is answered, or came back, was sent, whatever its sender knew of it."""
        for id in mail.answered if mail.direction == "in" else ():
            waiting = self.outbox.get(id)
            if waiting is not None and not self.log_writer.has(id) and mail.at is not None:
                done = self.writer.done
                done.settled.append(waiting)
                before = mail.at.replace(tzinfo=None, second=0) - _BEFORE_ITS_ANSWER
                mark_sent.stage(done.change, waiting, before, done.warnings)
                self.log_writer.remember(id)

    def _from_unknown(self, mail: MailDraft) -> Delivered:
        """A mail from an address that nobody here has; it may answer one of ours all the same."""
        target = self.correspondents.of(mail.answered)
        if target is None or mail.nature == "out_of_office":
            return self._from_stranger(mail)
        sender = mail.people[0]
        if fold(sender.name) in {fold(text) for text in target.texts(self.contact.title)}:
            return self._logged(mail, [target])  # the same person from another address
        self.log_writer.write(target, _entry(mail, "note", [], f"{sender} answered instead"))
        self.log_writer.forget(mail.message_id)
        given = self._from_stranger(mail)
        return given if given.action == "created" else Delivered("updated", target)

    @cached_property
    def correspondents(self) -> Correspondents:
        """Who got which mail of this book."""
        return Correspondents(self.writer.book.context, self.index, self.contact)

    def _ticket(self, mail: MailDraft) -> KnownRecord | None:
        """The ticket whose thread the mail belongs to."""
        if "ticket" not in self.schema.kinds:
            return None
        marked = self._marks(mail).get("ticket", "")
        people = [t.id for one in mail.people for t in self._having(one)]
        found = self.writer.book.store.get("ticket", marked) or ticket_of_mail(
            self.writer.book.context,
            answers=mail.in_reply_to,
            references=mail.references,
            subject=mail.subject,
            contacts=people,
        )
        return self.index.get(self.schema.kinds["ticket"], found.id) if found else None

    def _answered(self, mail: MailDraft, ticket: KnownRecord) -> Delivered:
        """An answer on its ticket, which it opens again."""
        assert ticket.record is not None
        kind = "note" if mail.nature == "out_of_office" else "reply"
        edits = mailed(ticket.record, _entry(mail, kind, []), self.writer.book.context)
        self.writer.edit(ticket, edits)
        self.log_writer.remember(mail.message_id)
        return Delivered("created", ticket)

    def _having(self, one: Mailbox) -> list[KnownRecord]:
        return self.index.find(self.contact, "email", one.address)

    def _known(self, one: Mailbox) -> KnownRecord | None:
        """The contact of an address; of several that share it the one of that name."""
        found = self.index.find(self.contact, "email", one.address)
        named = [
            t
            for t in found
            if fold(one.name) in {fold(text) for text in t.texts(self.contact.title)}
        ]
        fits = found if len(found) < 2 else named
        if len(found) > 1 and len(fits) != 1:
            raise Ambiguous(
                f"{one.address} fits {' and '.join(t.ref for t in found[:3])}",
                [t.ref for t in found],
            )
        return fits[0] if fits else None

    def _from_stranger(self, mail: MailDraft) -> Delivered:
        sender = mail.people[0]
        if mail.nature == "out_of_office":
            return Delivered(
                "skipped", reason=f"an automatic answer of {sender.address}, who is not here"
            )
        fields: dict[str, Raw] = {
            "name": sender.name or sender.address,
            "email": sender.address,
            "source": "mail",
        }
        target = None
        if self.new_senders:
            target = self.writer.make(self.contact, fields, mail.at.date() if mail.at else None)
        if target is None and mail.nature == "unsubscribe":
            return self._suppressed(sender)
        if target is None:
            self.strangers[sender] += 1
            return Delivered("skipped", reason=f"nobody here has {sender.address}", waits=True)
        return self._logged(mail, [target])

    def _suppressed(self, sender: Mailbox) -> Delivered:
        """A stranger who wants no more mail: there is no record to say so, but the list has room
        for the hash of the address."""
        if not suppress(self.writer.done.change, [sender.address]):
            return Delivered("unchanged", reason=f"{sender.address} is on the list already")
        self.writer.done.suppressed.append(sender)
        return Delivered("updated", reason=f"nobody here has {sender.address}; suppressed")

    def _logged(self, mail: MailDraft, people: Sequence[KnownRecord]) -> Delivered:
        target, *others = people
        type = "note" if mail.nature in ("out_of_office", "automatic") else "email"
        entry = _entry(mail, type, [each.id for each in others])
        if not self.log_writer.write(target, entry):
            return Delivered("unchanged", target, "it is in the log already")
        self._of_colleague(mail, target)
        self._on_deal(mail, entry)
        if mail.nature == "unsubscribe":
            told = Entry(entry.date, "consent", "unsubscribed by mail", entry.time)
            self.writer.edit(target, [SetField("unsubscribed", "true"), AddEntry(told)])
        return Delivered("created", target)

    def _on_deal(self, mail: MailDraft, entry: Entry) -> None:
        """The mail on the deal too that it was written about."""
        named = self._marks(mail).get("deal", "")
        deal = self.index.get(self.schema.kinds["deal"], named) if named else None
        if deal is not None:
            self.log_writer.forget(mail.message_id)
            self.log_writer.write(deal, entry)

    def _of_colleague(self, mail: MailDraft, sender: KnownRecord) -> None:
        """Note an answer on the person who got the mail, where somebody else wrote it."""
        if mail.direction != "in":
            return
        target = self.correspondents.of(mail.answered)
        if target is not None and target.ref != sender.ref:
            said = f"{mail.people[0]} answered instead"
            self.log_writer.forget(mail.message_id)
            self.log_writer.write(target, _entry(mail, "note", [sender.id], said))

    def _returned(self, mail: MailDraft) -> Delivered:
        if mail.delivered and not mail.failed:
            return Delivered("skipped", reason="a report of delivery")
        self._prove(mail)
        if not mail.failed:
            return self._returned_for_now(mail)
        owners = self._owners(mail.failed)
        if not owners:
            return Delivered(
                "skipped", reason=f"it came back from {', '.join(mail.failed)}, who is not here"
            )
        for target, address in owners:
            if fold(address) not in {fold(text) for text in target.texts("bounced")}:
                self.writer.edit(target, [AddItem("bounced", address)])
        target = owners[0][0]
        self.log_writer.write(
            target, _entry(mail, "note", [], f"{BOUNCED}{', '.join(mail.failed)}")
        )
        return Delivered("updated", target)

    def _returned_for_now(self, mail: MailDraft) -> Delivered:
        """A mailbox that is full, or a server that is down: counted, and tried again."""
        if not mail.delayed:
            return Delivered("skipped", reason="it names no address")
        owners = self._owners(mail.delayed)
        late = ", ".join(mail.delayed)
        if not owners:
            return Delivered("skipped", reason=f"late only, still tried: {late}")
        target = owners[0][0]
        self.log_writer.write(target, _entry(mail, "note", [], f"{SOFT}{late}"))
        return Delivered("updated", target, "for now only; the address stays")

    def _owners(self, addresses: Iterable[str]) -> list[tuple[KnownRecord, str]]:
        """Whose the addresses are, as their records spell them; all whose they are, since none of
        them works.
        """
        return [
            (target, next(text for text in target.texts("email") if fold(text) == fold(address)))
            for address in addresses
            for target in self.index.find(self.contact, "email", address)
        ]


def _entry(mail: MailDraft, type: str, people: Sequence[str], head: str = "") -> Entry:
    assert mail.at is not None
    words = mail.subject or "(no subject)"
    head = head or _HEADS.get(mail.nature, "")
    attached = f"[{', '.join(filter(None, mail.attachments))}]" if any(mail.attachments) else ""
    first = f"{head}: {words}" if head else words
    said = "" if mail.nature == "bounce" else mail.text
    answers = answers_line(mail.answered) if mail.direction == "in" else ""
    text = "\n".join(filter(None, (first, said, attached, answers)))
    clock = mail.at.time().replace(second=0, microsecond=0)
    direction = "" if type == "note" else mail.direction
    glue = "\n" if "\n" in text else " "
    return log.normal(
        Entry(
            mail.at.date(),
            type,
            f"{text}{glue}{mail.message_id}",
            clock,
            direction=direction,
            people=tuple(people),
        )
    )

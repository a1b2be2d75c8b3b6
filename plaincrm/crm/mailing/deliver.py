"""Sending what waits in the outbox: each mail once, or named as in doubt.

Before a mail is handed over, a line of the ledger says so, and is on the disk; after the server's
answer another line ends it. A mail whose line has no end may have been sent: it is named, and never
sent again unless the user settles it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from plaincrm.book.sending import SendingFile
from plaincrm.core.records.edits import AddItem
from plaincrm.core.records.record import Record
from plaincrm.crm.mail_permission import MailPermission
from plaincrm.crm.mailing import mark_sent, sent_copy
from plaincrm.crm.mailing.mark_sent import OutboxDraft, StagedSending
from plaincrm.crm.mailing.render import logged_ids
from plaincrm.crm.mailing.steps import stopped
from plaincrm.crm.mailing.template_files import Templates
from plaincrm.crm.sequence_standings import of_contact
from plaincrm.errors import NotFound, PlaincrmError, Refused
from plaincrm.interchange.mail.wire import WireMail, wire_mail
from plaincrm.marketing import ledger, send_limits
from plaincrm.marketing.ledger import Ledger, LedgerLine
from plaincrm.marketing.templates.file import Kind
from plaincrm.transport.outcome import DeliveryOutcome

if TYPE_CHECKING:
    from plaincrm.crm.book import Book

# ready: may be sent. skipped: must not, or need not, be. The rest is what became of it.
Status: TypeAlias = Literal["ready", "sent", "refused", "doubt", "skipped"]
SendMail: TypeAlias = Callable[[str, Sequence[str], bytes], list[DeliveryOutcome]]
SETTLE = "plaincrm outbox send --settle {} sent, or unsent"


@dataclass
class Delivery:
    """One mail of the outbox on its way: to `open` (addresses that have not got it yet).

    `reached`: those that have it from an earlier run. `is_logged`: the log has it as sent, and only
    its draft still waits.
    """

    draft: OutboxDraft
    status: Status = "ready"
    reason: str = ""
    wire: WireMail | None = None
    open: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    is_logged: bool = False
    bounced: list[str] = field(default_factory=list)

    @property
    def handle(self) -> str:
        return self.draft.waiting.handle

    def without(self, status: Status, reason: str) -> Delivery:
        self.status, self.reason = status, reason
        return self


class Sender:
    """Plans and sends mails of the outbox, and keeps the ledger."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._file = SendingFile(book.private)

    def alone(self) -> AbstractContextManager[None]:
        """A context in which nobody else sends from this book. Raises Conflict."""
        return self._file.alone()

    def plan(self, drafts: Sequence[OutboxDraft], *, now: bool = False) -> list[Delivery]:
        """What would be sent, and why the rest would not. `now`: at whatever hour."""
        planned = [self._planned(Delivery(draft)) for draft in drafts]
        self._limit([each for each in planned if each.status == "ready"], now)
        return planned

    def _limit(self, ready: Sequence[Delivery], now: bool) -> None:
        """Leave for later what the hours of sending, or the rate, do not allow."""
        mail, began = self._book.settings.mail, self.ledger.began()
        closed = "" if now else send_limits.outside(mail.window, self._book.now)
        for each in ready if closed else ():
            each.without("skipped", f"{closed}; --now sends all the same")
        room = send_limits.allowed(mail.rate, began, self._book.now)
        if not closed and room is not None and room < len(ready):
            free = send_limits.frees(mail.rate, began, self._book.now)
            for each in ready[room:]:
                each.without("skipped", f"{mail.rate} mails an hour; more after {free:%H:%M}")

    def send(self, deliveries: Sequence[Delivery], post: SendMail) -> Iterator[Delivery]:
        """Send what is ready, one after the other, each tried once; gives each when it is done."""
        for delivery in deliveries:
            if delivery.status == "ready" and delivery.wire is not None:
                self._send(delivery, delivery.wire, post)
                yield delivery

    def settle(self, delivery: Delivery, *, was_sent: bool) -> Delivery:
        """Write down what the user knows of a mail in doubt. Raises Refused where there is none."""
        tries = [each for each in self.ledger.in_doubt() if each[0] == _id(delivery)]
        if not tries:
            raise Refused(f"{delivery.handle} is not in doubt", "plaincrm outbox list shows it")
        for message_id, recipient, began in tries:
            self._write(LedgerLine(began, "sent" if was_sent else "unsent", message_id, recipient))
        if was_sent:
            return delivery.without("sent", "as you said")
        return delivery.without("skipped", "not sent, as you said; it can be sent again")

    def stage(self, deliveries: Sequence[Delivery]) -> StagedSending:
        """What logs the mails that were sent, with the ledger, as one change. See `finish`."""
        done = [each for each in deliveries if each.status == "sent" or each.is_logged]
        staged = mark_sent.sent(self._book, [each.draft for each in done])
        for delivery in deliveries:
            self._suppress(staged, delivery)
        lines = [*ledger.read(self._shared), *ledger.read(self._file.read())]
        staged.change.put(ledger.PATH, ledger.written(lines).encode("ascii", "replace"))
        return staged

    def finish(self, staged: StagedSending) -> None:
        """After the change is written: move the mails, and forget this machine's own lines."""
        staged.finish()
        self._file.clear()

    @property
    def ledger(self) -> Ledger:
        """What is known by now, on this machine and in the book."""
        return Ledger([*ledger.read(self._shared), *ledger.read(self._file.read())])

    @cached_property
    def _shared(self) -> str:
        return (self._book.source.file(ledger.PATH) or b"").decode("ascii", "replace")

    def _planned(self, delivery: Delivery) -> Delivery:
        draft = delivery.draft
        try:
            contact = mark_sent.contact_of(self._book, draft)
            delivery.wire = wire_mail(draft.waiting.read(), self._book.now)
        except (NotFound, Refused) as error:
            return delivery.without("skipped", error.message)
        left = stopped(of_contact(contact, self._book.context), draft.mail.message_id)
        refusal = left or self._refusal(draft, contact, delivery.wire)
        if refusal:
            return delivery.without("skipped", refusal)
        matter = mark_sent.about(self._book, draft)
        if delivery.wire.message_id in logged_ids(self._book, contact, matter):
            delivery.is_logged = True
            return delivery.without("skipped", "the log has it as sent")
        return self._known(delivery, delivery.wire)

    def _known(self, delivery: Delivery, wire: WireMail) -> Delivery:
        """What the ledger says of the mail."""
        known = self.ledger
        states = {
            each: known.state(wire.message_id, ledger.recipient_hash(each))
            for each in wire.recipients
        }
        if "doubt" in states.values():
            hint = SETTLE.format(delivery.handle)
            return delivery.without("doubt", f"may have been sent; settle it: {hint}")
        delivery.open = tuple(each for each, state in states.items() if state != "sent")
        delivery.reached = tuple(each for each, state in states.items() if state == "sent")
        if not delivery.open:
            return delivery.without("sent", "sent before, and not logged yet")
        return delivery

    def _refusal(self, draft: OutboxDraft, contact: Record, wire: WireMail) -> str:
        templates = Templates(self._book)
        kind: Kind = "personal"
        if draft.template in templates:
            kind = templates.form(draft.template, contact.text("language")).kind
        return self._permission.refusal(contact, kind) or self._refused_recipient(wire, kind)

    def _refused_recipient(self, wire: WireMail, kind: Kind) -> str:
        """The draft may have been changed by hand: each address that it would go to is asked."""
        refused = (self._permission.refused_address(each, kind) for each in wire.recipients)
        return next(filter(None, refused), "")

    @cached_property
    def _permission(self) -> MailPermission:
        return MailPermission(self._book.context)

    def _send(self, delivery: Delivery, wire: WireMail, post: SendMail) -> None:
        known = self.ledger
        tries = {
            each: known.begin(wire.message_id, ledger.recipient_hash(each), self._book.now)
            for each in delivery.open
        }
        self._write(*tries.values())
        outcomes = post(wire.sender, delivery.open, wire.data)
        self._write(*(self._end(tries[each.recipient], each) for each in outcomes))
        _apply(delivery, outcomes)
        if delivery.status == "sent" and self._book.settings.mail.copy:
            self._copy(delivery, wire)

    def _copy(self, delivery: Delivery, wire: WireMail) -> None:
        """Keep what was sent where the settings say; the mail is out, so a full disk is told."""
        try:
            sent_copy.keep(
                self._book.settings.mail.copy, wire.data, wire.message_id, self._book.now
            )
        except PlaincrmError as error:
            delivery.reason = f"sent, but no copy was kept: {error.message}"

    def _end(self, begun: LedgerLine, outcome: DeliveryOutcome) -> LedgerLine | None:
        if outcome.state == "doubt":
            return None
        now = ledger.moment(self._book.now)
        words = outcome.reason
        return LedgerLine(begun.began, outcome.state, begun.message_id, begun.recipient, now, words)

    def _write(self, *lines: LedgerLine | None) -> None:
        text = "".join(f"{line}\n" for line in lines if line is not None)
        if text:
            self._file.append(text)

    def _suppress(self, staged: StagedSending, delivery: Delivery) -> None:
        """A recipient whom the server refuses for good is not written to again."""
        if not delivery.bounced:
            return
        contact = mark_sent.contact_of(self._book, delivery.draft)
        present = self._book.store.get("contact", contact.id) or contact
        own = {item.text.casefold(): item.text for item in present.items("email")}
        known = {item.text.casefold() for item in present.items("bounced")}
        for address in {each.casefold() for each in delivery.bounced} - known:
            if address in own:
                staged.change.edit(present, [AddItem("bounced", own[address])])


def _apply(delivery: Delivery, outcomes: Sequence[DeliveryOutcome]) -> None:
    """The state of the mail from those of its recipients: doubt weighs most.

    Who was refused for good is done with. Who was refused for now keeps the draft waiting, and the
    next run tries them alone.
    """
    states = {each.state for each in outcomes} | ({"sent"} if delivery.reached else set())
    refused = [each for each in outcomes if each.state == "refused"]
    several = len(outcomes) + len(delivery.reached) > 1
    reasons = [
        f"{each.recipient}: {each.reason}" if several else each.reason
        for each in outcomes
        if each.state != "sent"
    ]
    delivery.bounced = [each.recipient for each in outcomes if each.hard]
    delivery.reason = "; ".join(reasons)
    if "doubt" in states:
        delivery.status = "doubt"
        delivery.reason += f"; settle it: {SETTLE.format(delivery.handle)}"
    elif "sent" not in states:
        delivery.status = "refused"
    elif any(each.for_now for each in refused):
        delivery.status = "refused"
        delivery.reason += "; the others have it"
    else:
        delivery.status = "sent"


def _id(delivery: Delivery) -> str:
    return delivery.draft.mail.message_id

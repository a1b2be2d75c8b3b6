"""E-mails to be: for each recipient the rendered message, or the reason why there is none. Writes
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Literal

from plaincrm.core import query
from plaincrm.core.records.record import Record
from plaincrm.core.text.counted import counted
from plaincrm.crm.mail_permission import MailPermission
from plaincrm.crm.mailing.context import ReadNames, context
from plaincrm.crm.mailing.sendable import Sendable
from plaincrm.crm.mailing.template_files import Templates
from plaincrm.crm.mailing.waiting import waiting_ids
from plaincrm.errors import Refused, UsageError
from plaincrm.interchange.mail.build import header_text, mailbox
from plaincrm.interchange.mail.mailboxes import Mailbox
from plaincrm.marketing import consent
from plaincrm.marketing.message_ids import OWN_ID, bulk_id, hash_of, once_id
from plaincrm.marketing.templates.file import Template
from plaincrm.marketing.templates.rendered import MissingVariables, Rendered
from plaincrm.support.ticket_mail import tagged_subject

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData
    from plaincrm.marketing.templates.sandbox import Renderer

GOT_IT = "already got it"
Status = Literal["ready", "skipped", "failed", "written"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom to write to, and the deal or ticket that it is about."""

    contact: Record | None
    about: Record | None = None


@dataclass(frozen=True, slots=True)
class MailPurpose:
    """What a letter belongs to, where that decides its id: a campaign, or a step of a sequence.

    `ids` are those that its message may have, the first the one to take; whoever has one of them
    has got it. `thread`: the ids of the messages that it goes on from, the oldest first.
    """

    ids: tuple[str, ...]
    thread: tuple[str, ...] = ()


@dataclass(slots=True)
class Letter:
    """One message: `ready` with its words, else `skipped` or `failed` with the reason."""

    recipient: Recipient
    template: Template
    status: Status = "ready"
    reason: str = ""
    address: str = ""
    rendered: Rendered | None = None
    message_id: str = ""
    missing: tuple[str, ...] = ()
    path: str = ""
    article: str = ""  # the id of the article that it quotes
    task: str = ""  # what stands for a mail to somebody who prefers another way
    thread: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        who = self.recipient.contact or self.recipient.about
        return who.ref if who else ""

    @property
    def to(self) -> Mailbox:
        name = self.recipient.contact.text("name") if self.recipient.contact else ""
        return Mailbox(header_text(name), self.address)

    def without(self, status: Status, reason: str) -> Letter:
        self.status, self.reason = status, reason
        return self


def recipient(book: BookData, record: Record) -> Recipient:
    """A contact itself; of a deal or ticket its (main) contact, with the record in scope. Raises
    UsageError.
    """
    if record.kind.name == "contact":
        return Recipient(record)
    if record.kind.name not in ("deal", "ticket"):
        hint = f"plaincrm email … --where {record.kind.name}:{record.id} writes to its people"
        raise UsageError(f"{record.ref} is no contact, deal or ticket", hint)
    ids = sorted(record.items("contact"), key=lambda item: item.label.casefold() != "main")
    people = (book.store.get("contact", item.text) for item in ids)
    return Recipient(next((person for person in people if person), None), record)


def recipients(book: BookData, records: Iterable[Record]) -> list[Recipient]:
    return [recipient(book, record) for record in records]


@dataclass
class LetterWriter:
    """Writes letters of one template. `again` writes to those who already got it, too; `values`
    are further variables. `taken`: addresses that have a letter, and whose; writers may share it.
    `by_mail` writes to those who prefer another way, too.
    """

    book: BookData
    templates: Templates
    name: str
    again: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    by_mail: bool = False
    _ids: set[str] = field(default_factory=set)
    _queries: dict[str, query.Query | None] = field(default_factory=dict)
    _read_names: dict[str, ReadNames] = field(default_factory=dict)

    def letters(self, people: Sequence[Recipient]) -> list[Letter]:
        """A letter each, in their order. Raises NotFound for the template, UsageError for a broken
        one.
        """
        self.templates.find(self.name)
        return [self.letter(one) for one in people]

    def letter(self, one: Recipient, purpose: MailPurpose | None = None) -> Letter:
        """The letter to one recipient; its id is made of the template and the rendered subject,
        unless it has a `purpose`.
        """
        form = self.templates.form(self.name, one.contact.text("language") if one.contact else "")
        letter = Letter(one, form)
        reason = self._refusal(one, form)
        if one.contact is None or reason:
            return letter.without("skipped", reason)
        letter.address = consent.address(one.contact.fields) or ""
        if self._twin(one.contact, letter.address):
            return letter.without(
                "skipped", f"same address as {self.taken[consent.normal(letter.address)]}"
            )
        try:
            letter.rendered = self._rendered(form, one.contact, one.about)
        except MissingVariables as error:
            letter.missing = error.names
            return letter.without("failed", f"no value for {', '.join(error.names)}")
        wrong = self._sendable.problem(letter.rendered)
        if wrong:
            return letter.without("failed", wrong)
        way = "" if self.by_mail else self._permission.other_way(one.contact, form.kind)
        if way:
            return self._by_other_way(letter, one.contact, way)
        return self._once(letter, one.contact, purpose)

    def _by_other_way(self, letter: Letter, contact: Record, way: str) -> Letter:
        """A task instead of the mail, once."""
        subject = letter.rendered.subject if letter.rendered else ""
        text = f"{header_text(subject)} ({self.name}, by {way})"
        if any(task.text == text for task in contact.tasks):
            return letter.without("skipped", f"prefers {way}: the task is there")
        letter.task = text
        return letter.without("skipped", f"prefers {way}: a task instead")

    @cached_property
    def _permission(self) -> MailPermission:
        return MailPermission(self.book.context)

    @cached_property
    def _sendable(self) -> Sendable:
        return Sendable(self.book)

    def _refusal(self, one: Recipient, form: Template) -> str:
        if one.contact is None:
            return "no contact"
        reason = self._permission.refusal(one.contact, form.kind)
        if reason:
            return reason
        wanted = self._wanted(form)
        return "" if wanted is None or wanted.matches(one.contact) else f"not one of {form.to}"

    def _wanted(self, form: Template) -> query.Query | None:
        if form.to not in self._queries:
            self._queries[form.to] = to_query(self.book, form)
        return self._queries[form.to]

    def _twin(self, contact: Record, address: str) -> bool:
        return self.taken.setdefault(consent.normal(address), contact.ref) != contact.ref

    def _rendered(self, form: Template, contact: Record, about: Record | None) -> Rendered:
        language = form.language or self.book.settings.language
        reads = self._reads(form)
        known = {**context(self.book, contact, about, language, reads), **self.values}
        html = form.with_html
        found = self._renderer.render(form, known, language=language, markdown=html)
        if about is None or about.kind.name != "ticket":
            return found
        return replace(found, subject=tagged_subject(found.subject, about.id))

    def _reads(self, form: Template) -> ReadNames:
        """What the form reads, found out once."""
        if form.path not in self._read_names:
            self._read_names[form.path] = ReadNames(self._renderer.reads(form))
        return self._read_names[form.path]

    @cached_property
    def _renderer(self) -> Renderer:
        from plaincrm.marketing.templates.sandbox import Renderer

        return Renderer(self.templates.bodies)

    def _once(self, letter: Letter, contact: Record, purpose: MailPurpose | None) -> Letter:
        subject = letter.rendered.subject if letter.rendered else ""
        got = _own_keys(self.book, contact, letter.recipient.about)
        bulk = letter.template.kind == "bulk"
        ids = list(purpose.ids) if purpose else self._ids_of(contact, subject)
        wanted = _keys(ids)
        if not self.again and wanted & got:
            return letter.without("skipped", GOT_IT)
        if not self.again and wanted & self._waiting_keys:
            return letter.without("skipped", "waits in the outbox")
        if not self.again and hash_of(ids[0]) in self._ids:
            return letter.without("skipped", "is in this run already")
        if purpose:
            letter.message_id, letter.thread = ids[0], purpose.thread
        else:
            used = (got, self._waiting_keys, self._ids)
            numbered = (self._id(contact.id, subject, n) for n in count(1))
            free = (
                id
                for id in chain(ids[:1], numbered)
                if not any(hash_of(id) in each for each in used)
            )
            letter.message_id = next(free)
        self._ids.add(hash_of(letter.message_id))
        if bulk:
            letter.message_id = bulk_id(letter.message_id)
        return letter

    def _ids_of(self, contact: Record, subject: str) -> list[str]:
        """What the message's id is, and would have been under the contact's former ids."""
        return [self._id(id, subject, 0) for id in (contact.id, *contact.aliases())]

    def _id(self, contact: str, subject: str, again: int) -> str:
        return once_id(
            template=self.name, contact=contact, campaign=subject, domain=self._domain, again=again
        )

    @cached_property
    def _domain(self) -> str:
        return mail_domain(self.book)

    @cached_property
    def _waiting_keys(self) -> frozenset[str]:
        return _keys(waiting_ids(self.book.root))


def _keys(ids: Iterable[str]) -> frozenset[str]:
    """What tells ids apart: of those of this program the hash, whatever template and domain."""
    return frozenset(hash_of(id) or id for id in ids)


def to_query(book: BookData, form: Template) -> query.Query | None:
    """The template's `to:` over contacts; None where it has none. Raises QueryError."""
    if not form.to:
        return None
    return query.compile(query.split_words(form.to), book.schema.kinds["contact"], book.context)


def logged_ids(book: BookData, contact: Record, about: Record | None = None) -> set[str]:
    """The ids of all messages in the logs of the contact, its deals and tickets."""
    every = _logs(book, contact, about)
    return {entry.message_id for record in every for entry in record.log if entry.message_id}


def _own_keys(book: BookData, contact: Record, about: Record | None) -> frozenset[str]:
    """What tells the mails of this program apart that these logs have. A file in which no such id
    stands is not taken apart.
    """
    every = [each for each in _logs(book, contact, about) if OWN_ID in each.load()]
    ids = (entry.message_id for record in every for entry in record.log)
    return frozenset(filter(None, map(hash_of, ids)))


def _logs(book: BookData, contact: Record, about: Record | None) -> list[Record]:
    records = (source for source, _ in book.store.links_to(contact))
    return [contact, *records, *([about] if about else [])]


def sender_text(book: BookData) -> str:
    settings = book.settings
    if settings.mail.sender or not settings.me.email:
        return settings.mail.sender
    return f"{settings.me.name} <{settings.me.email[0]}>"


def mail_domain(book: BookData) -> str:
    """The domain that mail comes from; ids of messages end with it."""
    return sender_text(book).rpartition("@")[2].rstrip("> ")


def sender(book: BookData) -> Mailbox:
    """Whom the e-mails come from. Raises Refused where the settings name nobody."""
    text = sender_text(book)
    if not text:
        hint = "add the line mail: {from: Ada Example <ada@example.org>}"
        raise Refused("plaincrm.yaml does not say whom mail comes from", hint)
    return mailbox(text)


def refuse_missing(letters: Sequence[Letter]) -> None:
    """Raise Refused that names all who lack something; then nothing may be written."""
    failed = [letter for letter in letters if letter.status == "failed"]
    if not failed:
        return
    names = [f"{letter.ref}: {letter.reason}" for letter in failed]
    missing = {name for letter in failed for name in letter.missing}
    hint = (
        'fill them in, or give the template a fallback: {{ x | default("…") }}' if missing else ""
    )
    if missing and all(name.startswith("me.") for name in missing):
        hint = "say who you are in plaincrm.yaml: me: {name: Ada Example, email: ada@example.org}"
    who = counted(len(failed), "message")
    raise Refused(f"nothing was written, since {who} can't be: {'; '.join(names)}", hint)

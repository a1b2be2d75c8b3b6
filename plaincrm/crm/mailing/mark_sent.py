"""What it writes that an e-mail of the outbox was sent: the log, the next step, and the mail's
place.

`email out` with the message's id on the contact and on the deal that it is about; of a ticket
`reply out` on the ticket. A mail whose id the log has already is moved, and nothing is logged
twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from plaincrm.book.draft_marks import WRITTEN, DraftMarks, Marks
from plaincrm.book.lock import writing
from plaincrm.book.outbox import Outbox, WaitingMail
from plaincrm.core.records.edits import AddEntry, AddItem, AddTask, Edit, SetField, logged
from plaincrm.core.records.record import Record
from plaincrm.core.schema.days_off import days_off
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.value_class import changed
from plaincrm.core.values.dated import Action
from plaincrm.core.values.dates import Leaning
from plaincrm.crm.change import Change
from plaincrm.crm.date_values import DateValues
from plaincrm.crm.mailing.context import context
from plaincrm.crm.mailing.render import logged_ids
from plaincrm.crm.mailing.template_files import Templates
from plaincrm.crm.staged import Staged, subject
from plaincrm.errors import NotFound, PlaincrmError, Refused
from plaincrm.interchange.mail.parse import IncomingMail, parse
from plaincrm.support import tickets
from plaincrm.support.article_facts import solves

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.book_data import BookData


@dataclass(frozen=True, slots=True)
class OutboxDraft:
    """A mail of the outbox, read: whom it is for, and by its `marks` what it is about."""

    waiting: WaitingMail
    mail: IncomingMail
    marks: Marks

    @property
    def template(self) -> str:
        return self.marks.get("template", "")

    @property
    def written(self) -> datetime | None:
        """When it was written; None where nobody knows."""
        try:
            return datetime.fromisoformat(self.marks.get(WRITTEN, ""))
        except ValueError:
            return self.mail.date

    @property
    def to(self) -> str:
        return ", ".join(map(str, self.mail.to))


@dataclass
class StagedSending:
    """A staged change that logs the mails; `finish` moves them once it is written. `echo`: what was
    understood.
    """

    change: Change
    drafts: Sequence[OutboxDraft]
    echo: list[str] = field(default_factory=list)
    known: list[OutboxDraft] = field(default_factory=list)

    @property
    def staged(self) -> Staged:
        """The change as other actions return it."""
        return Staged(self.change, "")

    def finish(self) -> None:
        """Move the mails to `outbox/sent/`."""
        outbox = Outbox(self.change.book.root)
        with writing(self.change.book.private):
            for draft in self.drafts:
                if draft.waiting.path.exists():
                    outbox.mark_sent(draft.waiting)
            ids = {draft.mail.message_id for draft in self.drafts}
            DraftMarks(self.change.book.root).drop(ids)


def drafts(book: BookData, words: Iterable[str] = ()) -> list[OutboxDraft]:
    """The mails of these handles or file names; without words all that wait. Raises NotFound,
    Ambiguous.
    """
    outbox = Outbox(book.root)
    found = {one.name: one for one in (map(outbox.find, words) if words else outbox.list())}
    known = DraftMarks(book.root).read() if found else {}
    mails = ((one, parse(one.read())) for one in found.values())
    return [OutboxDraft(one, mail, known.get(mail.message_id, mail.marks)) for one, mail in mails]


def contact_of(book: BookData, draft: OutboxDraft) -> Record:
    """The contact that the mail names, else the one of its address. Raises NotFound."""
    marked = book.store.get("contact", draft.marks.get("contact", ""))
    if marked:
        return marked
    wanted = {one.address.casefold() for one in draft.mail.to}
    for record in book.store.records("contact"):
        if wanted & {item.text.casefold() for item in record.items("email")}:
            return record
    hint = f"add the contact, or plaincrm outbox drop {draft.waiting.handle}"
    raise NotFound(
        f"no contact has an address of {draft.waiting.name} ({draft.to or 'no address'})", hint
    )


def about(book: BookData, draft: OutboxDraft) -> Record | None:
    """The deal or ticket that the mail is about, if it is still there."""
    found = (
        book.store.get(kind, draft.marks[kind])
        for kind in ("ticket", "deal")
        if kind in draft.marks
    )
    return next((record for record in found if record), None)


def sent(book: Book, chosen: Sequence[OutboxDraft], at: str = "", step: str = "") -> StagedSending:
    """Stage what says that the mails were sent, `at` a date word (now if empty), with the next
    `step` (`fri Ask again`; the template's own if empty). Raises Refused, NotFound."""
    change = book.change(_message(chosen), "outbox sent")
    sending = StagedSending(change, chosen)
    moment = _moment(book, at, sending.echo)
    for draft in chosen:
        if not stage(change, draft, moment, sending.echo, step):
            sending.known.append(draft)
    return sending


def stage(
    change: Change, draft: OutboxDraft, moment: datetime, echo: list[str], step: str = ""
) -> bool:
    """Log a mail of the outbox as sent at a moment, with its next step; False where the log has its
    id already. Raises Refused, NotFound."""
    book = change.book
    contact, matter = contact_of(book, draft), about(book, draft)
    message_id = draft.mail.message_id
    if message_id and message_id in logged_ids(book, contact, matter):
        return False
    _log(book, change, draft, contact, matter, moment)
    if words := step or _template_step(book, draft, contact, matter, echo):
        _step(change, contact, matter, words, moment, echo, asked=bool(step))
    return True


def _message(chosen: Sequence[OutboxDraft]) -> str:
    if len(chosen) == 1:
        return subject(f"Sent to {chosen[0].to}: {chosen[0].mail.subject}")
    return f"Sent {len(chosen)} e-mails"


def _log(
    book: BookData,
    change: Change,
    draft: OutboxDraft,
    contact: Record,
    matter: Record | None,
    moment: datetime,
) -> None:
    text = f"{draft.mail.subject} {draft.mail.message_id}".strip()
    if matter and matter.kind.name == "ticket":
        text = text.replace(f" [{matter.id}]", "", 1)
        change.edit(
            matter, [_dated(edit, moment) for edit in tickets.reply(matter, text, book.context)]
        )
        article = book.store.get("article", draft.marks.get("article", ""))
        if article is not None and not solves(article, matter):
            change.edit(article, [AddItem("solves", matter.id)])
        return
    entry = logged(moment, "email", text, "out")
    change.edit(contact, [entry])
    if matter:
        change.edit(matter, [entry])


def _dated(edit: Edit, moment: datetime) -> Edit:
    """An entry of the moment of sending; seconds of a later one keep two of one minute in order."""
    if not isinstance(edit, AddEntry):
        return edit
    return AddEntry(
        changed(
            logged(moment, "", "").entry,
            type=edit.entry.type,
            text=edit.entry.text,
            direction=edit.entry.direction,
        )
    )


def _moment(book: BookData, at: str, echo: list[str]) -> datetime:
    if not at:
        return book.now
    found = DateValues.of(book, echo).moment("at", at, Leaning.PAST)
    moment = found if isinstance(found, datetime) else datetime.combine(found, time())
    if moment.date() > book.now.date():
        raise Refused(
            f"at: {moment.date()} is still to come",
            "--at takes a day that has passed, such as yesterday",
        )
    return moment


def _template_step(
    book: BookData, draft: OutboxDraft, contact: Record, matter: Record | None, echo: list[str]
) -> str:
    """The template's `next:`, rendered again, since it never travels in the mail. Empty where there
    is none.
    """
    templates = Templates(book)
    if draft.template not in templates:
        return ""
    form = templates.form(draft.template, contact.text("language"))
    if not form.next:
        return ""
    from plaincrm.marketing.templates.sandbox import Renderer

    language = form.language or book.settings.language
    bare = replace(form, subject="", body="", cc=(), attachments=())
    try:
        return (
            Renderer(templates.bodies)
            .render(bare, context(book, contact, matter, language), language=language)
            .next
        )
    except (
        PlaincrmError
    ) as error:  # the mail is gone out; its log must not fail for want of a reminder
        echo.append(f"{contact.ref}: no next step written: {error.message}")
        return ""


def _step(
    change: Change,
    contact: Record,
    matter: Record | None,
    words: str,
    moment: datetime,
    echo: list[str],
    *,
    asked: bool,
) -> None:
    """`next:` of the deal, else of the contact. A later plan of the user's stays, and the step
    becomes a task.
    """
    book = change.book
    wanted = matter if matter and matter.kind.name == "deal" else contact
    record = book.store.get(wanted.kind.name, wanted.id) or wanted
    action = DateValues(moment, off=days_off(book.settings)).action("next", words)
    day, _, text = action.partition(" ")
    present = record.value("next")
    if (
        not asked
        and isinstance(present, Action)
        and present.due > moment.date()
        and present.text != text
    ):
        change.edit(record, [AddTask(Task(text or "Follow up", due=date.fromisoformat(day)))])
        echo.append(f"{record.ref}: task by {day}: {text} (next stays {present})")
        return
    change.edit(record, [SetField("next", action)])
    echo.append(f"{record.ref}: next {action}")


def drop(book: BookData, chosen: Sequence[OutboxDraft]) -> None:
    """Delete waiting mails. Raises Conflict if one is gone."""
    outbox = Outbox(book.root)
    with writing(book.private):
        for draft in chosen:
            outbox.drop(draft.waiting)
        DraftMarks(book.root).drop({draft.mail.message_id for draft in chosen})

"""Letters as files: drafts in the outbox, an mbox, a Maildir, or a table for a mail merge."""

from __future__ import annotations

import csv
import io
import mimetypes
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from plaincrm.book import atomic, inside
from plaincrm.book.draft_marks import WRITTEN, DraftMarks
from plaincrm.book.lock import writing
from plaincrm.book.new_file import refuse_existing, write_new
from plaincrm.book.outbox import FOLDER, Outbox, file_name
from plaincrm.core.records.edits import AddTask
from plaincrm.core.text.counted import counted
from plaincrm.core.timeline.tasks import Task
from plaincrm.crm.change import Change
from plaincrm.crm.mail_permission import MailPermission
from plaincrm.crm.mailing import old_drafts
from plaincrm.crm.mailing.render import Letter, refuse_missing, sender
from plaincrm.crm.mailing.template_files import is_own
from plaincrm.errors import NotFound, PlaincrmError, Refused
from plaincrm.interchange import cells, markdown
from plaincrm.interchange.mail.build import Attachment, OutgoingMessage, build, mailbox
from plaincrm.interchange.mail.mailboxes import Mailbox
from plaincrm.interchange.mail.mbox import maildir_name, to_mbox
from plaincrm.marketing.message_ids import hash_of

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

COLUMNS = ("email", "name", "contact", "about", "subject", "text", "cc", "id")
Mails = list[tuple[Letter, bytes]]
# Mail programs look at the last few; a longer header is folded and cut by some servers.
_REFERENCES = 20
_NAMED = 3  # people whom a message of nobody to write to names


def to_outbox(book: BookData, letters: Sequence[Letter], change: Change | None = None) -> None:
    """One .eml each in `outbox/`, marked as drafts. Raises Refused with nothing written if one
    can't be. The tasks for those who prefer another way are part of the `change`, else a commit.
    """
    refuse_placeholder(letters)
    mails = built(book, letters)
    _tasks_instead(book, letters, change)
    outbox, day = Outbox(book.root), book.now.date().isoformat()
    names = (file_name(day, each.ref.partition("/")[2], each.template.name) for each, _ in mails)
    named = [(name, data) for name, (_, data) in zip(names, mails, strict=True)]
    old_drafts.clean(book)
    _mark(book, mails)
    with writing(book.private):
        paths = outbox.write_all(named)
    for (letter, _), path in zip(mails, paths, strict=True):
        _written(letter, f"{FOLDER}/{path.name}")


def to_file(book: BookData, letters: Sequence[Letter], path: Path) -> None:
    """All in one mbox. The file must not exist yet."""
    mails = built(book, letters)
    refuse_existing(path)
    _mark(book, mails)
    _whole(book, letters, path, to_mbox((data for _, data in mails), book.now))


def to_maildir(book: BookData, letters: Sequence[Letter], path: Path) -> None:
    """A draft each in the Maildir's `cur/`; one that is there already is skipped."""
    mails = built(book, letters)
    _tasks_instead(book, letters)
    for name in ("cur", "new", "tmp"):
        atomic.make_folder(path.absolute() / name)
    _mark(book, mails)
    for letter, data in mails:
        target = path / "cur" / maildir_name(letter.message_id, book.now)
        if target.exists():
            letter.without("skipped", "is in the Maildir already")
            continue
        write_new(path / "tmp" / target.name, data)
        with atomic.told("write", target):
            (path / "tmp" / target.name).rename(target)
        _written(letter, target.as_posix())


def to_csv(book: BookData, letters: Sequence[Letter], path: Path) -> None:
    """A row each, for the mail merge of another program. The file must not exist yet."""
    built(book, letters)  # what could not be mailed is told now, not by the other program
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for letter in ready(letters):
        rows.writerow([cells.neutralise(cell) for cell in _row(letter)])
    _whole(book, letters, path, out.getvalue().encode("utf-8", "replace"))


def ready(letters: Sequence[Letter]) -> list[Letter]:
    return [letter for letter in letters if letter.status == "ready"]


def built(book: BookData, letters: Sequence[Letter]) -> Mails:
    """The bytes of every letter that is ready. Raises Refused that names all that can't be
    built.
    """
    refuse_missing(letters)
    _refuse_forbidden(book, letters)
    attached, own = _Attached(book), sender(book)
    mails: Mails = []
    for letter in ready(letters):
        try:
            mails.append((letter, build(outgoing(book, own, letter, attached))))
        except (Refused, NotFound) as error:
            letter.without("failed", error.message)
    refuse_missing(letters)
    return mails


def _refuse_forbidden(book: BookData, letters: Sequence[Letter]) -> None:
    """The door: no letter becomes bytes whose contact, or whose copies, may not be mailed."""
    permission = MailPermission(book.context)
    for letter in ready(letters):
        contact, kind = letter.recipient.contact, letter.template.kind
        reason = permission.refusal(contact, kind) if contact else "no contact"
        copies = letter.rendered.cc if letter.rendered else ()
        for each in copies if not reason else ():
            reason = reason or permission.refused_address(mailbox(each).address, kind)
        if reason:
            letter.without("skipped", reason)


def _tasks_instead(book: BookData, letters: Sequence[Letter], change: Change | None = None) -> None:
    """Add the tasks that stand for mails to people who prefer another way."""
    found = [letter for letter in letters if letter.task and letter.recipient.contact]
    if not found:
        return
    said = counted(len(found), "task")
    own = change or Change(book, f"{said} instead of e-mails", "email")
    for letter in found:
        contact = letter.recipient.contact
        assert contact is not None
        present = book.store.get("contact", contact.id) or contact
        own.edit(present, [AddTask(Task(letter.task, due=book.now.date()))])
    if change is None:
        own.commit()


def refuse_placeholder(letters: Sequence[Letter]) -> None:
    """Raises Refused where a template still has the text that stands there to be written over."""
    for letter in ready(letters):
        form = letter.template
        if form.unwritten:
            said = f'{form.path} still says "{form.unwritten}"'
            own = f"plaincrm template edit {form.name}"
            if is_own(form):
                own += ", or take `placeholder:` out of it if that is what you want to say"
            raise Refused(said, own)


def outgoing(
    book: BookData, own: Mailbox, letter: Letter, attached: Callable[[str], Attachment]
) -> OutgoingMessage:
    """The message from `own` that a ready letter becomes."""
    words, bulk = letter.rendered, letter.template.kind == "bulk"
    assert words is not None
    return OutgoingMessage(
        sender=own,
        to=letter.to,
        cc=tuple(mailbox(one) for one in words.cc),
        subject=words.subject,
        text=words.text,
        html=_html(letter) if letter.template.with_html else "",
        message_id=letter.message_id,
        attachments=tuple(attached(one) for one in words.attachments),
        in_reply_to=letter.thread[-1] if letter.thread else _answered(letter),
        references=letter.thread or _thread(letter),
        unsubscribe=_unsubscribe(book, own) if bulk else "",
        unsubscribe_url=_unsubscribe_url(book, letter) if bulk else "",
    )


def _html(letter: Letter) -> str:
    words, form = letter.rendered, letter.template
    assert words is not None
    return markdown.to_mail_html(words.markdown, title=words.subject, language=form.language)


class _Attached:
    """Attachments of the book, each file read once."""

    def __init__(self, book: BookData) -> None:
        self._root = book.root
        self._read: dict[str, Attachment] = {}

    def __call__(self, path: str) -> Attachment:
        if path not in self._read:
            data = atomic.present(inside.place(self._root, path))
            if data is None:
                raise NotFound(
                    f"the attachment {path} is not in the book",
                    "put it there, or mend the template",
                )
            mime = mimetypes.guess_type(path)[0] or "application/octet-stream"
            self._read[path] = Attachment(path.rpartition("/")[2], data, mime)
        return self._read[path]


def _mark(book: BookData, mails: Mails) -> None:
    """Note what the drafts are about, before they are there."""
    written = book.now.isoformat()
    marks = {each.message_id: {**_marks(each), WRITTEN: written} for each, _ in mails}
    with writing(book.private):
        DraftMarks(book.root).add(marks)


def _marks(letter: Letter) -> dict[str, str]:
    about, contact = letter.recipient.about, letter.recipient.contact
    marks = {"contact": contact.id if contact else "", "template": letter.template.name}
    if letter.article:
        marks["article"] = letter.article
    return marks | ({about.kind.name: about.id} if about else {})


def _answered(letter: Letter) -> str:
    """The id of the ticket's last message that came in, so that mail programs show one thread."""
    about = letter.recipient.about
    incoming = (
        [entry for entry in about.log if entry.direction == "in" and entry.message_id]
        if about
        else []
    )
    return max(incoming, key=lambda entry: entry.at).message_id if incoming else ""


def _thread(letter: Letter) -> tuple[str, ...]:
    """The ids of the last mails of the ticket, the latest last."""
    about = letter.recipient.about
    if about is None or about.kind.name != "ticket":
        return ()
    entries = sorted((entry for entry in about.log if entry.message_id), key=lambda entry: entry.at)
    return tuple(dict.fromkeys(entry.message_id for entry in entries))[-_REFERENCES:]


def _unsubscribe(book: BookData, own: Mailbox) -> str:
    named = book.settings.mail.unsubscribe
    return named if "@" in named else own.address


def _unsubscribe_url(book: BookData, letter: Letter) -> str:
    """The book's own page, told which mail it is about. Without that it can't know whom to take
    off, and one click is not claimed.
    """
    url = book.settings.mail.unsubscribe_url
    return url.replace("{id}", hash_of(letter.message_id)) if "{id}" in url else ""


def _row(letter: Letter) -> list[str]:
    words, about = letter.rendered, letter.recipient.about
    assert words is not None
    who = [letter.address, letter.to.name, letter.ref, about.ref if about else ""]
    return [*who, words.subject, words.text, ", ".join(words.cc), letter.message_id]


def _whole(book: BookData, letters: Sequence[Letter], path: Path, data: bytes) -> None:
    """All letters in one new file; no file where there is nobody to write to."""
    refuse_existing(path)
    _tasks_instead(book, letters)
    if ready(letters):
        write_new(path, data)
    elif not any(letter.task for letter in letters):
        why = "; ".join(f"{each.ref}: {each.reason}" for each in letters[:_NAMED])
        raise PlaincrmError(f"there is nobody to write to; {path} was not made", why)
    for letter in ready(letters):
        _written(letter, path.as_posix())


def _written(letter: Letter, path: str) -> None:
    letter.status, letter.path = "written", path

"""The outbox: what waits, and one mail to read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from plaincrm.crm.mailing.deliver import Delivery
from plaincrm.crm.mailing.mark_sent import OutboxDraft
from plaincrm.views import numbers
from plaincrm.views.json_text import Json, envelope
from plaincrm.views.rows import ListColumn, Rows, text_columns
from plaincrm.views.safe import line

COLUMNS = ("handle", "to", "subject", "template", "age", "state")
FOLDER = "outbox"


def rows(drafts: Sequence[OutboxDraft], today: date, doubt: Collection[str] = ()) -> Rows:
    """A row a mail that waits, with the days that it has waited; `doubt` are the ids of those that
    may have been sent.
    """
    return Rows(
        "outbox",
        len(drafts),
        drafts,
        _columns(today, doubt),
        lambda draft: {**_json(draft, today), "state": _state(draft, doubt) or None},
        _about,
        _path,
    )


def _columns(today: date, doubt: Collection[str]) -> list[ListColumn]:
    """The state has a column only where a mail has one."""
    names = COLUMNS if doubt else COLUMNS[:-1]
    return text_columns(
        names, lambda draft: _cells(draft, today, doubt), ("age",), ("handle", "to")
    )


def _cells(draft: OutboxDraft, today: date, doubt: Collection[str]) -> list[str]:
    template, state = draft.template or "-", _state(draft, doubt)
    return [draft.waiting.handle, draft.to, draft.mail.subject, template, _age(draft, today), state]


def _state(draft: OutboxDraft, doubt: Collection[str]) -> str:
    """`in doubt` for one that may have been sent; empty for the rest."""
    return "in doubt" if draft.mail.message_id in doubt else ""


def _about(draft: OutboxDraft) -> str:
    """The contact to whom it goes, as far as the mail names one."""
    contact = draft.marks.get("contact")
    return f"contact/{contact}" if contact else ""


def _path(draft: OutboxDraft) -> str:
    return f"{FOLDER}/{draft.waiting.name}"


def _json(draft: OutboxDraft, today: date) -> Json:
    mail = draft.mail
    return {
        "handle": draft.waiting.handle,
        "contact": draft.marks.get("contact"),
        "to": draft.to,
        "subject": mail.subject,
        "template": draft.template or None,
        "deal": draft.marks.get("deal"),
        "ticket": draft.marks.get("ticket"),
        "messageId": mail.message_id or None,
        "date": draft.written.isoformat() if draft.written else None,
        "days": _days(draft, today),
        "path": _path(draft),
    }


def sending_json(deliveries: Sequence[Delivery]) -> Json:
    """What became of each mail: `results` of `outbox send --json`."""
    results = [
        {
            "handle": each.handle,
            "to": each.draft.to,
            "subject": each.draft.mail.subject,
            "messageId": each.draft.mail.message_id or None,
            "status": each.status,
            "reason": each.reason or None,
        }
        for each in deliveries
    ]
    return envelope("outbox send", len(results), results)


def message(draft: OutboxDraft) -> str:
    """The headers that matter, and the text part."""
    mail = draft.mail
    heads = [
        ("From", str(mail.sender)),
        ("To", draft.to),
        ("Cc", ", ".join(map(str, mail.cc))),
        ("Subject", mail.subject),
        ("Written", numbers.cell(draft.written)),
        ("Attached", ", ".join(mail.attachments)),
        ("File", _path(draft)),
    ]
    shown = "".join(f"{name + ':':<9} {line(text)}\n" for name, text in heads if text)
    return f"{shown}\n{mail.text.rstrip()}\n"


def _days(draft: OutboxDraft, today: date) -> int | None:
    return (today - draft.written.date()).days if draft.written else None


def _age(draft: OutboxDraft, today: date) -> str:
    days = _days(draft, today)
    if days is None:
        return "?"
    return "today" if days <= 0 else numbers.days(days)

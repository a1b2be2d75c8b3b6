"""The outbox on the screen: a table, JSON, and one mail to read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from plaincrm.crm.mailing.deliver import Delivery
from plaincrm.crm.mailing.mark_sent import Draft
from plaincrm.views.rows import Json, envelope
from plaincrm.views.safe import line

HEADER = ("HANDLE", "TO", "SUBJECT", "TEMPLATE", "AGE")


def table(drafts: Sequence[Draft], today: date, width: int | None) -> str:
    from plaincrm.views.table import table as lay_out

    rows = [
        [d.waiting.handle, d.to, d.mail.subject, d.template or "-", _age(d, today)] for d in drafts
    ]
    return lay_out(HEADER, rows, width, right=(4,)) + "\n"


def as_json(drafts: Sequence[Draft], today: date) -> Json:
    return envelope("outbox", len(drafts), [_json(draft, today) for draft in drafts])


def _json(draft: Draft, today: date) -> Json:
    mail = draft.mail
    return {
        "handle": draft.waiting.handle,
        "contact": mail.marks.get("contact"),
        "to": draft.to,
        "subject": mail.subject,
        "template": draft.template or None,
        "deal": mail.marks.get("deal"),
        "ticket": mail.marks.get("ticket"),
        "messageId": mail.message_id or None,
        "date": mail.date.isoformat() if mail.date else None,
        "days": _days(draft, today),
        "path": f"outbox/{draft.waiting.name}",
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


def message(draft: Draft) -> str:
    """The headers that matter, and the text part."""
    mail = draft.mail
    heads = [
        ("From", str(mail.sender)),
        ("To", draft.to),
        ("Cc", ", ".join(map(str, mail.cc))),
        ("Subject", mail.subject),
        ("Date", f"{mail.date:%Y-%m-%d %H:%M}" if mail.date else ""),
        ("Attached", ", ".join(mail.attachments)),
        ("File", f"outbox/{draft.waiting.name}"),
    ]
    return (
        "".join(f"{name + ':':<9} {line(text)}\n" for name, text in heads if text)
        + f"\n{mail.text.rstrip()}\n"
    )


def _days(draft: Draft, today: date) -> int | None:
    return (today - draft.mail.date.date()).days if draft.mail.date else None


def _age(draft: Draft, today: date) -> str:
    days = _days(draft, today)
    return "?" if days is None else "today" if days <= 0 else f"{days}d"

"""The author of a mail that a mailing list sends under an address of its own.

`Nora Lind via Signmakers <signmakers@lists.example>` is Nora, whom `X-Original-From` or `Reply-To`
names.
"""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import EmailMessage

from plaincrm.interchange.mail import mailboxes
from plaincrm.interchange.mail.mailboxes import Mailbox
from plaincrm.interchange.mail.parse import IncomingMail, header

_VIA = re.compile(r"\s+(?:via|über|par|vía|tramite)\s+\S.*$", re.IGNORECASE)
_ORIGINAL = ("X-Original-From", "X-Original-Sender", "Reply-To")


def from_author(message: EmailMessage, mail: IncomingMail) -> IncomingMail:
    """The mail with its author as the sender."""
    if not (message["List-Id"] or message["List-Post"]) or not _munged(message, mail.sender):
        return mail
    for name in _ORIGINAL:
        found = mailboxes.read(header(message, name))
        others = [one for one in found if not _of_list(message, one)]
        if len(others) == 1:
            own = _VIA.sub("", mail.sender.name)
            return replace(mail, sender=Mailbox(others[0].name or own, others[0].address))
    return mail


def _munged(message: EmailMessage, sender: Mailbox) -> bool:
    return bool(_VIA.search(sender.name)) or _of_list(message, sender)


def _of_list(message: EmailMessage, one: Mailbox) -> bool:
    """Whether an address is the list's: `signs@lists.example` of `signs.lists.example`."""
    listed = header(message, "List-Id").casefold() + header(message, "List-Post").casefold()
    address = one.address.casefold()
    return address in listed or address.replace("@", ".") in listed

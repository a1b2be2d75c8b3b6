"""Mails that are no correspondence: drafts, spam, and what was deleted, as far as a mail says so
itself.
"""

from __future__ import annotations

import re
from email.message import EmailMessage

from plaincrm.interchange.mail.parse import header

_LABELS = {
    "a draft": "drafts draft entwürfe brouillons borradores bozze concepten rascunhos"
    " wersje-robocze"
    " robocze koncepty utkast kladder",
    "spam": "spam junk werbung pourriel courrier-indésirable posta-indesiderata ongewenst"
    " lixo-eletrônico correo-no-deseado",
    "deleted": "trash deleted bin papierkorb corbeille papelera cestino prullenbak lixo lixeira"
    " kosz"
    " deleted-items gelöschte-elemente",
}
_REASON = {word: reason for reason, words in _LABELS.items() for word in words.split()}
_EXPUNGED = 0x0008
"""The bit of Thunderbird's X-Mozilla-Status for a mail that is deleted and not yet compacted."""
_FLAGS = re.compile(r":2,([A-Z]*)$")


def set_aside(message: EmailMessage) -> str:
    """What a mail is that nobody sent or wanted; empty for correspondence."""
    for label in header(message, "X-Gmail-Labels").split(","):
        if reason := of_name(label):
            return reason
    status = header(message, "X-Mozilla-Status")
    if re.fullmatch(r"[0-9a-fA-F]{4}", status) and int(status, 16) & _EXPUNGED:
        return "deleted"
    if header(message, "X-Spam-Flag").casefold() == "yes":
        return "spam"
    return ""


def of_name(name: str) -> str:
    """What a folder or a label of that name holds; empty for correspondence."""
    folded = "-".join(name.strip(' ".').casefold().rpartition("/")[2].split())
    return _REASON.get(folded.rpartition(".")[2], "")


def of_path(path: str) -> str:
    """The same for a file of a Maildir, by its flags and the folder that it lies in."""
    flags = _FLAGS.search(path)
    if flags and "D" in flags[1]:
        return "a draft"
    if flags and "T" in flags[1]:
        return "deleted"
    folders = path.split("/")[:-1]
    return next((reason for each in folders if (reason := of_name(each))), "")

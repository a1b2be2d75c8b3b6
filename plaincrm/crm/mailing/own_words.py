"""A rendered letter as a text to edit, and back: `Subject: …`, an empty line, the words.

What was edited goes out as plain text, without an HTML part: in the text a value of a record can't
be told from markup any more, and it must not become a link.
"""

from __future__ import annotations

from dataclasses import replace

from plaincrm.core.text.text_file import decode
from plaincrm.crm.mailing.render import Letter

_HEAD = "Subject:"


def words_of(letter: Letter) -> bytes:
    """The letter's subject and words, to be edited."""
    words = letter.rendered
    assert words is not None
    return f"{_HEAD} {words.subject}\n\n{words.text}".encode()


def read_words(letter: Letter, data: bytes) -> None:
    """Give the letter the words that somebody left in the editor. Without any it is skipped.

    The letter's id stays: it is still the mail of that template to that person, once.
    """
    if data == words_of(letter) or letter.rendered is None:
        return
    text = decode(data)[0].replace("\r\n", "\n")
    subject, body = letter.rendered.subject, text
    if text.startswith(_HEAD):
        first, _, body = text.partition("\n")
        subject = first.removeprefix(_HEAD).strip() or subject
    body = body.strip("\n")
    if not body.strip():
        letter.without("skipped", "the text was left empty")
        return
    letter.rendered = replace(letter.rendered, subject=subject, text=f"{body}\n", markdown="")
    letter.template = replace(letter.template, html="false")

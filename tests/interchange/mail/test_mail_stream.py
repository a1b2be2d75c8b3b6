"""Mails out of one stream, and what a mail says of its people, its moment and its text."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.interchange.mail import charsets, folders, mail_dates, mailboxes
from plaincrm.interchange.mail.html_text import to_text
from plaincrm.interchange.mail.inbound import draft
from plaincrm.interchange.mail.mail_stream import of_pipe

MAIL = "From: {0}@x.example\nTo: ada@x.example\nDate: Mon, 2 Nov 2026 09:00:00 +0100\nMessage-ID: <{0}@x>\n\nWords of {0}.\n"
FORWARD = (
    "From: c@x.example\nDate: Mon, 2 Nov 2026 09:00:00 +0100\nMessage-ID: <c@x>\n"
    'Content-Type: multipart/mixed; boundary="B"\n\n--B\nContent-Type: message/rfc822\n\n'
    + MAIL.format("inner")
    + "--B--\n"
)
SHORT = "Date: Mon, 2 Nov 2026 09:00:00 +0100\nFrom: {0}@x.example\nTo: ada@x.example\nSubject: {0}\n\nWords of {0}.\n\n"
REPORT = "From: MAILER-DAEMON@x.example\nSubject: failure\n\nSorry.\n\n" + MAIL.format("ada")


@pytest.mark.parametrize(
    ("mails", "count"),
    [
        ([MAIL.format("a")], 1),
        ([MAIL.format("a"), MAIL.format("b"), MAIL.format("c")], 3),
        ([MAIL.format("a") + "\n", FORWARD, MAIL.format("b")], 3),
        ([REPORT], 1),
        ([SHORT.format("a"), SHORT.format("b")], 2),
        ([SHORT.format("a") + "---- Forwarded message from b ----\n\n" + SHORT.format("b")], 1),
        ([SHORT.format("a") + "He wrote:\n" + SHORT.format("b")], 1),
    ],
)
def test_a_pipe_may_give_many_mails(mails: list[str], count: int) -> None:
    found = list(of_pipe("".join(mails).encode()))
    assert len(found) == count
    assert b"".join(each.data for each in found) == "".join(mails).encode()


def test_the_mails_that_mutt_pipes_are_all_there(shared_cases: Path) -> None:
    data = (shared_cases / "interop/mail/two-concatenated.eml").read_bytes()
    ids = [draft(each.data, [], UTC).message_id for each in of_pipe(data)]
    assert ids == ["<q3@prairiesolar.example>", "<q4@fjordferries.example>"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mon, 2 Nov 2026 09:00:00 CET", "2026-11-02T09:00:00+01:00"),
        ("Mon, 2 Nov 2026 09:00:00 CEST", "2026-11-02T09:00:00+02:00"),
        ("2026-11-02T09:00:00Z", "2026-11-02T09:00:00+00:00"),
        ("Mon, 2 Nov 2026 9:00:00 PM +0100", "2026-11-02T21:00:00+01:00"),
        ("Mo, 2 Nov 2026 09:00:00 +0100", "2026-11-02T09:00:00+01:00"),
        ("Mon Nov  2 09:00:00 2026", "2026-11-02T09:00:00+00:00"),
        ("no date", ""),
        ("Mon, 99 Nov 2026 09:00:00", ""),
    ],
)
def test_dates_in_the_forms_of_the_world(text: str, shown: str) -> None:
    found = mail_dates.read(text)
    assert (found.isoformat() if found else "") == shown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lind, Nora <nora@x.org>", [("Nora Lind", "nora@x.org")]),
        ("Nora Lind nora@x.org", [("Nora Lind", "nora@x.org")]),
        ("nora@x.org (Nora Lind)", [("Nora Lind", "nora@x.org")]),
        ("Nora Lind [mailto:nora@x.org]", [("Nora Lind", "nora@x.org")]),
        ("a@x.org, B <b@x.org>; c@x.org", [("", "a@x.org"), ("B", "b@x.org"), ("", "c@x.org")]),
        ("Acme, Inc. <x@acme.org>", [("Acme, Inc.", "x@acme.org")]),
        ("undisclosed-recipients:;", []),
    ],
)
def test_people_in_the_forms_of_the_world(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.name, one.address) for one in mailboxes.read(text)] == found


def test_a_charset_may_lie() -> None:
    assert charsets.decode(b"\x84fest\x93 900 \x80", "iso-8859-1") == "„fest“ 900 €"
    assert charsets.decode("schön".encode(), "nonsense") == "schön"


@pytest.mark.parametrize(
    ("text", "delsp", "shown"),
    [
        ("one \ntwo\nthree", False, "one two\nthree"),
        ("para \ngraph", True, "paragraph"),
        ("> quoted \n> on\nnew", False, "> quoted on\nnew"),
        ("words\n-- \nNora", False, "words\n-- \nNora"),
    ],
)
def test_flowed_paragraphs_are_put_together(text: str, delsp: bool, shown: str) -> None:
    assert charsets.unflowed(text, delsp=delsp) == shown


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("Mail/cur/1.host:2,S", ""),
        ("Mail/.Drafts/cur/1.host:2,S", "a draft"),
        ("Mail/Entwürfe/cur/1", "a draft"),
        ("Mail/cur/1.host:2,DS", "a draft"),
        ("Mail/cur/1.host:2,ST", "deleted"),
        ("Mail/[Gmail].Spam/cur/1", "spam"),
    ],
)
def test_a_maildir_tells_drafts_and_rubbish(path: str, what: str) -> None:
    assert folders.of_path(path) == what


@given(st.text(alphabet="<>a/!-\"'= &;script", max_size=300))
def test_any_markup_is_read(html: str) -> None:
    to_text(html)


@pytest.mark.parametrize("piece", ["<a", "<!--", '<a "', "</", "<a b='", "&#", "<script>"])
def test_html_that_never_closes_comes_to_an_end(piece: str) -> None:
    assert to_text(f"<p>Yes please.</p>{piece * 100_000}").startswith("Yes please.")


REPLIES = [
    "On Mon, 2 Nov 2026 Ada <ada@x.org> wrote:",
    "Am 02.11.2026 um 09:00 schrieb Ada Example:",
    "Le lun. 2 nov. 2026 à 09:00, Ada <ada@x.org> a écrit :",
    "El lun, 2 nov 2026 a las 9:00, Ada (<ada@x.org>) escribió:",
    "Em seg., 2 de nov. de 2026 às 09:00, Ada <ada@x.org> escreveu:",
    "Il giorno lun 2 nov 2026 alle ore 09:00 Ada <ada@x.org> ha scritto:",
    "Op ma 2 nov. 2026 om 09:00 schreef Ada <ada@x.org>:",
    "Op zondag 1 november 2026 heeft Ada <ada@x.org> het volgende geschreven:",
    "Den mån 2 nov. 2026 kl 09:00 skrev Ada <ada@x.org>:",
    "Den man. 2. nov. 2026 kl. 09.00 skrev Ada <ada@x.org>:",
    "pon., 2 lis 2026 o 09:00 Ada <ada@x.org> napisał(a):",
    "po 2. 11. 2026 v 9:00 odesílatel Ada <ada@x.org> napsal:",
    "ma 2. marrask. 2026 klo 9.00 Ada (ada@x.org) kirjoitti:",
    "Ada <ada@x.org> ezt írta (időpont: 2026. nov. 2., H, 9:00):",
    "2 нояб. 2026 г., в 09:00, Ada <ada@x.org> написал(а):",
    "2026年11月2日 9:00,Ada <ada@x.org> 写道:",
]


@pytest.mark.parametrize("head", REPLIES)
@pytest.mark.parametrize("quote", ["> The old offer", "The old offer"])
def test_the_head_of_a_quotation_in_many_languages(head: str, quote: str) -> None:
    from plaincrm.interchange.mail.reply_text import new_text

    assert new_text(f"Yes, go ahead.\n\n{head}\n\n{quote}\n") == "Yes, go ahead."

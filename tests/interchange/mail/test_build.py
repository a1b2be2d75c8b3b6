from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plaincrm.errors import Refused
from plaincrm.interchange.cells import neutralise, restore
from plaincrm.interchange.mail import parse
from plaincrm.interchange.mail.build import Attachment, OutgoingMessage, build, header_text, mailbox
from plaincrm.interchange.mail.mailboxes import Mailbox
from plaincrm.interchange.mail.mbox import from_mbox, maildir_name, to_mbox

MAIL = OutgoingMessage(
    sender=Mailbox("Ada Example", "ada@studio.example"),
    to=Mailbox("Kåre Müller", "kare@fjord.example"),
    subject="Grüße",
    text="Hallo Kåre,\n\nFrom here on.\n",
    message_id="<abc.follow-up.plaincrm@studio.example>",
    date=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
)
NAMES = ["From", "To", "Subject", "Date", "Message-ID"]
HOSTILE = [
    "x\r\nBcc: evil@x.example",
    "x\nBcc: evil@x.example",
    "=?UTF-8?Q?=0A?=Bcc: x",
    "=?utf-8?q?x=0D=0ABcc=3A_evil@x.example?=",
    "==??utf-8?q?=0a?=",
    "\u202egnp.exe",
    "nul\x00byte",
    "lone \ud800 surrogate",
    "line\u2028separator\x85next",
    '"quoted\\" <evil@x.example>, ',
    "مرحبا بالعالم",
    "long " * 300,
    "ü" * 500,
]


def parsed(data: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(data)


def own_headers(data: bytes) -> list[str]:
    names = [name for name, _ in parsed(data).items()]
    return [name for name in names if not name.startswith("Content-") and name != "MIME-Version"]


def test_a_mail_reads_as_it_was_written() -> None:
    data = build(MAIL)
    found = parse.parse(data)
    assert (found.sender, found.to, found.subject) == (MAIL.sender, (MAIL.to,), MAIL.subject)
    assert (found.text, found.date, found.message_id) == (MAIL.text, MAIL.date, MAIL.message_id)


def test_a_draft_is_dated_by_whoever_sends_it() -> None:
    assert "Date" not in own_headers(build(replace(MAIL, date=None)))


def test_it_has_crlf_and_ascii_only() -> None:
    data = build(MAIL)
    assert data.count(b"\n") == data.count(b"\r\n")
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998


def test_the_same_mail_gives_the_same_bytes() -> None:
    with_html = replace(
        MAIL, html="<p>Hallo</p>", attachments=(Attachment("a.pdf", b"%PDF", "application/pdf"),)
    )
    assert build(with_html) == build(with_html)


def test_html_attachments_and_threading() -> None:
    message = replace(
        MAIL,
        html="<p>Grüße</p>",
        attachments=(Attachment("../Angebot für Kåre.pdf", b"%PDF\x00\xff", "application/pdf"),),
        cc=(Mailbox("", "boss@fjord.example"),),
        in_reply_to="<1@x.example>",
        references=("<0@x.example>", "<1@x.example>"),
    )
    found = parsed(build(message))
    body = found.get_body(("html",))
    assert body is not None and body.get_content().strip() == "<p>Grüße</p>"
    attached = list(found.iter_attachments())
    assert [(a.get_filename(), a.get_content()) for a in attached] == [
        ("Angebot für Kåre.pdf", b"%PDF\x00\xff")
    ]
    assert parse.parse(build(message)).references == ("<0@x.example>", "<1@x.example>")
    assert parse.parse(build(message)).cc == (Mailbox("", "boss@fjord.example"),)


def test_list_unsubscribe_is_mailto() -> None:
    data = build(replace(MAIL, unsubscribe="ada@studio.example"))
    assert parsed(data)["List-Unsubscribe"] == "<mailto:ada@studio.example?subject=unsubscribe>"


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_add_no_header(value: str) -> None:
    data = build(replace(MAIL, subject=value, to=Mailbox(value, "kare@fjord.example"), text=value))
    assert own_headers(data) == NAMES
    assert [a.addr_spec for a in parsed(data)["To"].addresses] == ["kare@fjord.example"]


@settings(max_examples=200, deadline=None)
@given(subject=st.text(), name=st.text(), body=st.text())
def test_any_words_keep_the_headers_as_meant(subject: str, name: str, body: str) -> None:
    data = build(replace(MAIL, subject=subject, to=Mailbox(name, "kare@fjord.example"), text=body))
    assert own_headers(data) == NAMES
    assert str(parsed(data)["Subject"]) == (header_text(subject) or "-")
    assert [a.addr_spec for a in parsed(data)["To"].addresses] == ["kare@fjord.example"]


@pytest.mark.parametrize(
    "address",
    ["", "x", "a@b\nBcc: c@d.example", "a b@c.example", "ü@x.example", "a@x..y", "<a@b.c>"],
)
def test_odd_addresses_are_refused(address: str) -> None:
    with pytest.raises(Refused):
        build(replace(MAIL, to=Mailbox("X", address)))


def test_an_id_brings_no_header() -> None:
    with pytest.raises(Refused):
        build(replace(MAIL, message_id="<a@b>\r\nBcc: x@y.example"))


def test_a_domain_of_other_letters_becomes_ascii() -> None:
    found = parse.parse(build(replace(MAIL, to=Mailbox("", "a@müller.example"))))
    assert found.to == (Mailbox("", "a@xn--mller-kva.example"),)


def test_mailbox_reads_both_forms() -> None:
    assert mailbox("Ada Example <ada@x.example>") == Mailbox("Ada Example", "ada@x.example")
    assert mailbox("ada@x.example") == Mailbox("", "ada@x.example")
    with pytest.raises(Refused):
        mailbox("nobody at all")


def test_mbox_quotes_from_lines_and_comes_back() -> None:
    plain = replace(MAIL, text="From here\n>From there\n")
    box = to_mbox([build(plain), build(MAIL)])
    assert box.count(b"\nFrom ") == 1 and box.startswith(
        b"From ada@studio.example Sun Nov 22 09:30:00 2026\n"
    )
    assert [parse.parse(one).text for one in from_mbox(box)] == [
        "From here\n>From there\n",
        MAIL.text,
    ]


def test_maildir_names_are_stable_drafts() -> None:
    assert maildir_name("<a@b>", MAIL.date) == maildir_name("<a@b>", MAIL.date)
    assert maildir_name("<a@b>", MAIL.date).endswith(":2,DS")


def test_real_and_odd_mails_are_read(shared_data: Path) -> None:
    for path in sorted((shared_data / "email" / "cpython").glob("msg_*.txt")):
        assert isinstance(parse.parse(path.read_bytes()).text, str)


@given(st.binary(max_size=300))
def test_any_bytes_are_read(data: bytes) -> None:
    assert isinstance(parse.parse(data), parse.IncomingMail)


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n a\u00a0＝＠")) | st.text())
def test_cells_come_back(text: str) -> None:
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+49301!A1",
        "-5+A1",
        "+cmd()",
        "+",
        "@SUM(A1)",
        "\t=1",
        " =1",
        "\u00a0=1",
        "＝1",
        "\r=1",
        "\n=1",
    ],
)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert neutralise(cell).startswith("'")


@pytest.mark.parametrize(
    "cell", ["+4915112345678", "+49 (151) 1234-56.78", "-5", "-1234.50", "+0,5", "-2026/11"]
)
def test_numbers_stay_as_they_are(cell: str) -> None:
    assert neutralise(cell) == cell
    assert restore("'" + cell) == cell, "as marked by others"


def test_later_lines_are_neutralised_and_plain_text_stays() -> None:
    assert neutralise("a\n=b") == "a\n'=b"
    assert neutralise("it's a-b=c") == "it's a-b=c"


def test_naughty_strings_come_back(shared_data: Path) -> None:
    for path in (shared_data / "blns").glob("*.txt"):
        for line in path.read_text("utf-8", "replace").splitlines():
            assert restore(neutralise(line)) == line


@pytest.mark.parametrize(
    ("name", "subject", "text"),
    [
        ("Ada Lovelace", "Hello, Ada: how is it?", "Words.\n\nMore words.\n"),
        ("Ada-Maria 2", 'A (b) <c> "d"; e@f', "x" * 78 + "\n"),
        ("Ada", "=?utf-8?q?Bcc:_x@y.z?=", "From here on\n"),
        ("O'Brien, Ada", "Grüße", "x" * 79 + "\n"),
    ],
)
def test_the_short_way_writes_what_the_library_would(
    name: str, subject: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:

    from plaincrm.interchange.mail import build as module

    mail = replace(MAIL, to=Mailbox(name, "ada@x.example"), subject=subject, text=text)
    short = BytesParser(policy=policy.default).parsebytes(module.build(mail))
    monkeypatch.setattr(module, "_travels_as_it_is", lambda _: False)
    monkeypatch.setattr(module, "_is_plain", lambda *_: False)
    whole = BytesParser(policy=policy.default).parsebytes(module.build(mail))
    assert [(n, str(short[n])) for n in short if not n.startswith("Content-T")] == [
        (n, str(whole[n])) for n in whole if not n.startswith("Content-T")
    ]
    assert short.get_content().splitlines() == whole.get_content().splitlines()
    assert short.get_content_type() == whole.get_content_type()

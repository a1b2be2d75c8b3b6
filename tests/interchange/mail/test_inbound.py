from __future__ import annotations

import io
import os
import random
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import mail_kinds
from benchmarks.mail_kinds import ORDINARY, REPORTS
from plaincrm.core.timeline import log
from plaincrm.interchange.mail.inbound import LONGEST_TEXT, MailDraft, draft
from plaincrm.interchange.mail.mail_stream import of_mbox

BERLIN = ZoneInfo("Europe/Berlin")
ME = ["ada@studio.example", "Ada@Old.example"]
NAMELESS = frozenset({"bounce_01.txt", "dumbass_01.txt", "simple_43.txt"})
"""Reports that name no address, of mails to a mailing list."""


def read(data: bytes) -> MailDraft:
    return draft(data, ME, BERLIN)


def mail(text: str = "Hello.", **headers: str) -> MailDraft:
    message = EmailMessage(policy=SMTP)
    for name, value in {
        "From": "Ola Nordmann <ola@fjord.no>",
        "To": "ada@studio.example",
        **headers,
    }.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return read(message.as_bytes())


def test_a_mail_in() -> None:
    found = mail(
        "Yes, Tuesday.\n\nOn Mon, Nov 16, 2026 at 9:00 AM Ada <ada@studio.example> wrote:\n\n>"
        " Tuesday?\n",
        Subject="Re: Meeting",
        Date="Tue, 17 Nov 2026 09:30:00 +0000",
        Cc="Kari <kari@fjord.no>, ada@old.example",
        Message_ID="<1@fjord.no>",
        In_Reply_To="<0@studio.example>",
    )
    assert (found.direction, found.nature) == ("in", "reply")
    assert found.addresses == ("ola@fjord.no", "kari@fjord.no")
    assert found.people[0].name == "Ola Nordmann"
    assert found.at == datetime(2026, 11, 17, 10, 30, tzinfo=BERLIN)
    assert (found.subject, found.text) == ("Re: Meeting", "Yes, Tuesday.")
    assert (found.message_id, found.in_reply_to) == ("<1@fjord.no>", "<0@studio.example>")


def test_a_mail_out_is_about_those_it_went_to() -> None:
    found = mail(From="Ada <ADA@old.example>", To="ola@fjord.no", Cc="kari@fjord.no")
    assert (found.direction, found.addresses) == ("out", ("ola@fjord.no", "kari@fjord.no"))


def test_a_mail_without_an_id_has_one_of_its_own_and_always_the_same() -> None:
    assert mail("a").message_id == mail("a").message_id != mail("b").message_id
    assert (
        log.Entry(datetime(2026, 1, 1).date(), text=f"x {mail('a').message_id}").message_id
        == mail("a").message_id
    )


@pytest.mark.parametrize(
    ("headers", "text", "nature"),
    [
        ({"Subject": "Meeting"}, "Tuesday?", "message"),
        ({"Subject": "AW: Meeting"}, "Gut.", "reply"),
        ({"Subject": "x", "References": "<1@x.org>"}, "Fine.", "reply"),
        (
            {"Subject": "Automatic reply: Meeting", "In-Reply-To": "<1@x.org>"},
            "I am away.",
            "out_of_office",
        ),
        (
            {"Subject": "Re: Meeting", "Auto-Submitted": "auto-replied (vacation)"},
            "Away.",
            "out_of_office",
        ),
        ({"Subject": "Abwesenheitsnotiz: Treffen"}, "Bin weg.", "out_of_office"),
        ({"Subject": "unsubscribe"}, "", "unsubscribe"),
        ({"Subject": "Unsubscribe ada@x.org"}, "\n", "unsubscribe"),
        (
            {"Subject": "Re: News", "In-Reply-To": "<1@x.org>"},
            "Please unsubscribe me.\n\nOla",
            "unsubscribe",
        ),
        ({"Subject": "Re: News"}, "Bitte abmelden", "unsubscribe"),
        (
            {"Subject": "Re: News"},
            "How do I unsubscribe a colleague who left us? And one more thing.",
            "reply",
        ),
        ({"Subject": "Please stop the press"}, "Our printer needs two more days.", "message"),
        ({"Subject": "Delivery failure of the parcel"}, "It never came.", "message"),
        ({"Subject": "Re: Mail delivery failed"}, "Strange, did you get it?", "reply"),
        (
            {"Subject": "Fwd: Undelivered Mail Returned to Sender"},
            "550 <kari@fjord.no>: unknown user",
            "message",
        ),
        (
            {"Subject": "Delivery status of your order", "From": "noreply@shop.example"},
            "On its way.",
            "message",
        ),
    ],
)
def test_the_sort_of_a_mail(headers: dict[str, str], text: str, nature: str) -> None:
    assert mail(text, **headers).nature == nature


def bounces(folder: Path) -> Iterator[tuple[str, bytes, bool]]:
    """Name, bytes, and whether it is a bounce, of every mail there is to tell apart."""
    for path in sorted((folder / "bounces" / "flufl.bounce" / "data").iterdir()):
        yield path.name, path.read_bytes(), path.name not in ORDINARY
    for path in sorted((folder / "email" / "cpython").glob("msg_*.txt")):
        yield path.name, path.read_bytes(), path.name in REPORTS
    for path in sorted((folder / "email" / "talon").rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes(), False


def test_the_tables_of_the_page_are_those_that_the_command_prints(shared_data: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "import.md").read_text("utf-8")
    for each in mail_kinds.tables(shared_data, mail_kinds.MAILS, seed=1):
        assert each in page


def test_bounces_and_ordinary_messages_are_never_confused(shared_data: Path) -> None:
    first = next(mail_kinds.tables(shared_data, 0, seed=1))
    assert "| a bounce | 118 | 0 |" in first and "| an ordinary message | 0 | 85 |" in first


@pytest.mark.parametrize("seed", [2, 3])
def test_random_ordinary_mail_is_never_taken_for_a_bounce_or_a_wish(seed: int) -> None:
    chance = random.Random(seed)
    for nature, mails in (
        ("bounce", mail_kinds.random_bounces(chance, 150)),
        ("unsubscribe", mail_kinds.random_wishes(chance, 150)),
        ("reply", mail_kinds.random_answers(chance, 150)),
    ):
        for each in mails:
            if not each.is_one:
                assert read(each.data).nature != nature


@pytest.mark.parametrize(
    "text",
    [
        "Please take me off this list",
        "I no longer wish to receive your newsletter.",
        "Kein Newsletter mehr, bitte!",
        "Por favor, darme de baja",
        "Me désabonner, merci",
        "Ik wil geen mails meer",
    ],
)
def test_a_sentence_that_wants_no_more_mail(text: str) -> None:
    assert mail(text, Subject="Re: News").nature == "unsubscribe"
    talk = f"{text} That is what Kari wrote to me, and I do not know what to do about it."
    assert mail(talk, Subject="Re: News").nature == "reply" or mail(talk).nature == "message"


def test_every_bounce_names_its_address(shared_data: Path) -> None:
    for name, data, is_one in bounces(shared_data):
        found = read(data)
        if is_one and name not in NAMELESS | REPORTS:
            assert found.failed or found.delayed, name
        if not is_one:
            assert found.failed == found.delayed == (), name


def test_a_late_mail_has_not_failed(shared_data: Path) -> None:
    found = read((shared_data / "bounces" / "flufl.bounce" / "data" / "dsn_05.txt").read_bytes())
    assert (found.failed, found.delayed) == ((), ("userx@example.cz",))


def test_the_recipient_of_the_mail_that_came_back_where_the_report_is_silent() -> None:
    inner = EmailMessage()
    inner["To"], inner["Subject"] = "Kari <kari@fjord.no>", "Offer"
    inner.set_content("…")
    outer = EmailMessage()
    outer["From"], outer["Subject"] = "relay@fjord.no", "Mail could not be delivered"
    outer.set_content("Sorry.")
    outer.add_attachment(inner)
    found = read(outer.as_bytes())
    assert (found.nature, found.failed) == ("bounce", ("kari@fjord.no",))


def test_odd_messages_are_read_without_a_traceback(shared_data: Path) -> None:
    for path in sorted((shared_data / "email" / "cpython").iterdir()):
        found = read(path.read_bytes())
        assert "\x00" not in found.text + found.subject
        assert "\n" not in found.subject


@given(st.binary(max_size=400), st.text(max_size=100))
def test_any_bytes_are_a_mail(data: bytes, text: str) -> None:
    for whole in (
        data,
        b"From: ola@fjord.no\nSubject: " + data,
        f"Content-Type: text/html\n\n<p>{text}".encode(),
    ):
        found = read(whole)
        assert (
            log.Entry(datetime(2026, 1, 1).date(), text=found.message_id).message_id
            == found.message_id
        )


def test_headers_hold_one_line_and_no_escape_codes() -> None:
    sender = b"From: =?utf-8?q?Ola=0ABcc=3A_x=40y=2Ez?= <ola@fjord.no>\n"
    found = read(sender + b"Subject: =?utf-8?q?a=0D=0ATo=3A_b=1B=5B31m?=\n\nx")
    assert "\n" not in found.subject + found.people[0].name
    assert "\x1b" not in found.subject + found.people[0].name


def test_an_attachment_is_named_and_never_unpacked() -> None:
    message = EmailMessage()
    message["From"] = "ola@fjord.no"
    message.set_content("See the attachment.")
    bomb = b"PK\x03\x04" + os.urandom(1000)
    message.add_attachment(
        bomb, maintype="application", subtype="zip", filename="../../etc/bomb.zip"
    )
    found = read(message.as_bytes())
    assert (found.text, found.attachments) == ("See the attachment.", ("../../etc/bomb.zip",))


def test_parts_within_parts_without_end_are_survived() -> None:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000)
    )
    found = read(b"From: ola@fjord.no\nSubject: deep\n" + nested)
    assert (found.subject, found.addresses) == ("deep", ("ola@fjord.no",))


@pytest.mark.parametrize(
    "header",
    [
        b"To: " + b"(" * 100_000,
        b"Subject: " + b"a " * 2_000_000,
        b"From: " + b"<a@b>," * 100_000,
        b"X: y\n" * 50_000,
    ],
)
def test_headers_without_end_are_cut(header: bytes) -> None:
    found = read(header.rstrip() + b"\nIn-Reply-To: <1@x.org>\n\nHello")
    assert found.text == "Hello"
    assert len(found.subject) <= 500


def test_a_huge_text_is_cut_and_says_so() -> None:
    found = mail("word " * 100_000)
    assert len(found.text) <= LONGEST_TEXT + 4
    assert found.text.endswith("[…]")
    assert read(b"Subject: x\n\n" + b"a" * 5_000_000).text.startswith("aaa")


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "koi8-r", "no-such-charset"])
def test_a_text_in_a_charset_that_is_wrong_or_missing(charset: str) -> None:
    words = "Привет" if charset == "koi8-r" else "Grüße – Ola"
    data = words.encode(charset if charset != "no-such-charset" else "utf-8")
    assert read(f"Content-Type: text/plain; charset={charset}\n\n".encode() + data).text == words
    if charset in ("utf-8", "cp1252"):
        assert read(b"Content-Type: text/plain\n\n" + data).text == words


def test_a_mail_of_html_alone() -> None:
    html = (
        "<style>p{}</style><p>Hello&nbsp;Ada,<br>see"
        " <b>you</b></p><blockquote>Tuesday?</blockquote><script>x"
    )
    assert read(f"Content-Type: text/html\n\n{html}".encode()).text == "Hello Ada,\nsee you"


def test_the_mails_of_an_mbox_one_at_a_time() -> None:
    box = (
        b"From a@x Sat Jan  3 01:05:34 1996\nSubject: 1\n\n>From here on\n>>From x\nFrom now on\n\n"
        b"From b@x Sat Jan  3 01:05:34 1996\r\nSubject: 2\r\n\r\nx\r\n"
    )
    one, two = (each.data for each in of_mbox(io.BytesIO(box)))
    assert one == b"Subject: 1\n\nFrom here on\n>From x\nFrom now on\n"
    assert two == b"Subject: 2\r\n\r\nx\r\n"
    assert [
        len(each.data)
        for each in of_mbox(io.BytesIO(b"From a 01:05\nX:" + b"x" * (3 << 20)), largest=1 << 20)
    ] == [1 << 20]
    assert list(of_mbox(io.BytesIO(b"no mailbox\n"))) == []

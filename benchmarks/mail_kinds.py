"""How surely mail is told apart: `python -m benchmarks.mail_kinds --data DIR`.

Bounces, answers and wishes to be taken off a list, beside ordinary mail: the public samples of
flufl.bounce, CPython and talon below DIR, and random mail of which it is known what it is. The
sentences of the random mail are not those that the program looks for; many are near misses.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from zoneinfo import ZoneInfo

from plaincrm.interchange.mail.inbound import draft

ORDINARY = frozenset({"groupwise_03.txt", "qmail_08.txt"})
"""Among the samples of bounces: a person's answer, and an automatic one."""
REPORTS = frozenset({"msg_16.txt", "msg_25.txt", "msg_43.txt"})
"""Real reports of failed delivery among CPython's odd messages."""
ZONE = ZoneInfo("Europe/Berlin")
MAILS = 1000  # random ones of each table
_TALK = (
    "Can we meet on Tuesday at ten?",
    "The delivery failed last week, please send the parcel again.",
    "I had to unsubscribe from two other tools before I found yours.",
    "Please stop by when you are in town.",
    "We have to stop the work on the roof until Friday.",
    "My assistant removed the old address from our list.",
    "The mailbox at the gate is full of leaves.",
    "Die Lieferung kam zurück, weil die Adresse falsch war.",
    "Wir möchten den Newsletter um eine Seite erweitern.",
    "Das Angebot ist angekommen, danke.",
    "Nous avons bien reçu le devis, merci.",
    "El pedido fue devuelto por el transportista.",
    "La baja de Marta termina en mayo.",
    "Il postino non ha trovato la casella.",
    "Kunt u de factuur nog eens sturen?",
    "A encomenda voltou, o endereço estava errado.",
    "Proszę o przesłanie oferty jeszcze raz.",
    "Undeliverable as it may sound, we want it by Monday.",
)
_SUBJECTS = (
    "Offer",
    "Angebot Dach",
    "Devis",
    "Reminder: invoice 12",
    "Regarding the roof",
    "Read this",
    "Ref. 4711",
    "Respuesta del banco",
    "Lieferung",
    "Delivery status of the tiles",
    "Stop press",
    "Vacation photos",
    "Mail",
    "Returned parcel",
    "Antwortfrist Freitag",
    "Resume of our call",
)
_ANSWERS = ("Re: ", "RE: ", "AW: ", "Antw: ", "SV: ", "Rif: ", "RES: ", "Odp: ", "Re[2]: ", "")
_WISHES = (
    "unsubscribe",
    "Unsubscribe me please",
    "Please remove me from your list.",
    "STOP",
    "Bitte austragen",
    "Abmelden",
    "Abbestellen bitte",
    "désinscription",
    "Me désabonner, merci",
    "Baja",
    "Por favor, darme de baja",
    "disiscrivi",
    "Afmelden",
    "Please take me off this list",
    "I no longer wish to receive your newsletter",
    "opt out",
    "Kein Newsletter mehr bitte",
    "Kindly drop me from these mailings.",
    "Streichen Sie mich aus dem Verteiler",
)
_REFUSALS = (
    ("550 5.1.1 <{to}>: Recipient address rejected: User unknown", "5.1.1"),
    ("552 5.2.2 Mailbox full", "5.2.2"),
    ("Host or domain name not found", "5.4.4"),
    ("451 4.3.0 Temporary server error", "4.3.0"),
)


@dataclass(frozen=True)
class Labelled:
    """A mail, and whether it is what the table asks for."""

    data: bytes
    is_one: bool


def suites(folder: Path) -> Iterator[Labelled]:
    """The public samples, as bounces and as ordinary mail."""
    for path in sorted((folder / "bounces" / "flufl.bounce" / "data").iterdir()):
        yield Labelled(path.read_bytes(), path.name not in ORDINARY)
    for path in sorted((folder / "email" / "cpython").glob("msg_*.txt")):
        yield Labelled(path.read_bytes(), path.name in REPORTS)
    for path in sorted((folder / "email" / "talon").rglob("*")):
        if path.is_file():
            yield Labelled(path.read_bytes(), False)


def answers_of_talon(folder: Path) -> Iterator[Labelled]:
    """The replies of many mail programs that talon ships."""
    for path in sorted((folder / "email" / "talon" / "standard_replies").glob("*.eml")):
        yield Labelled(path.read_bytes(), True)


def random_bounces(chance: random.Random, count: int) -> Iterator[Labelled]:
    for number in range(count):
        if chance.random() < 0.5:
            yield Labelled(_ordinary(chance, number).as_bytes(), False)
        else:
            yield Labelled(_report(chance, number), True)


def random_answers(chance: random.Random, count: int) -> Iterator[Labelled]:
    for number in range(count):
        mail = _ordinary(chance, number)
        is_one = chance.random() < 0.5
        if is_one:
            prefix = chance.choice(_ANSWERS)
            subject = mail["Subject"]
            mail.replace_header("Subject", f"{prefix}{subject}")
            if not prefix or chance.random() < 0.7:
                mail["In-Reply-To"] = f"<{number}@studio.example>"
        yield Labelled(mail.as_bytes(), is_one)


def random_wishes(chance: random.Random, count: int) -> Iterator[Labelled]:
    for number in range(count):
        is_one = chance.random() < 0.5
        mail = _ordinary(chance, number)
        if is_one:
            wish = chance.choice(_WISHES)
            quoted = "\n\nOn Mon, Nov 2, 2026 Ada wrote:\n> News of the studio\n"
            mail.set_content(wish + (quoted if chance.random() < 0.6 else "\n"))
            mail.replace_header("Subject", chance.choice(("", "Re: News of the studio", wish)))
        yield Labelled(mail.as_bytes(), is_one)


def _ordinary(chance: random.Random, number: int) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Person {number} <person{number}@firm{number % 7}.example>"
    mail["To"] = "ada@studio.example"
    mail["Subject"] = chance.choice(_SUBJECTS)
    mail["Message-ID"] = f"<{number}.{chance.random()}@firm.example>"
    mail["Date"] = "Mon, 02 Nov 2026 09:00:00 +0100"
    mail.set_content("\n".join(chance.sample(_TALK, chance.randint(1, 4))) + "\n")
    return mail


def _report(chance: random.Random, number: int) -> bytes:
    """A report of failed delivery as RFC 3464 has it, its words in the server's own way."""
    to = f"person{number}@firm.example"
    words, status = chance.choice(_REFUSALS)
    server = f"mx{chance.randint(1, 9)}.firm.example"
    return (
        f"From: MAILER-DAEMON@{server}\r\nTo: ada@studio.example\r\n"
        f"Subject: {chance.choice(('Undelivered Mail', 'failure notice', 'Unzustellbar'))}\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;"
        ' boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\n{words.format(to=to)}\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; {server}\r\n\r\nFinal-Recipient: rfc822; {to}\r\n"
        f"Action: {'delayed' if status.startswith('4') else 'failed'}\r\nStatus: {status}\r\n"
        "--b--\r\n"
    ).encode()


def table(mails: Iterator[Labelled], nature: str, what: str) -> str:
    """The confusion table of a nature of mail, called `what` in a sentence."""
    found: Counter[tuple[bool, bool]] = Counter()
    for each in mails:
        taken = draft(each.data, ["ada@studio.example"], ZONE).nature == nature
        found[each.is_one, taken] += 1
    return "\n".join(
        [
            f"| | taken for {what} | taken for none |",
            "|---|---:|---:|",
            f"| {what} | {found[True, True]} | {found[True, False]} |",
            f"| an ordinary message | {found[False, True]} | {found[False, False]} |",
        ]
    )


def tables(folder: Path, count: int, seed: int) -> Iterator[str]:
    """The public samples first, then `count` random mails for each of the three."""
    yield table(suites(folder), "bounce", "a bounce")
    yield table(random_bounces(random.Random(seed), count), "bounce", "a bounce")
    yield table(answers_of_talon(folder), "reply", "an answer")
    yield table(random_answers(random.Random(seed), count), "reply", "an answer")
    yield table(random_wishes(random.Random(seed), count), "unsubscribe", "a wish")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mail_kinds", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder of public samples")
    parser.add_argument("--mails", type=int, default=MAILS, help="random mails of each table")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for each in tables(options.data, options.mails, options.seed):
        print(f"{each}\n")


if __name__ == "__main__":
    main()

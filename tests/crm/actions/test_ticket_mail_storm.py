"""A storm of mails: threads with broken headers, duplicates, whatever the world sends. Each is on
the right ticket, once.
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from plaincrm.crm.actions.ticket_mail import open_by_mail
from plaincrm.crm.book import Book
from plaincrm.errors import Ambiguous, Refused

NOW = datetime(2026, 11, 21, 12, 0)
PEOPLE, LENGTH = 6, 7


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "plaincrm.yaml").write_text("me: {name: Me, email: me@studio.example}\n", "utf-8")
    return tmp_path


def opened(root: Path) -> Book:
    return Book.open(root, lambda _: NOW)


def message_ids(root: Path) -> Counter[str]:
    """How often each mail stands in the logs of tickets."""
    tickets = opened(root).store.records("ticket")
    return Counter(e.message_id for ticket in tickets for e in ticket.log if e.message_id)


def thread(person: int, chance: random.Random) -> list[bytes]:
    """A thread of one customer. Of each mail after the first something of the thread is lost: the
    `In-Reply-To`, all references but the first, or both, and then the subject still tells.
    """
    ids: list[str] = []
    mails = []
    for n in range(LENGTH):
        own = f"<{person}.{n}@p{person}.example>"
        headers = []
        if ids:
            kind = chance.choice(["whole", "references", "answer", "subject"])
            if kind in ("whole", "answer"):
                headers.append(f"In-Reply-To: {ids[-1]}")
            if kind in ("whole", "references"):
                headers.append(f"References: {' '.join(ids)}")
        when = format_datetime(datetime(2026, 11, 1 + person, 8 + n, 15))
        lines = [
            f"From: P{person} <me@p{person}.example>",
            "To: me@studio.example",
            f"Subject: {'Re: ' if ids else ''}Question of {person}",
            f"Date: {when}",
            f"Message-ID: {own}",
            *headers,
        ]
        ids.append(own)
        mails.append(("\r\n".join(lines) + f"\r\n\r\nWords {n}\r\n").encode())
    return mails


@pytest.mark.parametrize("seed", range(4))
def test_every_mail_of_a_broken_thread_is_on_one_ticket_once(root: Path, seed: int) -> None:
    chance = random.Random(seed)
    threads = [thread(person, chance) for person in range(PEOPLE)]
    waiting = [list(mails) for mails in threads]
    while any(waiting):
        mails = chance.choice([each for each in waiting if each])
        mail = mails.pop(0)
        for _ in range(chance.choice([1, 1, 2])):
            open_by_mail(opened(root), mail).commit()
    assert set(message_ids(root).values()) == {1}
    assert len(message_ids(root)) == PEOPLE * LENGTH
    tickets = list(opened(root).store.records("ticket"))
    assert len(tickets) == PEOPLE
    for ticket in tickets:
        assert len({each.message_id.partition(".")[0] for each in ticket.log}) == 1
        assert [entry.at for entry in ticket.log] == sorted(entry.at for entry in ticket.log)


def test_a_mail_that_answers_two_tickets_is_on_one(root: Path) -> None:
    chance = random.Random(1)
    for person in (0, 1):
        open_by_mail(opened(root), thread(person, chance)[0]).commit()
    both = thread(0, chance)[1].replace(
        b"Subject:", b"References: <0.0@p0.example> <1.0@p1.example>\r\nSubject:"
    )
    open_by_mail(opened(root), both.replace(b"In-Reply-To", b"X-Gone")).commit()
    assert message_ids(root)["<0.1@p0.example>"] == 1


def test_the_worlds_mails_do_no_harm_and_come_once(root: Path, shared_data: Path) -> None:
    files = [path for path in sorted((shared_data / "email").rglob("*")) if path.is_file()]
    mails = [path.read_bytes() for path in files if path.stat().st_size < 200_000]
    random.Random(7).shuffle(mails)
    for _ in range(2):
        for mail in mails:
            with suppress(Refused, Ambiguous):
                open_by_mail(opened(root), mail).commit()
    counted = message_ids(root)
    assert counted
    assert set(counted.values()) == {1}

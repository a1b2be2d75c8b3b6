"""Mails that become tickets, or join the one that they belong to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from plaincrm.core.records.record import Record
from plaincrm.crm.actions.ticket_mail import open_by_mail
from plaincrm.crm.book import Book
from plaincrm.errors import Ambiguous, Refused

SETTINGS = "me: {name: Me, email: me@studio.example}\n"
NOW = datetime(2026, 11, 21, 12, 0)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    (tmp_path / "plaincrm.yaml").write_text(SETTINGS, "utf-8")
    (tmp_path / "contacts").mkdir()
    (tmp_path / "contacts" / "ada.md").write_text(
        "---\nname: Ada\nemail: ada@ada.example\ncompany: big\n---\n", "utf-8"
    )
    (tmp_path / "companies").mkdir()
    (tmp_path / "companies" / "big.md").write_text("---\nname: Big\n---\n", "utf-8")
    return Book.open(tmp_path, lambda _: NOW)


def mail(
    text: str = "It is broken.",
    *,
    id: str = "1@ada.example",
    subject: str = "Login broken",
    sender: str = "Ada <ada@ada.example>",
    at: str = "Fri, 20 Nov 2026 09:30:00 +0000",
    **more: str,
) -> bytes:
    lines = [
        f"From: {sender}",
        "To: me@studio.example",
        f"Subject: {subject}",
        f"Date: {at}",
        f"Message-ID: <{id}>",
        *(f"{name.replace('_', '-')}: {value}" for name, value in more.items()),
    ]
    return ("\r\n".join(lines) + f"\r\n\r\n{text}\r\n").encode()


def deliver(book: Book, data: bytes) -> Record:
    staged = open_by_mail(book, data)
    staged.commit()
    return staged.records[0]


def tickets(book: Book) -> list[Record]:
    fresh = Book.open(book.root, lambda _: NOW)
    return list(fresh.store.records("ticket"))


def test_a_mail_opens_a_ticket_of_its_sender(book: Book) -> None:
    ticket = deliver(book, mail())
    assert ticket.title == "Login broken"
    assert ticket.text("contact") == "ada"
    assert ticket.text("company") == "big"
    assert ticket.text("opened") == "2026-11-20 09:30"
    assert ticket.text("channel") == "email"
    assert [(e.type, e.direction, e.message_id) for e in ticket.log] == [
        ("reply", "in", "<1@ada.example>")
    ]


def test_the_same_mail_twice_is_one(book: Book) -> None:
    deliver(book, mail())
    again = open_by_mail(book, mail())
    assert again.files == ()
    assert "already" in again.echo[0]
    assert len(tickets(book)) == 1


def test_an_answer_joins_opens_again_and_is_there_once(book: Book) -> None:
    deliver(book, mail())
    first = tickets(book)[0]
    book.change("", "test").edit(first, [])
    path = book.root / first.path
    text = path.read_text("utf-8").replace("status: new", "status: pending")
    path.write_text(text + "- 2026-11-20 10:00 status: new -> pending\n", "utf-8")
    fresh = Book.open(book.root, lambda _: NOW)
    answer = mail("Still.", id="2@ada.example", In_Reply_To="<1@ada.example>", subject="whatever")
    answer = answer.replace(b"09:30", b"11:30")
    deliver(fresh, answer)
    (ticket,) = tickets(book)
    assert ticket.text("status") == "open"
    assert [entry.text for entry in ticket.log if entry.type == "status"][-1] == "pending -> open"
    assert [entry.at.hour for entry in ticket.log][-1] == 11


def test_an_old_mail_that_comes_late_changes_no_status(book: Book) -> None:
    deliver(book, mail(at="Fri, 20 Nov 2026 09:30:00 +0000"))
    (ticket,) = tickets(book)
    path = book.root / ticket.path
    text = path.read_text("utf-8").replace("status: new", "status: solved")
    path.write_text(text + "- 2026-11-20 15:00 status: new -> solved\n", "utf-8")
    fresh = Book.open(book.root, lambda _: NOW)
    late = mail("Before", id="0@ada.example", In_Reply_To="<1@ada.example>")
    deliver(fresh, late.replace(b"09:30", b"10:30"))
    assert tickets(book)[0].text("status") == "solved"


def test_a_broken_thread_is_found_by_the_id_in_the_subject(book: Book) -> None:
    ticket = deliver(book, mail())
    fresh = Book.open(book.root, lambda _: NOW)
    deliver(fresh, mail("More", id="3@x.example", subject=f"Problem [{ticket.id}]"))
    assert len(tickets(book)) == 1


def test_a_stranger_becomes_a_contact(book: Book) -> None:
    ticket = deliver(book, mail(sender="Bob <bob@b.example>"))
    assert ticket.text("contact") == "bob"
    assert (book.root / "contacts" / "bob.md").exists()


def test_a_machine_opens_nothing_and_answers_nothing(book: Book) -> None:
    away = mail("I am away", id="9@x.example", Auto_Submitted="auto-replied")
    with pytest.raises(Refused):
        open_by_mail(book, away)
    deliver(book, mail())
    fresh = Book.open(book.root, lambda _: NOW)
    deliver(
        fresh, away.replace(b"Auto-Submitted", b"In-Reply-To: <1@ada.example>\r\nAuto-Submitted")
    )
    (ticket,) = tickets(book)
    assert [entry.type for entry in ticket.log] == ["reply", "note"]


def test_ones_own_mail_opens_nothing(book: Book) -> None:
    with pytest.raises(Refused):
        open_by_mail(book, mail(sender="Me <me@studio.example>"))


def test_an_address_of_two_is_asked_about(book: Book) -> None:
    (book.root / "contacts" / "eve.md").write_text(
        "---\nname: Eve\nemail: ada@ada.example\n---\n", "utf-8"
    )
    with pytest.raises(Ambiguous):
        open_by_mail(book, mail())


def test_a_mail_without_a_date_is_refused(book: Book) -> None:
    with pytest.raises(Refused):
        open_by_mail(book, mail(at="never"))

"""Which ticket a mail belongs to."""

from __future__ import annotations

from typing import Any

import pytest

from plaincrm.support.ticket_mail import bare_subject, tagged_subject, ticket_of_mail
from tests.contexts import context

FILES = {
    "contacts/ada.md": "name: Ada",
    "tickets/login-broken-k7m2.md": """---
subject: Login broken
contact: ada
aliases: [old-name-1234]
---

## Log
- 2026-11-20 10:00 reply in: Help. <1@ada.example>
- 2026-11-20 11:00 reply out: Look. <2@studio.example>
""",
    "tickets/logo-dark-9zz1.md": """---
subject: Logo too dark
contact: ada
status: closed
---

## Log
- 2026-11-20 12:00 reply in: Too dark. <3@ada.example>
""",
}


def found(**mail: Any) -> str:
    ticket = ticket_of_mail(context(FILES), **mail)
    return ticket.id if ticket else ""


@pytest.mark.parametrize(
    ("mail", "ticket"),
    [
        ({"answers": "<2@studio.example>"}, "login-broken-k7m2"),
        ({"answers": "<x@y.example>", "references": ["<1@ada.example>"]}, "login-broken-k7m2"),
        ({"references": ["<1@ada.example>", "<3@ada.example>"]}, "logo-dark-9zz1"),
        ({"answers": "<1@ada.example>", "references": ["<3@ada.example>"]}, "login-broken-k7m2"),
        ({"subject": "Re: Login broken [login-broken-k7m2]"}, "login-broken-k7m2"),
        ({"subject": "AW: whatever [LOGIN-BROKEN-K7M2]"}, "login-broken-k7m2"),
        ({"subject": "old-name-1234"}, "login-broken-k7m2"),
        ({"subject": "Re: Login broken", "contacts": ["ada"]}, "login-broken-k7m2"),
        ({"subject": "Fwd: Re: login  broken", "contacts": ["ada"]}, ""),
        ({"subject": "Login broken", "contacts": ["ada"]}, ""),
        ({"subject": "Re: Login broken", "contacts": ["bob"]}, ""),
        ({"subject": "Re: Login broken"}, ""),
        ({"subject": "Re: Logo too dark", "contacts": ["ada"]}, ""),
        ({"answers": "<3@ada.example>", "subject": "[login-broken-k7m2]"}, "logo-dark-9zz1"),
        ({}, ""),
    ],
)
def test_a_mail_is_on_one_ticket(mail: dict[str, Any], ticket: str) -> None:
    assert found(**mail) == ticket


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: AW: Login", "login"),
        ("Re[2]: Login [login-broken-k7m2]", "login"),
        ("Fwd: Login", "login"),
        ("回复：Login", "login"),
        ("Return: it", "return: it"),
        ("", ""),
    ],
)
def test_a_subject_without_what_mail_programs_add(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


def test_a_subject_names_its_ticket_once() -> None:
    tagged = tagged_subject("Re: Login", "login-broken-k7m2")
    assert tagged == "Re: Login [login-broken-k7m2]"
    assert tagged_subject(tagged, "login-broken-k7m2") == tagged

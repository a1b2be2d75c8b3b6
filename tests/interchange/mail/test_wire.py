"""A draft on the wire: our own headers stay at home, everybody named gets it, the rest is as it was."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from plaincrm.errors import Refused
from plaincrm.interchange.mail.wire import wire_mail

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
DRAFT = b"""From: Ada Example <ada@studio.example>
To: Kari <kari@x.example>
Cc: "Bo, Inc" <bo@x.example>, KARI@x.example
Bcc: hidden@x.example
Subject: =?utf-8?b?R3LDvMOfZQ==?=
 folded
Date: Fri, 20 Nov 2026 08:00:00 +0000
Message-ID: <1.a.plaincrm@studio.example>
X-Plaincrm-Contact: kari
X-Unsent: 1

From here on: text
.
Bcc: not a header
"""


def test_working_headers_and_bcc_never_leave() -> None:
    mail = wire_mail(DRAFT, NOW)
    head, _, body = mail.data.partition(b"\r\n\r\n")
    assert b"X-" not in head and b"Bcc" not in head
    assert head.count(b"Date:") == 1 and b"Date: Sat, 21 Nov 2026 09:30:00 +0000" in head
    assert b"Subject: =?utf-8?b?R3LDvMOfZQ==?=\r\n folded" in head
    assert body == b"From here on: text\r\n.\r\nBcc: not a header\r\n"


def test_everybody_who_is_named_gets_it_once() -> None:
    mail = wire_mail(DRAFT, NOW)
    assert mail.sender == "ada@studio.example"
    assert set(mail.recipients) == {"kari@x.example", "bo@x.example", "hidden@x.example"}


@pytest.mark.parametrize("gone", [b"From:", b"Message-ID:"])
def test_a_draft_that_lacks_something_is_refused(gone: bytes) -> None:
    text = b"\n".join(each for each in DRAFT.split(b"\n") if not each.startswith(gone))
    with pytest.raises(Refused):
        wire_mail(text, NOW)

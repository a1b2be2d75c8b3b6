"""One mail to an SMTP server, at most once.

A mail is in doubt from the moment the server may have all of it until its reply to the final dot is
here (RFC 1047). Before the server asked for the text (354) a failure is sure: nothing was sent. So
each mail is tried once, and whoever calls writes down that it is under way first.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, TypeAlias

from plaincrm.errors import Refused
from plaincrm.transport.outcome import DeliveryOutcome, State, one_line

Tls: TypeAlias = Literal["starttls", "tls", "none"]

PORTS: dict[str, int] = {"starttls": 587, "tls": 465, "none": 25}
REPLY_SECONDS = 300.0  # for each reply but the last: RFC 5321, 4.5.3.2
LAST_REPLY_SECONDS = 600.0  # for the reply to the final dot: RFC 5321, 4.5.3.2.6
CONNECT_SECONDS = 30.0
_READY = 354
_BY_RULE = re.compile(rb"\b5\.7\.\d|relay|authenticat|spam|block(?:ed|list)|policy", re.IGNORECASE)
_LOOPBACK = ("localhost", "127.", "::1")


@dataclass(frozen=True, slots=True)
class Server:
    """Where to hand mail over. Without TLS only to this machine itself."""

    host: str
    port: int = 0
    tls: Tls = "starttls"
    user: str = ""
    password: str = ""
    reply_seconds: float = REPLY_SECONDS
    last_reply_seconds: float = LAST_REPLY_SECONDS


class Connection:
    """A connection to the server, open while mails are sent. Use it as a context."""

    def __init__(self, server: Server) -> None:
        """Connects, encrypts and logs in. Raises Refused with the server's words."""
        if server.tls == "none" and not server.host.startswith(_LOOPBACK):
            raise Refused(
                f"mail to {server.host} would travel in the clear",
                "set mail: {smtp: {tls: starttls}} in plaincrm.yaml",
            )
        self._server = server
        try:
            self._smtp = _connected(server)
        except (OSError, smtplib.SMTPException) as error:
            raise Refused(
                f"no mail can be handed to {server.host}: {_words(error)}",
                "look at mail: {smtp: …} in plaincrm.yaml, then: plaincrm outbox send --all",
            ) from None

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError, smtplib.SMTPException):
            self._smtp.quit()
        self._smtp.close()

    def deliver(self, sender: str, recipients: Sequence[str], data: bytes) -> list[DeliveryOutcome]:
        """Hand one mail over, tried once; an outcome for each recipient, in their order."""
        refused: dict[str, DeliveryOutcome] = {}
        try:
            code, said = self._smtp.mail(sender, ["SMTPUTF8"] if _is_wide(recipients) else [])
            if code != 250:
                return self._all_refused(recipients, code, said)
            for each in recipients:
                code, said = self._smtp.rcpt(each)
                if code not in (250, 251):
                    refused[each] = _refused(each, code, said, hard=_is_gone(code, said))
            if len(refused) == len(recipients):
                self._reset()
                return [refused[each] for each in recipients]
            code, said = self._smtp.docmd("DATA")
            if code != _READY:
                return self._all_refused(recipients, code, said)
        except (OSError, smtplib.SMTPException) as error:
            self._smtp.close()
            return [DeliveryOutcome(each, "refused", _words(error)) for each in recipients]
        last = self._text(data)
        return [refused.get(each) or _for(each, last) for each in recipients]

    def _text(self, data: bytes) -> DeliveryOutcome:
        """Send the text and the final dot; what the server says of it.

        Without the dot the server may not keep the mail (RFC 5321, 4.1.1.4): a connection that
        breaks earlier leaves no doubt.
        """
        try:
            self._smtp.send(_stuffed(data))
        except (OSError, smtplib.SMTPException) as error:
            self._smtp.close()
            return DeliveryOutcome("", "refused", _words(error))
        try:
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(self._server.last_reply_seconds)
            self._smtp.send(b".\r\n")
            code, said = self._smtp.getreply()
            if self._smtp.sock is not None:
                self._smtp.sock.settimeout(self._server.reply_seconds)
        except (OSError, smtplib.SMTPException) as error:
            self._smtp.close()
            return DeliveryOutcome("", "doubt", _words(error))
        if code == 250:
            return DeliveryOutcome("", "sent", one_line(said))
        if 400 <= code < 600:
            return _refused("", code, said)
        return DeliveryOutcome("", "doubt", f"{code} {one_line(said)}".strip())

    def _all_refused(
        self, recipients: Sequence[str], code: int, said: bytes
    ) -> list[DeliveryOutcome]:
        self._reset()
        return [_refused(each, code, said) for each in recipients]

    def _reset(self) -> None:
        with suppress(OSError, smtplib.SMTPException):
            self._smtp.rset()

    @property
    def is_open(self) -> bool:
        """Whether the server can take another mail on this connection."""
        return self._smtp.sock is not None


def _connected(server: Server) -> smtplib.SMTP:
    port = server.port or PORTS[server.tls]
    context = ssl.create_default_context()
    smtp: smtplib.SMTP
    if server.tls == "tls":
        smtp = smtplib.SMTP_SSL(server.host, port, timeout=CONNECT_SECONDS, context=context)
    else:
        smtp = smtplib.SMTP(server.host, port, timeout=CONNECT_SECONDS)
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(server.reply_seconds)
        if server.tls == "starttls":
            smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _stuffed(data: bytes) -> bytes:
    """The text as it goes over the wire: CRLF, dots at a line's beginning doubled."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." + line if line[:1] == b"." else line) + b"\r\n" for line in lines)


def _is_wide(recipients: Sequence[str]) -> bool:
    return not all(each.isascii() for each in recipients)


def _refused(recipient: str, code: int, said: bytes, *, hard: bool = False) -> DeliveryOutcome:
    return DeliveryOutcome(recipient, "refused", f"{code} {one_line(said)}".strip(), hard)


def _is_gone(code: int, said: bytes) -> bool:
    """Whether a server says of a recipient that there is no such mailbox.

    A refusal by its rules (enhanced codes 5.7.x of RFC 3463, relaying, a login that is missing)
    is about the sender; the address may work well tomorrow.
    """
    return 500 <= code < 600 and code not in (530, 535) and not _BY_RULE.search(said)


def _for(recipient: str, last: DeliveryOutcome) -> DeliveryOutcome:
    state: State = last.state
    return DeliveryOutcome(recipient, state, last.reason, last.hard)


def _words(error: Exception) -> str:
    """Why it failed, in one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {one_line(error.smtp_error)}"
    if isinstance(error, socket.gaierror):
        return "no such host"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return one_line(error.strerror.lower())  # without its number
    return one_line(str(error)) or type(error).__name__

"""Mail that came back: which addresses failed for good, which are only late, and which mail says
neither.

The reading of the reports is a library's (flufl.bounce, Mailman's own). It looks at every mail with
all of its heuristics, so this module asks first whether the mail comes from a machine or calls
itself a report.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage

from plaincrm.interchange.mail import parse

_MACHINE = re.compile(
    r"(?:mailer-?daemon|mdaemon|postmaster|mail-?admin|mail\.?delivery|delivery-?subsystem|ndr)\b",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"undeliver|unzustellbar|non remis|non[- ]?deliver|not (?:be )?(?:yet been )?delivered|returned"
    r" mail"
    r"|returning (?:message )?to sender"
    r"|mail error|fail(?:ure|ed)\b|delivery (?:has"
    r" )?(?:fail|status|report|notification|warning|problem)"
    r"|message delayed|delayed mail|warning: message|mail delivery",
    re.IGNORECASE,
)
_PASSED_ON = re.compile(r"(?:fwd?|wg|tr|rv|i)\s?:", re.IGNORECASE)
_LISTS = ("List-Id", "List-Post", "List-Unsubscribe")


@dataclass(frozen=True, slots=True)
class Bounce:
    """`failed`: addresses that refused for good. `delayed`: those still tried. Either may be
    empty.
    """

    failed: tuple[str, ...] = ()
    delayed: tuple[str, ...] = ()


def bounce(message: EmailMessage) -> Bounce | None:
    """What a report of failed delivery says; None for any other mail."""
    machine = _by_machine(message)
    subject = parse.header(message, "Subject")
    answered = bool(message["In-Reply-To"]) or bool(_PASSED_ON.match(subject))
    claims = bool(_REPORT.search(subject)) and not answered
    if not (machine or claims):
        return None
    delayed, failed = _scanned(message)
    if delayed or failed:
        return Bounce(_addresses(failed), _addresses(delayed))
    if claims and (machine or _original(message) is not None):
        return Bounce(_recipient(message))
    return None


def _by_machine(message: EmailMessage) -> bool:
    sender = parse.header(message, "From")
    if message.get_content_type() == "multipart/report":
        return str(
            message.get_param("report-type", "")
        ).casefold() != "disposition-notification" or _refused(message)
    return bool(_MACHINE.search(sender)) or sender.endswith("<>")


def _refused(message: EmailMessage) -> bool:
    return "reject" in parse.header(message, "Auto-Submitted").casefold()


def _scanned(message: EmailMessage) -> tuple[Iterable[bytes | str], Iterable[bytes | str]]:
    from flufl.bounce import _scan, all_failures

    _scan.log.disabled = True  # it would print the traceback of what is caught here
    try:
        delayed, failed = all_failures(message)
    except Exception:  # its detectors trip over headers that are missing, or odd
        return (), ()
    return delayed, failed


def _addresses(found: Iterable[bytes | str]) -> tuple[str, ...]:
    texts = {each.decode("utf-8", "replace") if isinstance(each, bytes) else each for each in found}
    return tuple(sorted(text for text in texts if "@" in text))


def _original(message: EmailMessage) -> EmailMessage | None:
    """The mail that came back, where the report carries it."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], EmailMessage):
                return inner[0]
    return None


def _recipient(message: EmailMessage) -> tuple[str, ...]:
    """Whom the mail that came back was sent to, if that is one person and no mailing list."""
    original = _original(message)
    if original is None or any(original[name] for name in _LISTS):
        return ()
    to = parse.incoming(original).to
    return (to[0].address,) if len(to) == 1 else ()

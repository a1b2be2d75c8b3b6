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
_LOOKED_AT = 1 << 20
_MOST_NAMED = 20
_RECIPIENTS = re.compile(
    r"(?:^(?:(?:Original|Final)-Recipient|Action|Status|Remote-MTA|Diagnostic-Code"
    r"|Last-Attempt-Date"
    r"|Will-Retry-Until|X-[\w-]+):[^\n]*\n(?:[ \t][^\n]*\n)*)+",
    re.IGNORECASE | re.MULTILINE,
)
_RECIPIENT = re.compile(
    r"^Final-Recipient:[ \t]*(?:[\w-]+[ \t]*;)?[ \t]*(\S+@\S+)", re.IGNORECASE | re.MULTILINE
)
_ACTION = re.compile(
    r"^Action:[ \t]*(failed|delayed|delivered|relayed|expanded)", re.IGNORECASE | re.MULTILINE
)
# 4.x.x is a failure for now, and 5.2.2 a full mailbox (RFC 3463): the address may work tomorrow.
_FOR_NOW = re.compile(r"^Status:[ \t]*(?:4\.|5\.2\.2\b)", re.IGNORECASE | re.MULTILINE)
_ORIGINAL_ID = re.compile(rb"^message-id:[ \t]*(<[^<>\s]+@[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_CODE = re.compile(r"(?<![\d.])5(?:\d\d|\.\d{1,3}\.\d{1,3})(?![\d.])")
_RETURNED = re.compile(
    r"original message headers|below this line is a copy|----- original message|message headers"
    r" follow"
    r"|ursprüngliche nachricht(?:enkopfzeilen)?:|en-têtes de message",
    re.IGNORECASE,
)
_ANY_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_LISTS = ("List-Id", "List-Post", "List-Unsubscribe")


@dataclass(frozen=True, slots=True)
class Bounce:
    """`failed`: addresses that refused for good. `delayed`: those still tried, and those that
    refused for now, such as a full mailbox. `delivered`: those that have it. Each may be empty.
    `original`: the id of the mail that came back, where the report carries it.
    """

    failed: tuple[str, ...] = ()
    delayed: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()


def original_id(message: EmailMessage, data: bytes) -> str:
    """The id of the mail that a report returns: the last one in it that is not its own."""
    own = parse.header(message, "Message-ID").encode("ascii", "replace")
    found = [each for each in _ORIGINAL_ID.findall(data[:_LOOKED_AT]) if each != own]
    return found[-1].decode("ascii", "replace") if found else ""


def bounce(message: EmailMessage, data: bytes = b"") -> Bounce | None:
    """What a report of delivery says; None for any other mail. `data` is the mail as it came, for
    reports whose parts can't be told apart."""
    machine = _by_machine(message)
    subject = parse.header(message, "Subject")
    answered = bool(message["In-Reply-To"]) or bool(_PASSED_ON.match(subject))
    claims = bool(_REPORT.search(subject)) and not answered
    if not (machine or claims):
        return None
    if machine and (told := _of_fields(data[:_LOOKED_AT])):
        return told
    delayed, failed = _scanned(message)
    if delayed or failed:
        return Bounce(_addresses(failed), _addresses(delayed))
    if claims and (machine or _original(message) is not None):
        return Bounce(_recipient(message) or _refused_in(parse.incoming(message).text))
    return None


def _of_fields(data: bytes) -> Bounce | None:
    """What the fields of a report (RFC 3464) say, wherever they stand in the mail. None where it
    has none."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    found: dict[str, list[str]] = {"failed": [], "delayed": [], "delivered": []}
    for block in _RECIPIENTS.findall(text):
        address, action = _RECIPIENT.search(block), _ACTION.search(block)
        if address and action:
            word = action[1].casefold()
            sort = "delivered" if word in ("relayed", "expanded") else word
            if sort == "failed" and _FOR_NOW.search(block):
                sort = "delayed"
            found.get(sort, []).append(address[1].strip("<>"))
    if not any(found.values()):
        return None
    sorts = {name: _addresses(each) for name, each in found.items()}
    return Bounce(sorts["failed"], sorts["delayed"], sorts["delivered"])


def _refused_in(text: str) -> tuple[str, ...]:
    """The addresses that a report names in its own words, before the mail that it returns."""
    own = _RETURNED.split(text, maxsplit=1)[0]
    if not (_CODE.search(own) or _REPORT.search(own)):
        return ()
    known = dict.fromkeys(found.casefold() for found in _ANY_ADDRESS.findall(own))
    return _addresses([each for each in known if not _MACHINE.match(each)][:_MOST_NAMED])


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

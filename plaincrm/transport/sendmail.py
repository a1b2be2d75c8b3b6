"""One mail to a program that sends it: sendmail, or one that takes its place, such as msmtp."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Sequence

from plaincrm.errors import Refused
from plaincrm.transport.outcome import DeliveryOutcome, one_line

# Exit codes of sysexits.h with which a mail was surely not handed on. All others, and a program
# that was killed, leave doubt: it may have died after the server took the mail.
_SURELY_NOT = {
    64: "wrong words for the program",
    65: "the mail is not well formed",
    66: "the mail can't be read",
    67: "no such recipient",
    68: "no such host",
    69: "the service is not available",
    73: "no file can be made",
    77: "not allowed",
    78: "the program's settings are wrong",
}
_NO_RECIPIENT = 67
SECONDS = 900.0  # longer than any reply that the program itself may wait for


def deliver(command: str, recipients: Sequence[str], data: bytes) -> list[DeliveryOutcome]:
    """Hand one mail to `command`, which is started without a shell and reads the mail.

    The command reads the recipients from the mail (`-t`), else they are added to its words. Raises
    Refused where there is no such program.
    """
    words = shlex.split(command)
    if not words:
        raise Refused("mail: {sendmail: …} is empty", "write it as msmtp -t")
    named = [] if "-t" in words else ["--", *recipients]
    try:
        done = subprocess.run(
            [*words, *named], input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except FileNotFoundError:
        raise Refused(f"there is no program {words[0]}", "install it, or use smtp:") from None
    except PermissionError:
        raise Refused(f"{words[0]} can't be started", "look at its permissions") from None
    except subprocess.TimeoutExpired:
        return [
            DeliveryOutcome(each, "doubt", f"{words[0]} did not end in time") for each in recipients
        ]
    return [_outcome(each, words[0], done.returncode, done.stderr) for each in recipients]


def _outcome(recipient: str, program: str, code: int, said: bytes) -> DeliveryOutcome:
    if code == 0:
        return DeliveryOutcome(recipient, "sent")
    words = one_line(said) or _SURELY_NOT.get(code, "")
    reason = f"{program} ended with {code}: {words}".rstrip(": ")
    if code in _SURELY_NOT:
        return DeliveryOutcome(recipient, "refused", reason, code == _NO_RECIPIENT)
    return DeliveryOutcome(recipient, "doubt", reason)

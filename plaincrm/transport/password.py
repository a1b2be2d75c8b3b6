"""The password of a mail server, from a command that prints it, such as `pass show mail`."""

from __future__ import annotations

import shlex
import subprocess

from plaincrm.errors import Refused
from plaincrm.transport.outcome import one_line

SECONDS = 120.0  # time for somebody to unlock a keyring


def from_command(command: str) -> str:
    """The first line that the command prints; it is started without a shell. Raises Refused."""
    words = shlex.split(command)
    if not words:
        return ""
    try:
        done = subprocess.run(words, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refused(f"{words[0]} gives no password: {one_line(str(error))}", _HINT) from None
    if done.returncode != 0:
        said = one_line(done.stderr) or f"exit code {done.returncode}, and not a word"
        raise Refused(f"{words[0]} gives no password: {said}", _HINT)
    return done.stdout.decode("utf-8", "replace").partition("\n")[0].rstrip("\r")


_HINT = "look at mail: {smtp: {password_command: …}} in plaincrm.yaml"

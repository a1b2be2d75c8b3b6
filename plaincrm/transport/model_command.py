"""The user's own language model: a command of theirs that reads a brief and prints an answer."""

from __future__ import annotations

import shlex
import subprocess

from plaincrm.errors import Refused
from plaincrm.transport.outcome import one_line

SECONDS = 600.0  # models on a laptop take minutes for a page
LONGEST = 1 << 18  # bytes of an answer that are taken: far more than anybody reads


def answer(command: str, brief: str) -> str:
    """What the command prints for a brief on its standard input; it is started without a shell.
    Raises Refused where it can't be started, fails, or prints nothing.
    """
    words = shlex.split(command)
    if not words:
        raise Refused("no command of a language model is set", _HINT)
    try:
        done = subprocess.run(
            words,
            input=brief.encode("utf-8", "replace"),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except OSError as error:
        raise Refused(f"{words[0]} can't be started: {one_line(str(error))}", _HINT) from None
    except subprocess.TimeoutExpired:
        raise Refused(f"{words[0]} gave no answer in {SECONDS / 60:.0f} minutes", _HINT) from None
    text = done.stdout[:LONGEST].decode("utf-8", "replace").replace("\r\n", "\n").strip()
    if done.returncode != 0 or not text:
        said = one_line(done.stderr) or f"exit code {done.returncode}"
        raise Refused(f"{words[0]} gave no answer: {said}", _HINT)
    return text


_HINT = "look at ai: {command: …} in plaincrm.yaml"

"""Text from elsewhere as the body of a record: its headings and check-boxes are words, not our log
and tasks.
"""

from __future__ import annotations

import re

from plaincrm.core.timeline import parse, tasks

_OURS = re.compile(r"#{1,6}[ \t]+(?:log|tasks)\b", re.IGNORECASE)
_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)")


def quoted(text: str) -> str:
    """`text` with a backslash, which Markdown does not show, before each line that would mean
    something here; where that is not enough, as a block quote. Ends with a line end, or is
    empty."""
    if not text.strip():
        return ""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    body = "\n".join(_escaped(line) for line in lines)
    if not body.strip():
        return ""
    if parse.read(body, types=None) != parse.EMPTY:
        body = "\n".join(f"> {line}".rstrip() for line in lines)
    return f"{body}\n"


def _escaped(line: str) -> str:
    if tasks.CHECKBOX.fullmatch(line.rstrip()) or _OURS.match(line) or _CONFLICT.match(line):
        bare = line.lstrip(" \t")
        return f"{line[: len(line) - len(bare)]}\\{bare}"
    return line

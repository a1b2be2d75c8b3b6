"""Block tags (`{% if … %}`) that stand on a line of their own leave no line behind; others leave
the line as it is.

Jinja2 can only take the line end after every block tag, so those within a line get the mark (`+%}`)
that keeps it.
"""

from __future__ import annotations

import re

_TAG = re.compile(r"\{%([-+]?)(.*?)([-+]?)%\}", re.DOTALL)
_RAW = re.compile(r"\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}", re.DOTALL)


def kept_in_line(source: str) -> str:
    """The source with tags within a line marked, so that only the others are trimmed."""
    if "{%" not in source:
        return source
    raw = [(found.start(), found.end()) for found in _RAW.finditer(source)]

    def marked(tag: re.Match[str]) -> str:
        inside = any(start < tag.start() and tag.end() < end for start, end in raw)
        if inside or _alone(source, tag):
            return tag[0]
        return f"{{%{tag[1] or '+'}{tag[2]}{tag[3] or '+'}%}}"

    return _TAG.sub(marked, source)


def _alone(source: str, tag: re.Match[str]) -> bool:
    """Whether nothing but block tags stands on the lines of a tag."""
    start = source.rfind("\n", 0, tag.start()) + 1
    end = source.find("\n", tag.end())
    line = source[start : end if end >= 0 else len(source)]
    return not _TAG.sub("", line).strip()

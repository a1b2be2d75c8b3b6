"""Values that YAML takes apart since they hold a colon, `name: Workshop: UX Writing`: put between
quotes, which is what was meant.
"""

from __future__ import annotations

from plaincrm.core.text.pattern import pattern
from plaincrm.core.yaml import front_matter, write

# A field at the margin whose value begins as a word and has a colon before a blank.
_LINE = pattern(
    r"(?P<key>[\w.-]+):[ \t]+(?P<value>[^\W_][^#\"'\[\]{}]*:[ \t][^#]*?)[ \t]*(?P<end>\r?\n)"
)
_BYTES = pattern("[\ud800-\udfff]")  # what is not UTF-8, as text
_FENCE = pattern(r"---[ \t]*\r?\n")


def quoted(text: str) -> str | None:
    """The text of a record with such values in quotes; None where there is none, or where that does
    not make its front matter readable.
    """
    lines = text.splitlines(keepends=True)
    changed = False
    for n, line in enumerate(lines[1:], 1):
        if _FENCE.fullmatch(line):
            break
        match = _LINE.fullmatch(line)
        if match is not None and not _BYTES.search(line):
            lines[n] = f"{match['key']}: {write.scalar(match['value'])}{match['end']}"
            changed = True
    new = "".join(lines)
    if not changed or front_matter.parse(new).problems:
        return None
    return new

"""The fast path: flat `key: value` lines, which most front matter is, read without a YAML parser.

It takes only lines whose meaning is beyond doubt and gives up (None) on anything else, so that it
always says the same as the YAML parser:

    key: plain words            # a comment
    key: "quoted, no escapes"
    key: [a, b c]
    key:
      - plain words
"""

from __future__ import annotations

import re

from plaincrm.core.text.pattern import pattern
from plaincrm.core.values.raw import Raw

# Characters no YAML parser takes unescaped, or takes for a line break.
_ODD = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
_PLAIN = rf"[^\s\-?:,\[\]{{}}#&*!|>'\"%@`{_ODD}][^:#{_ODD}]*(?::[^\s:#{_ODD}][^:#{_ODD}]*)*"
_IN_FLOW = rf"[^\s\-?:,\[\]{{}}#&*!|>'\"%@`{_ODD}][^?:,\[\]{{}}#{_ODD}]*"
_LINE = pattern(
    rf"""^(?:
        ([A-Za-z_][A-Za-z0-9_.-]{{0,99}}):      # 1 the key
        (?:[ ]+(?:
            ({_PLAIN})                          # 2 a plain value
          | ("[^"\\{_ODD}]*"|'[^'{_ODD}]*')      # 3 a quoted one
          | (\[[ ]*(?:{_IN_FLOW}(?:,[ ]*{_IN_FLOW})*)?\])   # 4 a flow list
        )?)?
      | ([ ]*)-[ ]+({_PLAIN})                   # 5, 6 an item of a block list
    )?
    [ ]*(?:(?:(?<=[ ])|^)\#[^{_ODD}]*)?\n""",
    re.VERBOSE | re.MULTILINE,
)

_MOST = 900  # nodes at most, by a rough count; the dialect allows 1000


def parse_flat(text: str, first_line: int = 1) -> tuple[dict[str, Raw], dict[str, int]] | None:
    """The fields between the fences and the line of each, or None where the YAML parser must
    look.
    """
    rows = _rows(text)
    if rows is None:
        return None
    fields: dict[str, Raw] = {}
    lines: dict[str, int] = {}
    empty = ""  # the key without a value, which a block list may follow
    indent: str | None = None
    items: list[Raw] = []
    for line, (key, plain, quoted, flow, spaces, item) in enumerate(rows, first_line):
        if key:
            if key in fields:
                return None
            lines[key] = line
            indent = None
            empty = "" if plain or quoted or flow else key
            if plain:
                fields[key] = plain.rstrip(" ")
            else:
                fields[key] = _flow_items(flow) if flow else quoted[1:-1]
        elif item:
            if indent is None and empty:
                indent, items = spaces, []
                fields[empty] = items
            if spaces != indent:
                return None
            items.append(item.rstrip(" "))
    return fields, lines


def _rows(text: str) -> list[tuple[str, ...]] | None:
    """The lines in the pieces of `_LINE`; None where one is not like that, or they are so many that
    the parser's own limits have to be looked at.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    rows = _LINE.findall(text)
    whole = len(rows) == text.count("\n") and text[-1:] in ("", "\n")
    return rows if whole and 2 * len(rows) + text.count(",") <= _MOST else None


def _flow_items(flow: str) -> list[Raw]:
    inner = flow[1:-1].strip(" ")
    return [part.strip(" ") for part in inner.split(",")] if inner else []

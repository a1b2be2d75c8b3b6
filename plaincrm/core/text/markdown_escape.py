r"""Backslashes before punctuation, as Markdown reads them: `\_` is `_`, outside of code.

Formatters write them and take them away as they see fit, so that a text means the same with them
and without.
"""

from __future__ import annotations

from plaincrm.core.text.pattern import pattern

# Code in a line is kept as it stands: a run of backticks up to the next run of the same length.
_CODE = r"(?<!`)(?P<run>`+)(?!`)[^\n]*?(?<!`)(?P=run)(?!`)"
_SIGN = r"[!-/:-@\[-`{-~]"  # the punctuation of ASCII: nothing else can be escaped
_ESCAPED = pattern(rf"(?P<code>{_CODE})|\\(?P<sign>{_SIGN})")
_MISREAD = pattern(rf"(?P<code>{_CODE})|\\(?={_SIGN})")


def unescape(text: str) -> str:
    """The text that somebody means who writes this into a Markdown file."""
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda found: found["code"] or found["sign"], text)


def escape(text: str) -> str:
    """What is to be written, so that `unescape` gives the text: only backslashes that would be read
    as an escape are doubled, nothing else is touched.
    """
    if "\\" not in text:
        return text
    return _MISREAD.sub(lambda found: found["code"] or "\\\\", text)

"""The marks that a language writes into its numbers: `4,200.50` is `4.200,50` in German.

Source: Unicode CLDR, the symbols `group` and `decimal` of the plain numbering system.
"""

from __future__ import annotations

from plaincrm.core.text.pattern import pattern

_NUMBER = pattern(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+")
_NARROW, _WIDE = "\u202f", "\u00a0"
_DOT_COMMA = ["ca", "da", "de", "el", "es", "hr", "id", "is", "it", "nl", "pt", "ro", "sl", "tr"]
_SPACE_COMMA = [
    "bg",
    "cs",
    "et",
    "fi",
    "hu",
    "lt",
    "lv",
    "nb",
    "nn",
    "no",
    "pl",
    "ru",
    "sk",
    "sv",
    "uk",
]
_MARKS = {
    **dict.fromkeys(_DOT_COMMA, (".", ",")),
    **dict.fromkeys(_SPACE_COMMA, (_WIDE, ",")),
    "fr": (_NARROW, ","),
    "de-at": (_WIDE, ","),
    "de-ch": ("’", "."),
    "es-mx": (",", "."),
    "pt-pt": (_WIDE, ","),
}


def in_language(text: str, language: str) -> str:
    """A figure that was written with `,` and `.`, with the marks of `language` (`de`, `de-CH`)."""
    key = language.casefold().replace("_", "-")
    marks = _MARKS.get(key) or _MARKS.get(key.partition("-")[0])
    if marks is None:
        return text
    table = str.maketrans({",": marks[0], ".": marks[1]})
    return _NUMBER.sub(lambda found: found[0].translate(table), text)

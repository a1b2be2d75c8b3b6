"""One cell to the raw text that a field of our files holds, by the schema's type."""

from __future__ import annotations

import re
from html import unescape

from plaincrm.core.schema.kinds import Field, refusal
from plaincrm.interchange.cells import restore
from plaincrm.interchange.csv import foreign_dates, foreign_numbers
from plaincrm.interchange.csv.column import CsvColumn, Locale

TRUE = frozenset(
    [
        "1",
        "true",
        "yes",
        "y",
        "x",
        "on",
        "ja",
        "wahr",
        "oui",
        "vrai",
        "si",
        "sí",
        "verdadero",
        "✓",
        "✔",
    ]
)
FALSE = frozenset(["0", "false", "no", "n", "off", "nein", "falsch", "non", "faux", "falso"])
_NOTHING = frozenset(
    {"-", "--", "—", "n/a", "na", "#n/a", "#ref!", "#value!", "null", "none", "(none)", "k.a.", "?"}
)
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]\\]+@[^\s<>,;:\"()\[\]\\]+")
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"')
_APOSTROPHE = re.compile(r"'[+\d][\d ()./-]*$")
_MARKUP = re.compile(r"[<>]|&(?:lt|gt|#60|#62|#x3c|#x3e);", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|quot|apos|nbsp|#\d{2,6}|#x[0-9a-fA-F]{2,6}|[aouAOU]uml|szlig);")
_BRACKETED = re.compile(
    r"[^<>()\[\]]*[<(\[](?:mailto:)?(?P<address>[^\s<>()\[\]]+@[^\s<>()\[\]]+)[>)\]]|"
    r"(?P<bare>[^\s<>()\[\]]+@[^\s<>()\[\]]+)\s*[(\[][^()\[\]]*[)\]]"
)
_FLOAT = re.compile(r"(\d{4,})\.0")
"""What a spreadsheet makes of a number that is none: of a phone, of a postal code."""
_ROUNDED = re.compile(r"\d[.,]\d+[eE]\+?\d+")
"""What a spreadsheet made of a long number: `4,91717E+11`. It is none, its last digits are lost."""
_SPLIT = re.compile(r" ::: |\s*[;\n\r]+\s*|\s+[|]\s+")
_COMMA = re.compile(r"\s*,\s*")
_SLASH = re.compile(r"\s*/\s*|\s+(?:or|oder|ou|o)\s+")
_PHONE_WORDS = re.compile(
    r"^[^\d+(]{0,20}[:.]\s*|^(?:tel|phone|mobile|fax)\s+|\s*\([^\d)]+\)\s*$", re.IGNORECASE
)


def unwrapped(cell: str) -> str:
    """The words of a cell without what programs wrap them in: `="04109"` of Excel, `&amp;` of web
    pages, the apostrophe before a formula."""
    text = restore(cell)
    if found := _AS_TEXT.fullmatch(text.strip()):
        text = found[1].replace('""', '"')
    elif _APOSTROPHE.match(text):
        text = text[1:]
    if _ENTITY.search(text) and not _MARKUP.search(text):
        return unescape(text)
    return text


def split(text: str, field: Field) -> list[str]:
    """The single values of a cell: ` ::: `, `;` and lines part any list, commas all but links."""
    if not field.many:
        return [text]
    parts = [part for part in _SPLIT.split(text) if part.strip()]
    kind, splitter = field.value_type, _Splitter()
    return [piece for part in parts for piece in kind.cell_parts(part, splitter)]


def addresses(text: str) -> list[str]:
    """`one@t.example / two@t.example` and `one@t.example, two@t.example` are two."""
    pieces = [piece for piece in re.split(r"\s*[,/]\s*|\s+(?:or|oder|ou|o)\s+", text) if piece]
    if len(pieces) > 1 and all("@" in piece for piece in pieces):
        return pieces
    return [text] if text.strip() else []


def _numbers(text: str) -> list[str]:
    """`030 / 12345` is one number, `030 1234567 / 0171 7654321` are two."""
    pieces = _SLASH.split(text)
    if len(pieces) > 1 and all(sum(c.isdigit() for c in piece) >= 7 for piece in pieces):
        return pieces
    return [text]


def convert(text: str, field: Field, column: CsvColumn, locale: Locale) -> str:
    """The field's raw text; empty where the cell says nothing. Raises ValueError with a
    sentence.
    """
    text = trimmed(text)
    if not text or (not field.value_type.free and text.casefold() in _NOTHING):
        return ""
    kind = field.value_type
    raw = kind.from_cell(text, _Reader(column, locale, kind.monetary))
    raw = _whole(raw) if field.name == "zip" else raw
    if raw and not field.by and (why := refusal(field, raw)):
        raise ValueError(why)
    return raw


def trimmed(text: str) -> str:
    """Without white space, ideographic and invisible too, at both ends; line ends as `\\n`."""
    return (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .strip()
        .strip("\ufeff\u200b\u200e\u200f")
        .strip()
    )


class _Reader:
    """How the cells of one column are to be understood: the whole column is asked for the order of
    its dates and the marks of its numbers.
    """

    def __init__(self, column: CsvColumn, locale: Locale, is_money: bool) -> None:
        self._column = column
        self._locale = locale
        self._mark = column.marks.decide(locale.decimal_mark, is_money)
        self._day_first = column.days.decide(locale.day_first)

    def address(self, text: str) -> str:
        return _email(text)

    def phone(self, text: str) -> str:
        return _whole(_PHONE_WORDS.sub("", text).strip())

    def flag(self, text: str) -> str:
        return _bool(text)

    def date(self, text: str) -> str:
        return foreign_dates.to_date(text, self._day_first, self._column.serials)

    def datetime(self, text: str) -> str:
        return foreign_dates.to_datetime(text, self._day_first, self._column.serials)

    def monthday(self, text: str) -> str:
        return foreign_dates.to_monthday(text, self._day_first, self._column.serials)

    def number(self, text: str) -> str:
        return foreign_numbers.to_number(text, self._mark)

    def percent(self, text: str) -> str:
        return foreign_numbers.to_percent(text, self._mark, self._column.of_one)

    def money(self, text: str) -> str:
        return foreign_numbers.to_money(text, self._mark, self._locale.currency)


class _Splitter:
    """How the values of one cell are parted."""

    def addresses(self, text: str) -> list[str]:
        return addresses(text)

    def phones(self, text: str) -> list[str]:
        if _ROUNDED.fullmatch(text.strip()):
            return [text.strip()]
        return [number for piece in self.by_commas(text) for number in _numbers(piece)]

    def by_commas(self, text: str) -> list[str]:
        return [piece for piece in _COMMA.split(text) if piece.strip()]


def _whole(text: str) -> str:
    found = _FLOAT.fullmatch(text)
    return found[1] if found else text


def _bool(text: str) -> str:
    word = text.casefold()
    if word in TRUE or word in FALSE:
        return "true" if word in TRUE else "false"
    raise ValueError(f'"{text}" is neither true nor false')


def _email(text: str) -> str:
    """The bare address of `Ada <ada@x.org>`, `mailto:ada@x.org`. Of `jo smith@x.org` none: half of
    what somebody typed is no address."""
    bare = re.sub("^mailto:", "", text, flags=re.IGNORECASE)
    if found := _BRACKETED.fullmatch(bare):
        bare = found["address"] or found["bare"]
    return bare.strip(" ;,<>'\"") if _ADDRESS.search(bare) else text

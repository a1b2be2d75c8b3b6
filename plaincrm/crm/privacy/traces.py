"""By what a person is known in the rest of the book: whole name, addresses, numbers, ids; found and
blanked in text.

A name or an id of one word alone would find other people too: it counts only where a log entry is
`with` it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.values.raw import Raw
from plaincrm.crm.similarity import digits

BLANK = "[forgotten]"
_NUMBER = re.compile(r"\+?\d[\d ()/.-]{5,}\d")
_WITH = re.compile(
    r"(?m)^([ \t]*[-*+][ \t]+\d{4}-\d\d-\d\d[^:\n]*(?::\d\d[^:\n]*)*?[ \t]with[ \t]+)([^:\n]+)(?=:)"
)


class Traces:
    """What to look for of one record."""

    def __init__(self, record: Record) -> None:
        self.ids = frozenset(map(fold, (record.id, *record.aliases())))
        numbers = (
            [digits(item.text) for item in record.items("phone")]
            if "phone" in record.kind.fields
            else []
        )
        self.numbers = frozenset(number for number in numbers if len(number) > 6)
        names = [" ".join(record.title.split()), *self.ids]
        words = [
            re.escape(name).replace(r"\ ", r"\s+") for name in names if re.search(r"[\s-]", name)
        ]
        words += (
            [re.escape(item.text) for item in record.items("email")]
            if "email" in record.kind.fields
            else []
        )
        one = "|".join(sorted(words, key=len, reverse=True))
        parts = [
            re.escape(part)
            for part in record.title.split()
            if len(part) > 2 and record.kind.name == "contact"
        ]
        self.parts = re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)") if parts else None
        self.words = (
            re.compile(rf"(?<![\w@.+-])(?:{one})(?![\w@-])", re.IGNORECASE) if one else None
        )

    def blanked(self, text: str) -> str:
        """The text with every trace replaced."""
        text = _WITH.sub(lambda found: found[1] + self._people(found[2]), text)
        text = self.words.sub(BLANK, text) if self.words else text
        return _NUMBER.sub(self._number, text) if self.numbers else text

    def cleared(self, raw: Raw) -> Raw:
        """The same of a field's value."""
        if isinstance(raw, str):
            return self.blanked(raw)
        if isinstance(raw, list):
            return [self.cleared(each) for each in raw]
        return {key: self.cleared(each) for key, each in raw.items()}

    def lines(self, text: str) -> Iterator[tuple[int, str]]:
        """(number from 1, line) of the lines with a trace."""
        if self.blanked(text) != text:
            for number, line in enumerate(text.splitlines(), 1):
                if self.blanked(line) != line:
                    yield number, line.strip()

    def hints(self, text: str) -> Iterator[tuple[int, str]]:
        """(number from 1, line) of the lines with a part of the name, which may mean them or
        somebody else.
        """
        if self.parts is not None and self.parts.search(text):
            lines = enumerate(text.splitlines(), 1)
            yield from ((number, line.strip()) for number, line in lines if self.parts.search(line))

    def _people(self, names: str) -> str:
        parts = re.split(r"(\s*,\s*)", names.rstrip())
        tail = names[len(names.rstrip()) :]
        return "".join(BLANK if fold(part.strip()) in self.ids else part for part in parts) + tail

    def _number(self, found: re.Match[str]) -> str:
        return BLANK if digits(found[0]) in self.numbers else found[0]

"""Words about people who were forgotten, which somebody wrote again without knowing.

The book keeps hashes of their addresses and ids only, so what can be found is an address, and a
name of two or three words that gives such an id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from plaincrm.core.records import erasure
from plaincrm.core.records.record import Record
from plaincrm.core.text.text_file import LINE_END
from plaincrm.core.value_class import value
from plaincrm.core.values.ids import slug
from plaincrm.crm.book_data import BookData
from plaincrm.marketing.consent import suppression_hash

_ADDRESS = re.compile(r"[^\s<>\"'(),;:|\[\]]{1,64}@[\w.-]{1,250}\w")
_NAME = re.compile(r"[^\W\d_][\w'’-]*")
_PERSON = "contact"


@value
class ForgottenMention:
    """A line of a record's file, and the words that name somebody forgotten."""

    path: str
    line: int
    words: str


@value
class ForgottenMentions:
    """The hashes of `.plaincrm/erased`, and the folder of the people's records."""

    hashes: frozenset[str]
    folder: str

    @classmethod
    def of(cls, book: BookData) -> ForgottenMentions:
        data = book.source.file(erasure.PATH) or b""
        folder = book.schema.kinds[_PERSON].folder.partition("/")[0]
        return cls(frozenset(data.decode("ascii", "replace").split()), folder)

    def of_all(self, records: Iterable[Record]) -> list[ForgottenMention]:
        """Those in the files of these records."""
        if not self.hashes:
            return []
        return [
            ForgottenMention(record.path, number, words)
            for record in records
            for number, words in self.lines(record.load())
        ]

    def lines(self, text: str) -> Iterator[tuple[int, str]]:
        """(number from 1, words) of each line that names one."""
        for number, line in enumerate(LINE_END.split(text), 1):
            if words := self._named(line):
                yield number, words

    def _named(self, line: str) -> str:
        """The first words of a line that name somebody; empty where none do."""
        for found in _ADDRESS.finditer(line) if "@" in line else ():
            if suppression_hash(found[0]) in self.hashes:
                return found[0]
        return next(filter(self._is_name, _names(line)), "")

    def _is_name(self, words: str) -> bool:
        return erasure.place_hash(self.folder, slug(words)) in self.hashes


def _names(line: str) -> Iterator[str]:
    """Two or three words in a row of which the first and the last have a capital letter: names; and
    ids, such as `with ada-lovelace`.
    """
    words = [found[0] for found in _NAME.finditer(line)]
    yield from (word for word in words if "-" in word)
    for length in (2, 3):
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            if run[0][0].isupper() and run[-1][0].isupper():
                yield " ".join(run)

"""Bare words: a plain search in the text of a record, without case or accents (`muller` finds Müller)."""

from __future__ import annotations

import codecs
import unicodedata
from functools import lru_cache

from plaincrm.core.query.names import PSEUDO, Keep
from plaincrm.core.record import Record


def bare(text: str) -> str:
    """The form in which texts are searched: compatibility letters and accents undone, case folded."""
    if text.isascii():
        return text.lower()
    return text.encode("ascii", _UNDONE).lower().decode("utf-8", "surrogatepass")


def _undo(error: UnicodeError) -> tuple[bytes, int]:
    """What stands for letters that are not ASCII. A run of them by itself gives what the whole text would."""
    assert isinstance(error, UnicodeEncodeError)
    return _undone(error.object[error.start : error.end]), error.end


@lru_cache(maxsize=4096)
def _undone(run: str) -> bytes:
    apart = unicodedata.normalize("NFKD", run)
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    return plain.casefold().encode("utf-8", "surrogatepass")


# A handler of errors, since an encoder finds what is not ASCII ten times faster than a regular expression.
_UNDONE = "plaincrm.bare"
codecs.register_error(_UNDONE, _undo)


def contains(text: str) -> Keep:
    """Whether the name or title, the body, a task or the log has `text`. The body is read last."""
    wanted = bare(text)

    def test(record: Record) -> bool:
        if wanted in bare(record.title):
            return True
        return record.kind.name not in PSEUDO and wanted in bare(record.body)

    return test

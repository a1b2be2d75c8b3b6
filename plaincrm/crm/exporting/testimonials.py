"""What customers said, as a piece of HTML for a web page: only what they allowed to be shown.

`permission: named` shows the words with the name, `anonymous` without it; all others are left out.
Words that name an anonymous person or company are left out too, for the name stands in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.timeline.prose import prose
from plaincrm.interchange.markdown import to_html

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData


def to_page(book: BookData, records: Sequence[Record]) -> bytes:
    """A `<figure>` each, in order; UTF-8."""
    pieces = (_figure(book, record) for record in records if record.kind.name == "testimonial")
    return "".join(filter(None, pieces)).encode("utf-8", "replace")


def _figure(book: BookData, testimonial: Record) -> str:
    permission = testimonial.text("permission").casefold()
    words = prose(testimonial.load()).strip() or testimonial.title
    people = [*_linked(book, testimonial, "contact"), *_linked(book, testimonial, "company")]
    names = [person.title for person in people]
    if permission == "named":
        caption = f"<figcaption>{escape(', '.join(names))}</figcaption>\n" if names else ""
    elif permission == "anonymous" and not _named(words, names):
        caption = ""
    else:
        return ""
    quote = to_html(words).strip()
    return f"<figure>\n<blockquote>{quote}</blockquote>\n{caption}</figure>\n"


def _linked(book: BookData, record: Record, name: str) -> list[Record]:
    return book.store.follow(record, name)


def _named(text: str, names: Iterable[str]) -> bool:
    """Whether a name, or a longer word of it, stands in the text."""
    said = fold(text)
    words = (fold(word) for name in names for word in (name, *name.split()) if len(word) > 3)
    return any(word in said for word in words)

"""`check --style`: what every command understands, but is not written in the one form of its
field.
"""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.core.schema.kinds import refusal
from plaincrm.core.values.raw import items
from plaincrm.crm.book import Book
from plaincrm.crm.checking.style import Style
from plaincrm.errors import Problem


def problems(book: Book) -> Iterator[Problem]:
    """A warning for each value that is not in its field's form; one that its type refuses has its
    error already.
    """
    style = Style(book)
    for record in book.store.all():
        for field in record.kind.fields.values():
            beside = record.text(field.by) if field.by else ""
            for n, item in enumerate(items(record.raw(field.name))):
                wanted, why = style.form(record, field, item.text)
                if wanted != item.text and not refusal(field, item.text, beside):
                    line, column = record.places.value(field.name, n)
                    hint = f"plaincrm check --style --fix writes {wanted}" if wanted else ""
                    yield Problem(
                        record.path,
                        line,
                        column,
                        "style",
                        f"{field.name}: {why}",
                        hint,
                        "warning",
                        fixable=bool(wanted),
                    )

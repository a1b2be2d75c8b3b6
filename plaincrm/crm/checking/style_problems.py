"""`check --style`: what every command understands, but is not written in the one form of its
field.
"""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import refusal
from plaincrm.core.text.text_file import BOM
from plaincrm.core.values.raw import items
from plaincrm.core.yaml import guessed_values
from plaincrm.crm.book_data import BookData
from plaincrm.crm.checking.style import Style
from plaincrm.errors import Problem


def problems(book: BookData) -> Iterator[Problem]:
    """A warning for each value that is not in its field's form; one that its type refuses has its
    error already.
    """
    style = Style(book)
    for record in book.store.all():
        yield from _other_readers(record)
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


def _other_readers(record: Record) -> Iterator[Problem]:
    """What plaincrm reads right, and a program that writes the file anew would spoil."""
    text = record.load()
    if text.startswith(BOM):
        message = "a byte order mark: formatters and note programs do not see the front matter"
        hint = "plaincrm check --style --fix takes it out"
        yield Problem(record.path, 1, 1, "style-bom", message, hint, "warning", fixable=True)
    for node in guessed_values.guessed(text):
        message = f"{node.text} is text here, and a number or a word of YAML to other programs"
        hint = "plaincrm check --style --fix puts it between quotes"
        yield Problem(
            record.path, node.line, node.column, "style-guess", message, hint, "warning", True
        )

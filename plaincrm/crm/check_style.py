"""`check --style`: what every command understands, but is not written in the one form of its field."""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.core.field_places import FieldPlaces
from plaincrm.core.record import Record, items
from plaincrm.core.schema import Field
from plaincrm.crm.book import Book
from plaincrm.errors import Problem


def problems(book: Book) -> Iterator[Problem]:
    """A warning for each value that is not in its field's form."""
    for record in book.store.all():
        for field in record.kind.fields.values():
            for n, item in enumerate(items(record.fields.get(field.name))):
                wanted, why = _form(record, field, item.text)
                if wanted != item.text:
                    line, column = FieldPlaces(record.load()).value(field.name, n)
                    hint = f"plaincrm check --style --fix writes {wanted}" if wanted else ""
                    yield Problem(record.path, line, column, "style", f"{field.name}: {why}", hint, "warning",
                                  fixable=bool(wanted))  # fmt: skip


def _form(record: Record, field: Field, text: str) -> tuple[str, str]:
    """(the form wanted, what is wrong with `text`); the form is empty where only a person can know it."""
    if field.type == "enum":
        allowed = field.cases.get(record.text(field.by), ()) if field.by else field.values
        wanted = next((value for value in allowed if value.casefold() == text.casefold()), text)
        return wanted, f'"{text}" is written {wanted}'
    if field.type == "email":
        local, at, domain = text.rpartition("@")
        return f"{local}{at}{domain.lower()}", "the domain has capitals"
    if field.type == "phone" and not text.strip().startswith("+"):
        return "", f'"{text}" has no country code'
    if field.name == "country" and not (len(text) == 2 and text.isalpha() and text.isupper()):
        return "", f'"{text}" is not a two-letter code, such as NO'
    if field.name == "language" and text != text.lower():
        return text.lower(), f'"{text}" has capitals'
    if field.type == "text" and " ".join(text.split()) != text and "\n" not in text:
        return " ".join(text.split()), "it has blanks at an end, or two in a row"
    return text, ""


def form(record: Record, field: Field, text: str) -> str:
    """`text` in the form of its field; as it is where only a person can know the form."""
    return _form(record, field, text)[0] or text

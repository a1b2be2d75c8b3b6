"""Names in a template that no record can have: a slip of the pen, told once and with its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from plaincrm.core.schema.kinds import Kind
from plaincrm.errors import PlaincrmError, Problem, did_you_mean
from plaincrm.marketing.templates.file import Template

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

_KINDS = ("contact", "company", "deal", "ticket")
_FIXED = {
    "me": ("name", "email", "signature", "unsubscribe"),
    "invoice": ("number", "amount", "due"),
}
_OWN = ("id",)  # what every record has beside its fields
_FURTHER = {"contact": ("first_name",)}


def problems(book: BookData, form: Template, text: str) -> Iterator[Problem]:
    """A problem for each name that the form needs and that is no field; `text` is the file."""
    from plaincrm.marketing.templates.sandbox import variables

    try:
        found = variables(form)
    except PlaincrmError:
        return
    for name in found.needed:
        near = unknown(book, name)
        if near is not None:
            said = f"there is no {name}"
            yield Problem(form.path, _line(text, name), 1, "template-field", said, near)


def unknown(book: BookData, name: str) -> str | None:
    """For a name such as `contact.frist_name` what may have been meant (may be empty); None for one
    that records can have.
    """
    root, _, rest = name.partition(".")
    if not rest:
        return None
    if root in _FIXED:
        first = rest.partition(".")[0]
        return None if first in _FIXED[root] else did_you_mean(first, _FIXED[root])
    kind = book.schema.kinds.get(root) if root in _KINDS else None
    return _in_kind(book, kind, rest) if kind else None


def _in_kind(book: BookData, kind: Kind, path: str) -> str | None:
    """The same below a record of the kind; a link leads on to the kind that it links to."""
    first, _, rest = path.partition(".")
    field = kind.fields.get(first)
    if field is None:
        further = (*_OWN, *_FURTHER.get(kind.name, ()))
        if first in further or first in book.store.collection(kind.name).names():
            return None
        return did_you_mean(first, (*kind.fields, *further))
    linked = book.schema.kinds.get(field.to) if field.value_type.links else None
    return _in_kind(book, linked, rest) if linked and rest else None


def _line(text: str, name: str) -> int:
    return next((n for n, line in enumerate(text.splitlines(), 1) if name in line), 1)

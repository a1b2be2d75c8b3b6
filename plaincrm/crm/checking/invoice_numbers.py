"""Numbers of invoices that stand twice: two bills of one number are one too few in every list."""

from __future__ import annotations

from collections.abc import Iterator

from plaincrm.crm.book_data import BookData
from plaincrm.errors import Problem


def problems(book: BookData) -> Iterator[Problem]:
    """A problem for each invoice whose number stands on an earlier line already."""
    first: dict[str, str] = {}
    for kind in book.schema.kinds.values():
        for record in book.store.records(kind.name):
            for task in record.tasks:
                number = task.invoice.number if task.invoice else ""
                if not any(char.isdigit() for char in number):
                    continue
                place = f"{record.path}:{task.line}"
                other = first.setdefault(number, place)
                if other != place:
                    said = f"the number {number} stands on {other} too"
                    hint = "give one of the two invoices another number"
                    yield Problem(record.path, task.line, 1, "invoice-twin", said, hint)

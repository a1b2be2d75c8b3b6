"""Exports for other programs: address books, calendars, mail programs, databases, accounting, other
CRMs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from plaincrm.core.records.record import Record
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.interchange.crm_shapes import Shape
    from plaincrm.interchange.ledger import Dialect

Form = Callable[["Book", Sequence[Record]], bytes]


def vcf(book: Book, records: Sequence[Record], *, log: bool = False) -> bytes:
    """Cards of contacts or companies; with `log` also their logs and tasks."""
    from plaincrm.interchange.vcard.write import write

    def name_of(kind: str, id: str) -> str:
        target = book.store.get(kind, id)
        return target.title if target else ""

    return _text("".join(write(records, book.schema, name_of, log=log)))


def _ics(book: Book, records: Sequence[Record]) -> bytes:
    from plaincrm.crm.exporting.calendars import entries
    from plaincrm.interchange.calendar.write import calendar

    return calendar((each.entry for each in entries(book, records)), book.now)


def _mbox(book: Book, records: Sequence[Record]) -> bytes:
    from plaincrm.interchange.mail.mbox import to_mbox
    from plaincrm.interchange.mail.outbound import mails

    return to_mbox(mails(records, book.context))


def _testimonials(book: Book, records: Sequence[Record]) -> bytes:
    from plaincrm.crm.exporting.testimonials import to_page

    return to_page(book, records)


def _sqlite(book: Book, _: Sequence[Record]) -> bytes:
    from plaincrm.crm.database import opened

    with opened(book) as connection:
        return connection.serialize()


def _journal(dialect: str) -> Form:
    def write(book: Book, records: Sequence[Record]) -> bytes:
        from plaincrm.crm.exporting.accounting import to_journal

        return _text("".join(to_journal(book, records, cast("Dialect", dialect))))

    return write


def _shaped(shape: str) -> Form:
    def write(book: Book, records: Sequence[Record]) -> bytes:
        from plaincrm.interchange.crm_shapes import SHAPES
        from plaincrm.interchange.other_crms import write as lines

        kinds = {record.kind.name for record in records}
        known = SHAPES[cast("Shape", shape)]
        if len(kinds) > 1 or not kinds <= known.keys():
            plurals = ", ".join(book.schema.kinds[name].plural for name in known)
            raise UsageError(f"{shape} takes one kind a file", f"name it: {plurals}")
        return _text(
            "".join(
                lines(cast("Shape", shape), next(iter(kinds), "contact"), records, book.context)
            )
        )

    return write


def _listed(form: str) -> Form:
    def write(_: Book, records: Sequence[Record]) -> bytes:
        from plaincrm.crm.exporting.lists import written

        return written(form, records)

    return write


FORMS: Mapping[str, Form] = {
    "vcf": vcf,
    "ics": _ics,
    "mbox": _mbox,
    "sqlite": _sqlite,
    "testimonials": _testimonials,
    "ledger": _journal("ledger"),
    "hledger": _journal("hledger"),
    "beancount": _journal("beancount"),
    "todotxt": _listed("todotxt"),
    "taskwarrior": _listed("taskwarrior"),
    "remind": _listed("remind"),
    "mutt": _listed("mutt"),
    "hubspot": _shaped("hubspot"),
    "pipedrive": _shaped("pipedrive"),
    "salesforce": _shaped("salesforce"),
    "zoho": _shaped("zoho"),
}
KINDS: Mapping[str, str] = {"vcf": "contact", "testimonials": "testimonial"}
"""The kind that a form is about where none is named."""


def _text(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")

"""What an e-mail template may say about one person: plain data, made anew for each message.

`greeting`, `me`, `today`, `contact` (with `first_name`), and where there are any `company`, `deal`,
`ticket` and `invoice`, the first unpaid one. Missing fields are missing, so that a template can
test and `check` can tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Field
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.values.money import Money
from plaincrm.core.values.raw import items
from plaincrm.core.values.types import read
from plaincrm.marketing.templates.salutation import salutation
from plaincrm.marketing.templates.wording import first_name

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

Plain = Any


class ReadNames:
    """What a template reads, of dotted names; with None for them it may read anything.

    Of thousands of people only what somebody reads is looked up.
    """

    def __init__(self, names: Collection[str] | None = None) -> None:
        self._all = names is None
        self._whole = frozenset(name for name in names or () if "." not in name)
        below = defaultdict[str, set[str]](set)
        for name in names or ():
            root, dot, rest = name.partition(".")
            below[root].update([rest.partition(".")[0]] if dot else ())
        self._below = {root: frozenset(each) for root, each in below.items()}

    def of(self, root: str) -> frozenset[str] | None:
        """What is read of the map `root`: the names in it, None for all of them."""
        if self._all or root in self._whole:
            return None
        return self._below.get(root, frozenset())

    def __contains__(self, root: str) -> bool:
        return self._all or root in self._below


def context(
    book: BookData,
    contact: Record,
    about: Record | None,
    language: str,
    reads: ReadNames | None = None,
) -> Mapping[str, Plain]:
    """The data for a message to `contact` about a deal or ticket, or about nothing in
    particular: all of it, or what a template `reads`.
    """
    reads = reads or ReadNames()
    name = contact.text("name")
    found: dict[str, Plain] = {"today": book.now.date()}
    if "greeting" in reads:
        found["greeting"] = contact.text("greeting") or salutation(name, language)
    if "me" in reads:
        found["me"] = _me(book)
    if "contact" in reads:
        fields = data(book, contact, reads.of("contact"))
        found["contact"] = fields | {"first_name": first_name(name)}
    return found | _matters(book, contact, about, reads)


def _matters(
    book: BookData, contact: Record, about: Record | None, reads: ReadNames
) -> dict[str, Plain]:
    """What else a message may speak of: the deal, the company, the ticket, the invoice."""
    found: dict[str, Plain] = {}
    deal = about if about and about.kind.name == "deal" else _linked(book, about, "deal")
    ticket = about if about and about.kind.name == "ticket" else None
    company = None
    if "company" in reads:
        company = _linked(book, about, "company") or _linked(book, contact, "company")
    for key, record in (("deal", deal), ("company", company), ("ticket", ticket)):
        if record and key in reads:
            found[key] = data(book, record, reads.of(key))
    bill = unpaid(book, contact, deal) if "invoice" in reads else None
    return found | ({"invoice": bill} if bill else {})


def data(
    book: BookData, record: Record, only: Collection[str] | None = None, *, deep: bool = True
) -> dict[str, Plain]:
    """The fields of a record as typed plain data, or some of them; its links as the data of the
    records they lead to.
    """
    known = record.kind.fields
    found: dict[str, Plain] = {
        name: raw
        for name, raw in record.fields.items()
        if name not in known and (only is None or name in only)
    }
    there = record.fields.keys() | {field.name for field in record.kind.defaulted}
    for name in known if only is None else only:
        field = known.get(name)
        if field is None or name not in there:
            continue
        value = (
            _links(book, record, name, deep=deep)
            if field.value_type.links
            else _value(book, record, field)
        )
        if value not in (None, "", []):
            found[name] = value
    return found | {"id": record.id}


def unpaid(book: BookData, contact: Record, deal: Record | None) -> dict[str, Plain] | None:
    """The unpaid invoice that is due first: of the deal, or of the contact and its deals."""
    open_ = [
        task
        for record in _payers(book, contact, deal)
        for task in record.tasks
        if task.invoice and not task.done
    ]
    first = min(open_, key=lambda task: task.due or date.max, default=None)
    return _invoice(first, book.settings.currency) if first else None


def _payers(book: BookData, contact: Record, deal: Record | None) -> Iterator[Record]:
    if deal:
        yield deal
        return
    yield contact
    yield from (source for source, _ in book.store.links_to(contact) if source.kind.name == "deal")


def _invoice(task: Task, currency: str) -> dict[str, Plain]:
    bill = task.invoice
    assert bill is not None
    return {
        "number": bill.number,
        "amount": _typed(Field("amount", "money"), bill.money, currency),
        "due": task.due,
        "text": task.text.partition(bill.money)[2].strip(" ,;:"),
    }


def _me(book: BookData) -> dict[str, Plain]:
    me, mail = book.settings.me, book.settings.mail
    return {
        "name": me.name,
        "email": me.email[0] if me.email else "",
        "signature": mail.signature.rstrip() or me.name,
        "unsubscribe": mail.unsubscribe or (me.email[0] if me.email else ""),
    }


def _linked(book: BookData, record: Record | None, name: str) -> Record | None:
    return next(iter(book.store.follow(record, name)), None) if record else None


def _links(book: BookData, record: Record, name: str, *, deep: bool) -> Plain:
    """One record's data, or a list of them; one level down, where links would go round, their
    names.
    """
    targets = book.store.follow(record, name)
    found = [data(book, target, deep=False) if deep else target.title for target in targets]
    return found[0] if len(found) == 1 else found


def _value(book: BookData, record: Record, field: Field) -> Plain:
    raw = record.fields.get(field.name)
    if field.value_type.keeps_label and isinstance(raw, dict):
        return raw
    texts = [item.text for item in items(raw)] or [record.default(field.name)]
    values = [_typed(field, text, book.settings.currency) for text in texts if text]
    return values if field.many else next(iter(values), None)


def _typed(field: Field, text: str, currency: str) -> Plain:
    """Text as it stands where its type refuses it, or has no plain form."""
    try:
        value = read(field.type, text, currency)
    except ValueError:
        return text
    if isinstance(value, Money):
        return {"amount": value.amount, "currency": value.currency, "per": value.per}
    return value if isinstance(value, bool | Decimal | date) else text

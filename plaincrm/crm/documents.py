"""Documents: a quote, an invoice, a contract, one record through a template.

Templates are those of `templates/documents/` of the book, over those shipped; `quote.de.md` is the
German form. Beside what an e-mail template knows, a document knows `customer` (name, address),
`items` (quantity, name, price, total) and `totals` (net, taxes by rate, gross). The tax rate is
`tax:` of the item's product, else of the template. Amounts are net.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from plaincrm.book.atomic import read
from plaincrm.book.shipped import shipped
from plaincrm.core.records.record import Record
from plaincrm.core.records.reminder import shell_ref
from plaincrm.core.text.text_file import decode
from plaincrm.core.value_class import value
from plaincrm.core.values import sold_item
from plaincrm.core.values.money import Money
from plaincrm.core.values.sold_item import SoldItem
from plaincrm.core.values.types import read as read_value
from plaincrm.core.yaml import front_matter
from plaincrm.crm.mailing.context import context, data
from plaincrm.errors import NotFound, Refused, did_you_mean
from plaincrm.marketing.templates.file import Template, choose, parse, split_stem
from plaincrm.marketing.templates.rendered import MissingVariables
from plaincrm.sales.items import items_of, product_of

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData

FOLDER = "templates/documents"
_CITY_FIRST = ("US", "CA", "GB", "AU", "IE", "NZ", "IN")  # the zip stands behind the city there
_CENT = Decimal("0.01")
_SERVICES = {"en": "Services", "de": "Leistungen"}
Plain = dict[str, Any]


@value
class RenderedDocument:
    """`text` as it reads, `markdown` with the records' own marks escaped, for a page."""

    title: str
    text: str
    markdown: str
    language: str


def sources(book: BookData) -> Mapping[str, tuple[str, str]]:
    """Path and text of every template by its stem; the book's own stand over those shipped."""
    found = {}
    for file in shipped(FOLDER).glob("*.md"):
        found[file.stem] = f"{FOLDER}/{file.name}", decode(read(file), file.name)[0]
    for stem in book.source.names(FOLDER, ".md"):
        path = f"{FOLDER}/{stem}.md"
        found[stem] = path, decode(book.source.file(path) or b"", path)[0]
    return found


def names(book: BookData) -> list[str]:
    """The names of the templates."""
    return sorted({split_stem(stem)[0] for stem in sources(book)})


def render(book: BookData, name: str, record: Record) -> RenderedDocument:
    """The record through the template. Raises NotFound for a template that there is not, Refused
    where the record lacks what the template needs.
    """
    from plaincrm.marketing.templates.sandbox import Renderer

    contact = _contact(book, record)
    language = (contact or record).text("language") or book.settings.language
    template, text = _template(book, name, language)
    tax = _tax(front_matter.parse(text).fields.get("tax"))
    found = _context(book, record, contact, template.language or language, tax)
    forms = {stem: source for stem, (_, source) in sources(book).items()}
    tongue = template.language or language
    try:
        rendered = Renderer(forms).render(template, found, language=tongue)
    except MissingVariables as error:
        if "invoice" in error.names or any(each.startswith("invoice.") for each in error.names):
            asks = f"plaincrm invoice {shell_ref(record)} AMOUNT makes one"
            raise Refused(f"{record.ref} has no open invoice", asks) from error
        raise
    return RenderedDocument(rendered.subject or name, rendered.text, rendered.markdown, tongue)


def _template(book: BookData, name: str, language: str) -> tuple[Template, str]:
    forms, texts = {}, {}
    for stem, (path, text) in sources(book).items():
        base, tongue = split_stem(stem)
        if base == name:
            forms[tongue] = parse(stem, text, path)
            texts[path] = text
    if not forms:
        near = did_you_mean(name, names(book)) or f"there are {', '.join(names(book))}"
        raise NotFound(f'there is no document "{name}"', near)
    chosen = choose(forms, language, book.settings.language)
    return chosen, texts[chosen.path]


def _contact(book: BookData, record: Record) -> Record | None:
    if record.kind.name == "contact":
        return record
    found = book.context.store.follow(record, "contact")
    return found[0] if found else None


def _context(
    book: BookData, record: Record, contact: Record | None, language: str, tax: Decimal
) -> Plain:
    about = None if record is contact else record
    if contact is not None:
        found = dict(context(book, contact, about, language))
    else:
        me, mail = book.settings.me, book.settings.mail
        signature = mail.signature.rstrip() or me.name
        found = {"me": {"name": me.name, "signature": signature}, "today": book.now.date()}
    found.setdefault(record.kind.name, data(book, record))
    found["customer"] = _customer(book, record, contact)
    lines = _lines(book, record, found.get("invoice"), language)
    found["items"] = [_item(item, book) for item in lines]
    found["totals"] = _totals(lines, tax, book)
    return found


def _customer(book: BookData, record: Record, contact: Record | None) -> Plain:
    """Who gets it: the company, else the person."""
    companies = [
        company
        for each in (record, contact)
        if each is not None
        for company in book.context.store.follow(each, "company")
    ]
    who = companies[0] if companies else contact or record
    return {"name": who.title, "address": _address(who)}


def _address(who: Record) -> list[str]:
    """The lines of an address, as they stand on an envelope: zip and city are one."""
    country = who.text("country")
    place = [who.text("zip"), who.text("city")]
    if country.upper() in _CITY_FIRST:
        place.reverse()
    lines = (who.text("address"), " ".join(filter(None, place)), country)
    return [line for line in lines if line]


def _lines(book: BookData, record: Record, invoice: Plain | None, language: str) -> list[SoldItem]:
    """The items; one line for all where there are none, or where they are not what the invoice
    asks for.
    """
    items = items_of(record, book.context) if "items" in record.kind.fields else []
    wanted = _asked(invoice) if invoice else None
    if items and (wanted is None or sold_item.total(items) == wanted):
        return items
    worth = wanted or record.value("value", book.settings.currency)
    if not isinstance(worth, Money):
        raise Refused(
            f"{record.ref} has neither items nor a value", f"plaincrm set {record.ref} value=1200"
        )
    return [SoldItem(Decimal(1), _sold(record, invoice, language), worth)]


def _sold(record: Record, invoice: Plain | None, language: str) -> str:
    """What an invoice is for: the words behind its sum, else the deal, else services."""
    words = invoice.get("text") if invoice else ""
    if words or record.kind.name == "deal":
        return words or record.title
    return _SERVICES.get(language, _SERVICES["en"])


def _asked(invoice: Plain) -> Money | None:
    amount = invoice.get("amount")
    if not isinstance(amount, Mapping):
        return None
    return Money(amount["amount"], amount["currency"], amount["per"])


def _item(item: SoldItem, book: BookData) -> Plain:
    product = product_of(item, book.context)
    return {
        "quantity": item.quantity,
        "name": product.title if product else item.product,
        "price": _money(item.price),
        "total": _money(item.total),
    }


def _money(amount: Money | None) -> Plain | str:
    if amount is None:
        return ""
    return {"amount": amount.amount, "currency": amount.currency, "per": amount.per}


def _tax(raw: object) -> Decimal:
    """A tax rate in per cent. Raises Refused."""
    if raw is None or raw == "":
        return Decimal(0)
    try:
        found = read_value("percent", str(raw))
    except ValueError as error:
        raise Refused(f"tax: {error}", "write it as 19") from None
    assert isinstance(found, Decimal)
    return found


def _totals(items: Iterable[SoldItem], tax: Decimal, book: BookData) -> Plain:
    """Net, the tax of each rate, and gross; rounded to the cent, rate by rate."""
    nets: dict[Decimal, Decimal] = {}
    unit = Money(Decimal(0), book.settings.currency)
    for item in items:
        amount = item.total
        if amount is None:
            continue
        unit = Money(Decimal(0), amount.currency, amount.per)
        product = product_of(item, book.context)
        own = product.text("tax") if product else ""
        rate = _tax(own) if own else tax
        nets[rate] = nets.get(rate, Decimal(0)) + amount.amount
    taxes = {
        rate: (net * rate / 100).quantize(_CENT, ROUND_HALF_UP)
        for rate, net in nets.items()
        if rate
    }
    net = sum(nets.values(), Decimal(0))

    def of(amount: Decimal) -> Any:
        return _money(Money(amount, unit.currency, unit.per))

    return {
        "net": of(net),
        "taxes": [{"rate": rate, "amount": of(taxes[rate])} for rate in sorted(taxes)],
        "gross": of(net + sum(taxes.values(), Decimal(0))),
    }

"""Invoices: tasks that begin `invoice NUMBER MONEY`; ticked is paid. Their numbers follow the
pattern in the settings (`invoice:`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import own_day
from plaincrm.core.schema.settings import Settings, SettingsSection
from plaincrm.core.schema.settings_reader import Keys, SettingsReader
from plaincrm.core.value_class import value
from plaincrm.core.values import duration
from plaincrm.core.values.duration import DaysOff, Duration
from plaincrm.core.values.money import Money, Sums
from plaincrm.core.values.periods import PeriodUnit, period_of
from plaincrm.core.values.raw import Raw
from plaincrm.sales.orders import Bill, bills, unpack_bills

if TYPE_CHECKING:
    from plaincrm.core.records.edits import Edit

PATTERN = "{year}-{n:03}"
_PLACE = re.compile(r"\{(year|month|n)(?::0?(\d))?\}")
LEVELS = ("first", "second", "last")


@value
class InvoiceSettings:
    """`number`: the pattern of numbers. `due`: how long a customer has to pay. `reminders`: how
    long after the due day the first, the second and the last reminder go out.
    """

    number: str = PATTERN
    due: Duration = Duration(14, "d")
    reminders: tuple[Duration, ...] = (Duration(3, "d"), Duration(14, "d"), Duration(30, "d"))


def _read(reader: SettingsReader, raw: Raw | None, _: Settings) -> InvoiceSettings:
    at: Keys = ("invoice",)
    found = reader.map(raw, at)
    reader.known(at, found, ("number", "due", "reminders"))
    usual = InvoiceSettings()
    number = reader.optional((*at, "number"), found.get("number"), _pattern)
    due = reader.optional((*at, "due"), found.get("due"), duration.parse)
    return InvoiceSettings(
        number or usual.number, due or usual.due, _reminders(reader, found.get("reminders"))
    )


def _pattern(text: str) -> str:
    rest = _PLACE.sub("", text)
    names = [found[1] for found in _PLACE.finditer(text)]
    if names.count("n") != 1 or re.search(r"[{}\s]", rest):
        raise ValueError(
            f'"{text}" is no pattern of numbers; it needs one {{n}}, as in {PATTERN}, and no blanks'
        )
    return text


def _reminders(reader: SettingsReader, raw: Raw | None) -> tuple[Duration, ...]:
    at: Keys = ("invoice", "reminders")
    usual = InvoiceSettings().reminders
    if raw is None or raw == "":
        return usual
    spans = raw if isinstance(raw, list) else [raw]
    found = [reader.optional((*at, n), span, duration.parse) for n, span in enumerate(spans)]
    good = tuple(span for span in found if span)
    if len(good) != len(spans) or len(good) > len(LEVELS):
        reader.problem(at, "settings-value", "up to three spans, as [3d, 14d, 30d]")
        return usual
    return good


SECTION = SettingsSection("invoice", _read)


@value
class RecordInvoice:
    """An invoice of the book: what stands in the task, and the record that it stands on."""

    bill: Bill
    record: str

    @property
    def open(self) -> bool:
        return not self.bill.ticked

    def days_late(self, today: date) -> int | None:
        """Days past its due day; None for one that is paid, or names no day."""
        if self.bill.ticked or self.bill.asked is None:
            return None
        return (today - self.bill.asked).days


def every_invoice(context: Context) -> list[RecordInvoice]:
    """All invoices of the book, paid ones too, by number."""
    found: list[RecordInvoice] = context.shared("invoices", _every_invoice)
    return found


def _every_invoice(context: Context) -> list[RecordInvoice]:
    found = []
    for kind in context.store.schema.kinds:
        ids = context.store.collection(kind).ids()
        for id, packed in zip(ids, context.column(kind, "_invoices"), strict=True):
            for bill in unpack_bills(packed, context.settings.currency):
                found.append(RecordInvoice(bill, f"{kind}/{id}"))
    return sorted(found, key=lambda each: (_natural(each.bill.number), each.record))


def _natural(number: str) -> list[tuple[int, str]]:
    """A key by which `R-9` stands before `R-10`."""
    parts = re.split(r"(\d+)", number)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def next_number(context: Context) -> str:
    """The number after the highest one that fits the pattern; each year (or month, if the pattern
    names it) begins at 1.
    """
    form = context.settings.section(SECTION).number
    taken = _taken(form, context)
    highest = max(taken, default=0) + 1
    return _PLACE.sub(lambda place: _filled(place, context.today, highest), form)


def _filled(place: re.Match[str], day: date, number: int) -> str:
    name, width = place.groups()
    filled = {"year": day.year, "month": day.month, "n": number}[name]
    return f"{filled:0{width or (2 if name == 'month' else 1)}d}"


def _taken(form: str, context: Context) -> Iterator[int]:
    """The running numbers that are used in the period of today."""
    texts = _PLACE.split(form)
    wanted = ""
    for n in range(0, len(texts), 3):
        wanted += re.escape(texts[n])
        if n + 1 < len(texts):
            name, width = texts[n + 1 : n + 3]
            if name == "n":
                wanted += r"(\d+)"
            else:
                pad = width or (2 if name == "month" else 1)
                wanted += f"{getattr(context.today, name):0{pad}d}"
    for invoice in every_invoice(context):
        if found := re.fullmatch(wanted, invoice.bill.number):
            yield int(found[1])


def paid_edits(text: str, ordinal: int, context: Context, day: date) -> list[Edit]:
    """The edits that pay the invoice of a task: it is ticked. One that recurs leaves the paid one
    and adds the next, with the next number.
    """
    from plaincrm.core.records.edits import AddTask, TickTask
    from plaincrm.core.schema.days_off import days_off
    from plaincrm.core.timeline.recurrence import anchored, next_due
    from plaincrm.core.timeline.tasks import Task

    edits: list[Edit] = [TickTask(Task(text, ordinal=ordinal), day, once=True)]
    same = (each.bill for each in every_invoice(context) if each.bill.text == text)
    bill = next((each for each in same if each.ordinal == ordinal and each.rec), None)
    if bill is not None:
        again = text.replace(bill.number, next_number(context), 1)
        due = next_due(bill.rec, bill.asked, day, days_off(context.settings))
        edits.append(AddTask(Task(again, due=due, rec=anchored(bill.rec, bill.asked))))
    return edits


def next_bill_day(deal: Record, context: Context) -> date | None:
    """The first day of the period that the next invoice of a recurring deal is for: the one after
    its last invoice, else the one in which it begins. None for a deal that has ended by then, or
    whose invoice recurs by itself.
    """
    value = deal.value("value", context.settings.currency)
    if not isinstance(value, Money) or not value.per or not context.fact(deal, "is:won"):
        return None
    found = bills(deal, context)
    if any(bill.rec and not bill.ticked for bill in found):
        return None
    unit: PeriodUnit = value.per  # type: ignore[assignment]
    days = [day for bill in found for day in (bill.asked or bill.paid,) if day is not None]
    first = own_day(deal, "starts") or context.fact(deal, "ended")
    if not days and first is None:
        return None
    begin = period_of(unit, max(days), offset=1).first if days else period_of(unit, first).first
    ends = own_day(deal, "ends")
    return None if ends is not None and begin > ends else begin


def reminder_level(bill: Bill, today: date, settings: Settings) -> str:
    """Which reminder an open invoice is ripe for: first, second or last; empty before the day."""
    if bill.ticked or bill.asked is None:
        return ""
    waits, off = settings.section(SECTION).reminders, _days_off(settings)
    passed = [wait for wait in waits if wait.clamped(bill.asked, off=off) <= today]
    if not passed:
        return ""
    return LEVELS[-1] if len(passed) == len(waits) > 1 else LEVELS[len(passed) - 1]


def _days_off(settings: Settings) -> DaysOff:
    """The days off that the reminders pass over: those of a book that counts in business days."""
    if all(wait.unit != "bd" for wait in settings.section(SECTION).reminders):
        return ()
    from plaincrm.core.schema.days_off import days_off

    return days_off(settings)


def bills_about(record: Record, context: Context) -> Iterator[Bill]:
    """The invoices of a record: of a contact or company those on its deals too, of a company those
    of its people.
    """
    return (bill for each in owners_of(record, context) for bill in bills(each, context))


def owners_of(record: Record, context: Context) -> Iterator[Record]:
    """The record itself, and what belongs to it: deals, and of a company its people."""
    kind = record.kind.name
    yield record
    if kind in ("contact", "company"):
        yield from context.store.linked_from(record, "deal", kind)
    if kind == "company":
        yield from context.store.linked_from(record, "contact", "company")


def _money(sums: Sums) -> list[Money]:
    found = []
    for unit, amount in sums.items():
        currency, _, per = unit.partition("/")
        found.append(Money(amount, currency, per))
    return found


def _total(found: Iterable[Bill], context: Context) -> list[Money]:
    """The sum by unit, each amount in the book's currency where there is a rate for its day."""
    sums = Sums()
    for bill in found:
        sums.add(converted(bill, context))
    return _money(sums)


def converted(bill: Bill, context: Context) -> Money:
    """The sum of an invoice in the book's currency where there is a rate for its day."""
    rates = context.settings.rates
    return rates.convert(bill.money, bill.day or context.today) or bill.money


def _invoiced(record: Record, context: Context) -> list[Money]:
    return _total(bills_about(record, context), context)


def _paid(record: Record, context: Context) -> list[Money]:
    return _total((bill for bill in bills_about(record, context) if bill.ticked), context)


def _outstanding(record: Record, context: Context) -> list[Money]:
    return _total((bill for bill in bills_about(record, context) if not bill.ticked), context)


def uninvoiced_of(deal: Record, context: Context) -> Money | None:
    """What of a won deal's value no invoice asked for yet; None where there is nothing left."""
    value = deal.value("value", context.settings.currency)
    if not context.fact(deal, "is:won") or not isinstance(value, Money) or value.per:
        return None
    asked = [bill.money for bill in bills(deal, context)]
    if any(each.unit != value.unit for each in asked):
        return None
    rest = value.amount - sum((each.amount for each in asked), Decimal(0))
    return Money(rest, value.currency) if rest > 0 else None


def _uninvoiced(record: Record, context: Context) -> list[Money]:
    sums = Sums()
    for each in owners_of(record, context):
        rest = uninvoiced_of(each, context) if each.kind.name == "deal" else None
        if rest is not None:
            day = context.fact(each, "ended") or context.today
            sums.add(context.settings.rates.convert(rest, day) or rest)
    return _money(sums)


def _level(record: Record, context: Context) -> str | None:
    found = (
        reminder_level(bill, context.today, context.settings)
        for bill in bills_about(record, context)
    )
    return max(filter(None, found), key=LEVELS.index, default=None)


def _facts(kind: str) -> tuple[Fact, ...]:
    needs = Needs.DAY if kind == "deal" else Needs.STORE
    about = "its invoices" if kind == "deal" else "its invoices and its deals'"
    level = "The reminder that an unpaid invoice is ripe for: first, second, last"
    rest = "What of the value won has no invoice yet"
    return (
        Fact(kind, "invoiced", "money", needs, f"The sum of {about}", _invoiced),
        Fact(kind, "paid", "money", needs, f"The sum of {about} that are paid", _paid),
        Fact(kind, "outstanding", "money", needs, f"The sum of {about}, unpaid", _outstanding),
        Fact(kind, "uninvoiced", "money", needs, rest, _uninvoiced),
        Fact(kind, "reminder_level", "text", needs, level, _level),
    )


FACTS = (*_facts("deal"), *_facts("contact"), *_facts("company"))

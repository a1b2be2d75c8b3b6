"""A row of activities, orders, tasks or invoices as an entry of a log, or as a task."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from plaincrm.core.timeline import log
from plaincrm.core.timeline.log import Entry
from plaincrm.core.timeline.tasks import Task
from plaincrm.core.values import ids, money, sold_item
from plaincrm.core.values.money import Money
from plaincrm.core.values.raw import Raw
from plaincrm.core.values.types import read
from plaincrm.errors import Refused
from plaincrm.interchange.csv import foreign_dates
from plaincrm.interchange.csv.column_words import word_set
from plaincrm.interchange.csv.draft import first
from plaincrm.interchange.csv.entries import WORDS
from plaincrm.interchange.mail.html_text import to_text

TASKS = frozenset({"task", "invoice"})
HOURS = "time"
"""A row of hours worked: an entry of that type where the book has it, else a note."""
_ZONE = re.compile(r"(?:Z|[+-]\d\d:\d\d)$")
_MARKUP = re.compile(r"<(?:p|br|div|span|a|ul|html)\b", re.IGNORECASE)
_DONE = word_set(
    "true yes y 1 x done completed complete closed finished paid erledigt fertig abgeschlossen"
    " bezahlt"
    " ja terminé fait payé payée oui hecho completado pagado pagada sí fatto completato pagato"
    " pagata"
    " klaar voltooid gedaan betaald feito concluído pago paga sim zrobione zakończone zapłacono"
    " zapłacona opłacona tak"
)
_CALLED_OFF = word_set(
    "cancelled canceled void voided refunded returned failed declined storniert abgebrochen annulé"
    " annulée cancelado cancelada annullato annullata geannuleerd anulowane"
)
"""What an order is called that brought nothing."""
_AHEAD = frozenset(
    [
        *word_set("planned scheduled open pending todo upcoming geplant offen ausstehend planifié"),
        *word_set("planificado pianificato gepland planeado zaplanowane"),
        "not started",
        "in progress",
        "to do",
    ]
)
"""What an activity is called that is still to be done."""
_WORDS = frozenset({"type", "at", "text", "outcome", "duration"})
_GOODS = frozenset({"amount", "price", "quantity", "number"})
_ENTRY = _WORDS | {"direction", "from", "to"}
_SAID: Mapping[str, frozenset[str]] = {
    "order": _ENTRY | _GOODS | {"product", "cost", "unit_cost", "done"},
    "item": _GOODS | {"type", "at", "product", "cost", "unit_cost"},
    "task": _WORDS | {"due", "done", "priority", "rec", "snoozed"},
    "invoice": _GOODS | {"type", "at", "text", "due", "done"},
}
"""The fields that find a place, by type; of any other type those of `_ENTRY`."""
_UNDONE = word_set("false no n 0 unpaid nein offen non no nee não nie")
_ORDINARY = word_set("normal medium middle mittel none moyenne media normaal")
"""What a priority is called that a task need not name."""
_PRIORITIES = {"high": "high", "hoch": "high", "urgent": "high", "low": "low", "niedrig": "low"}


@dataclass(frozen=True)
class EntryRow:
    """What a row says, as texts by field. `currency` is that of amounts which name none; `goods`
    are the items of an order that stand in a table of their own."""

    said: Mapping[str, str]
    currency: str = ""
    goods: Sequence[str] = ()

    @classmethod
    def of(
        cls, fields: Mapping[str, Raw], currency: str = "", goods: Sequence[str] = ()
    ) -> EntryRow:
        return cls({name: first(raw) for name, raw in fields.items()}, currency, goods)

    def get(self, name: str) -> str:
        return self.said.get(name, "")

    @property
    def type(self) -> str:
        """The type of entry, or task or invoice: `Incoming email` is an email."""
        cell = self.get("type").casefold()
        if cell in TASKS or cell in log.TYPES or cell == HOURS:
            return cell
        known = (WORDS["type"].get(word) for word in re.split(r"[\s/()_-]+", cell))
        return next(filter(None, known), cell or "note")

    @property
    def direction(self) -> str:
        """In or out, as far as the row says it."""
        words = re.split(r"[\s/()_-]+", f"{self.get('direction')} {self.get('type')}".casefold())
        return next((WORDS["direction"][word] for word in words if word in WORDS["direction"]), "")

    @property
    def text(self) -> str:
        """What was said or done, with outcome and duration below."""
        text = self.get("text")
        words = to_text(text) if _MARKUP.search(text) else text
        named = (("outcome", "Outcome"), ("duration", "Duration"))
        more = " ".join(f"{label}: {self.get(name)}." for name, label in named if self.get(name))
        return "\n".join(filter(None, (words, more)))

    @property
    def called_off(self) -> str:
        """The word by which an order is none: `cancelled`; empty for one that stands."""
        word = self.get("done").casefold()
        return word if self.type == "order" and word in _CALLED_OFF else ""

    @property
    def ahead(self) -> bool:
        """Whether an activity is still to be done: then it is a task."""
        return self.get("done").casefold() in _AHEAD and self.type not in ("order", HOURS)

    def left(self) -> Iterator[tuple[str, str]]:
        """The fields, with their texts, that find no place in such an entry or task."""
        placed = _SAID.get(self.type, _ENTRY)
        if self.get("done").casefold() in _DONE | _AHEAD:
            placed |= {"done"}
        yield from ((name, text) for name, text in self.said.items() if text and name not in placed)
        if self.type in TASKS:
            yield from ((name, self.get(name)) for name in sorted(placed & self._unreadable()))

    def _unreadable(self) -> set[str]:
        """The fields of a task whose text says nothing that a task can have."""
        days = {name for name in ("due", "snoozed") if self.get(name) and not self._day(name)}
        done, priority = self.get("done").casefold(), self.get("priority").casefold()
        if done and not self._day("done") and done not in _DONE | _AHEAD | _UNDONE:
            days |= {"done"}
        if priority and priority not in _PRIORITIES and priority not in _ORDINARY:
            days |= {"priority"}
        return days

    def entry(self, direction: str, people: Collection[str], types: Collection[str]) -> Entry:
        """The entry. Raises Refused where the row names no moment that can be read."""
        day, clock, zone = self._moment()
        kind, text = self.type, self.text
        if kind == "order":
            text = self._order()
        elif kind not in log.TYPES and kind not in types:
            text = text if kind == HOURS else f"{self.get('type')}: {text}"
            kind = "note"
        entry = Entry(day, kind, text, clock, zone, direction, tuple(people))
        return log.normal(entry)

    def _moment(self) -> tuple[date, time | None, str]:
        try:
            found = read("datetime", self.get("at"))
        except ValueError as error:
            raise Refused(f"at: {error}") from None
        if isinstance(found, datetime):
            zone = _ZONE.search(self.get("at"))
            return found.date(), found.time(), zone[0] if zone else ""
        return found, None, ""

    def _order(self) -> str:
        """`1200 EUR #1001 Signs; 2 x Blue sock 600 EUR cost:150 EUR`."""
        items = [*filter(None, [self.item()]), *self.goods]
        amount = self._amount()
        if amount is None and self.goods:
            amount = sold_item.total(sold_item.parse(each, self.currency) for each in items)
        number = self.get("number")
        head = (str(amount) if amount else "", f"#{number}" if number else "", self.text)
        return "; ".join(filter(None, (" ".join(filter(None, head)), *items)))

    def _amount(self) -> Money | None:
        if whole := self._money("amount"):
            return whole
        each, count = self._money("price"), self._quantity()
        return Money(each.amount * count, each.currency, each.per) if each else None

    def item(self) -> str:
        """What is sold, as `2 x Blue sock 600 EUR cost:150 EUR`; empty without a product."""
        product = " ".join(self.get("product").split())
        if re.search(r"[;,]", product):  # they part the items of an order
            product = ids.slug(product, "product")
        if not product:
            return ""
        count, whole = self._quantity(), self._amount()
        each = self._money("price")
        told = self._money("amount")
        if whole and (each is None or (told and each.amount * count != told.amount)):
            each = _part(whole, count)
        cost = self._money("unit_cost")
        if cost is None and (all_cost := self._money("cost")):
            cost = _part(all_cost, count)
        parts = (
            f"{count.normalize():f} x {product}",
            str(each) if each else "",
            f"cost:{cost}" if cost else "",
        )
        return " ".join(filter(None, parts))

    def _money(self, name: str) -> Money | None:
        text = self.get(name)
        return money.parse(text, self.currency) if text else None

    def _quantity(self) -> Decimal:
        text = self.get("quantity")
        return Decimal(text) if text else Decimal(1)

    def task(self) -> Task:
        """The task, or the invoice as a task. Raises Refused for one that says nothing."""
        due, done_on = self._day("due"), self._day("done")
        text = self._invoice() if self.type == "invoice" else " ".join(self.text.split())
        if not text:
            raise Refused("the row says nothing", "name the task")
        if self.type not in TASKS:
            kind = self.type if self.type in log.TYPES else self.get("type")
            text, due = f"{kind}: {text}" if kind != "note" else text, due or self._day("at")
        done = done_on is not None or self.get("done").casefold() in _DONE
        at = self._day("at")
        if self.type == "invoice":
            due = due or at
        priority = _PRIORITIES.get(self.get("priority").casefold(), "")
        return Task(
            text,
            done,
            due,
            rec=self.get("rec"),
            snoozed=self._day("snoozed"),
            pri=priority,
            done_on=(done_on or at) if done else None,
        )

    def _invoice(self) -> str:
        amount, number = self._amount(), self.get("number").split()
        if not amount or not number:
            raise Refused("an invoice needs a number and an amount", "give it both")
        rest = f" {self.get('text')}" if self.get("text") else ""
        return " ".join(f"invoice {'-'.join(number)} {amount}{rest}".split())

    def _day(self, name: str) -> date | None:
        try:
            text = foreign_dates.to_date(self.get(name), day_first=True)
        except ValueError:
            return None
        return date.fromisoformat(text) if text else None


def _part(whole: Money, count: Decimal) -> Money:
    """The money of one piece; all of it where it does not divide."""
    if not count:
        return whole
    each = (whole.amount / count).quantize(Decimal("0.01"))
    exact = each.normalize() if each == each.to_integral() else each
    return Money(Decimal(f"{exact:f}"), whole.currency, whole.per)

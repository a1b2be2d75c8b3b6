"""One line of what is sold: `2 x logo-package 600 EUR cost:150`.

    [QUANTITY x ]PRODUCT[ PRICE][ cost:COST]

PRODUCT is the id of a product, or any words. PRICE and COST are of one piece; COST is what it costs
you. Without a quantity it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import value
from plaincrm.core.values import money
from plaincrm.core.values.money import Money

_SUM = r"[0-9][0-9.,']*(?: ?[A-Za-z]{3})?(?:/(?:month|quarter|year))?"
_COUNT = r"[0-9]{1,9}(?:\.[0-9]{1,6})?"
_QUANTITY = pattern(rf"({_COUNT})\s*[x×]\s+(?=\S)")
_COST = pattern(rf"(?:^|(?<=\s))cost:\s?({_SUM})(?=\s|$)")
_PRICE = pattern(rf"(?:^|(?<=\s))({_SUM})$")
# In the text of an order items are parted by semicolons, line ends, or a comma before a blank.
_IN_ORDER = pattern(rf"(?<![\w.,]){_COUNT}\s?[x×]\s(?:[^,;\n]|,(?=\S))+")


@value
class SoldItem:
    """`quantity` pieces of `product`; `price` and `cost` are of one piece, None where not said."""

    quantity: Decimal
    product: str
    price: Money | None = None
    cost: Money | None = None

    @property
    def total(self) -> Money | None:
        """What all pieces bring."""
        return times(self.price, self.quantity)

    @property
    def total_cost(self) -> Money | None:
        """What all pieces cost, as far as the line itself says it."""
        return times(self.cost, self.quantity)

    def __str__(self) -> str:
        quantity = "" if self.quantity == 1 else f"{self.quantity.normalize():f} x "
        price = f" {self.price}".rstrip() if self.price else ""
        cost = f" cost:{self.cost}".rstrip() if self.cost else ""
        return f"{quantity}{self.product}{price}{cost}"


def times(each: Money | None, quantity: Decimal) -> Money | None:
    """The money of so many pieces."""
    return Money(each.amount * quantity, each.currency, each.per) if each else None


def parse(text: str, currency: str = "") -> SoldItem:
    """The item that a line names; amounts without a currency are in `currency`. Raises ValueError
    with a sentence.
    """
    rest = " ".join(text.split())
    cost = _COST.search(rest)
    if cost:
        rest = f"{rest[: cost.start()]}{rest[cost.end() :]}".strip()
    counted = _QUANTITY.match(rest)
    if counted:
        rest = rest[counted.end() :]
    price = _PRICE.search(rest)
    product = (rest[: price.start()] if price else rest).strip()
    if not product:
        raise ValueError(f'"{text}" names no product; write it as 2 x logo-package 600 EUR')
    quantity = Decimal(counted[1]) if counted else Decimal(1)
    sums = [money.parse(found[1], currency) if found else None for found in (price, cost)]
    return SoldItem(quantity, product, *sums)


def in_order(text: str, currency: str = "") -> list[SoldItem]:
    """The items in the text of an order; what can't be read is no item."""
    found = []
    for match in _IN_ORDER.finditer(text):
        try:
            found.append(parse(match[0], currency))
        except ValueError:
            continue
    return found


def total(items: Iterable[SoldItem]) -> Money | None:
    """What the items bring together; None if nothing has a price, or the prices can't be added."""
    sums = [item.total for item in items if item.price is not None]
    found = [each for each in sums if each is not None]
    if not found or len({each.unit for each in found}) > 1:
        return None
    return Money(sum((each.amount for each in found), Decimal(0)), found[0].currency, found[0].per)


def order_amount(text: str, currency: str = "") -> Money | None:
    """The sum of an order: the amount that its text begins with, else the sum of its items."""
    first = re.match(rf"[+-]?{_SUM}(?=[\s,;:]|$)", text)
    if first and not _QUANTITY.match(text):
        try:
            return money.parse(first[0], currency)
        except ValueError:
            return None
    return total(in_order(text, currency))

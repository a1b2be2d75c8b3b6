"""Values by name, for columns and sorting: `name`, `company.country`, `deals.count`, `is:won`, any
key.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from plaincrm.core.query import flags, grammar
from plaincrm.core.query.ordering import ranks, rate_day
from plaincrm.core.query.paths import PathResolver
from plaincrm.core.query.resolve import Leaf, PathPlace
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.values.money import Money

Column = Callable[[Record], list[Any]]
Key = Callable[[Record], "tuple[int, Any] | None"]


def column(name: str, kind: Kind, paths: PathResolver) -> Column:
    """A function that reads the typed values of `name` from records of `kind`. Raises
    QueryError.
    """
    if name.startswith("is:"):
        test = flags.flag(kind, name[3:], name, paths.context)
        return lambda record: [test(record)]
    place, leaf = reading(name, kind, paths)
    if place.follow is None:
        return lambda record: list(leaf.values(record))
    follow = place.follow
    return lambda record: [value for owner in follow(record) for value in leaf.values(owner)]


def reading(name: str, kind: Kind, paths: PathResolver) -> tuple[PathPlace, Leaf]:
    """Where a name leads, and what it reads there. Raises QueryError."""
    return paths.reading(kind, grammar.parse_path(name).path, name)


def sort_key(name: str, kind: Kind, paths: PathResolver) -> Key:
    """A function that gives a record's place in the order of `name`; None where it has no value."""
    if name.startswith("is:"):
        test = flags.flag(kind, name[3:], name, paths.context)
        return lambda record: (0, test(record))
    _, leaf = reading(name, kind, paths)
    values, context = column(name, kind, paths), paths.context
    order = _order(leaf, context)

    def key(record: Record) -> tuple[int, Any] | None:
        found = next(iter(values(record)), None)
        return None if found is None else _place(found, leaf, order, record, context)

    return key


def _order(leaf: Leaf, context: Context) -> dict[str, int]:
    """The places of an enum's values; of one that several cases have, in the first of them."""
    places: dict[str, int] = {}
    for values in context.settings.value_lists(leaf.field) if leaf.field else ():
        for text, place in ranks(values).items():
            places.setdefault(text, place)
    return places


def _place(
    value: Any, leaf: Leaf, order: dict[str, int], record: Record, context: Context
) -> tuple[int, Any]:
    if order and isinstance(value, str) and fold(value) in order:
        return 0, order[fold(value)]
    if leaf.type.monetary:
        return leaf.type.rank, _amount(value, record, context)
    return leaf.type.sort_key(value, context.settings.zone)


def _amount(value: Money, record: Record, context: Context) -> tuple[int, Decimal]:
    """In the book's currency; amounts without a rate stand after those with one."""
    converted = context.settings.rates.convert(value, rate_day(record, context))
    return (0, converted.amount) if converted else (1, value.amount)

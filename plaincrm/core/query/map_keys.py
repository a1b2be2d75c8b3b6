"""Keys of maps as fields of a query: `fees.hour` of `fees: {hour: 95}`, `email.home` of one of the
schema's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plaincrm.core.query.resolve import Leaf, carried
from plaincrm.core.query.untyped import ANY
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.values.raw import Raw, items
from plaincrm.core.values.value_type import Type


def labels(kind: Kind, name: str, context: Context) -> frozenset[str]:
    """The keys of the maps that records of the kind have in field `name`."""
    if name not in carried(kind, context):
        return frozenset()
    column = context.store.collection(kind.name).column(name)
    return frozenset(label for raw in column if isinstance(raw, dict) for label in raw)


def map_key(kind: Kind, path: Sequence[str], context: Context) -> Leaf | None:
    """What `path` (`fees`, `hour`) reads, where any record of the kind has such a map."""
    name, *inner = path
    known = {fold(label) for label in labels(kind, name, context)}
    if not inner or fold(inner[0]) not in known:
        return None
    wanted = [fold(label) for label in inner]

    def texts(record: Record) -> list[str]:
        return [item.text for item in items(_inside(record.raw(name), wanted))]

    field = kind.fields.get(name)
    type = field.value_type if field is not None else ANY
    currency = context.settings.currency

    def typed(record: Record) -> list[Any]:
        return list(_readable(type, texts(record), currency))

    values = texts if type.textual or type is ANY else typed
    return Leaf(".".join(path), type, None, values, lambda record: bool(texts(record)))


def _readable(type: Type, texts: Sequence[str], currency: str) -> Iterator[Any]:
    for text in texts:
        try:
            yield type.read(text, currency)
        except ValueError:
            continue


def _inside(raw: Raw | None, labels: Sequence[str]) -> Raw | None:
    for label in labels:
        if not isinstance(raw, dict):
            return None
        raw = next((each for key, each in raw.items() if fold(key) == label), None)
    return raw

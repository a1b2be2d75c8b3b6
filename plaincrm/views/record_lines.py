"""Many records of one kind as JSON, each in one line.

The text is that of `record_json.record`, encoded. What is the same for all records is encoded once:
the keys, what a record is without a field, and values that stand in many, such as a status, a
country or a day. So a record costs little more than the values that it has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from plaincrm.core.query.resolve import facts_of
from plaincrm.core.records.facts import Context, Fact
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.core.values.raw import RawItem
from plaincrm.views import record_json
from plaincrm.views.json_text import plain

_encode = json.JSONEncoder(ensure_ascii=False).encode
_text = json.encoder.encode_basestring  # what the encoder calls for a text
_CONSTANTS = {None: "null", True: "true", False: "false"}


class RecordLines:
    """`line(record)` is the JSON of a record of `kind`; `names` are computed fields asked for by
    name.
    """

    def __init__(self, kind: Kind, context: Context, names: Iterable[str] = ()) -> None:
        self._kind = kind
        self._context = context
        self._currency = context.settings.currency
        self._places = {name: place for place, name in enumerate(kind.fields)}
        self._keys = [f"{_text(name)}: " for name in kind.fields]
        self._nothing = [
            f"{_text(name)}: {_encode(record_json.nothing(field))}"
            for name, field in kind.fields.items()
        ]
        self._readers = [self._reader(field) for field in kind.fields.values()]
        self._derived = [
            field for field in kind.fields.values() if field.default or field.cases or field.sum_of
        ]
        asked, facts = list(names), facts_of(kind, context)
        self._facts = [
            (f"{_text(name)}: ", facts[name], self._fact_reader(facts[name]))
            for name in facts
            if name in asked or not record_json.needs_others(facts, name)
        ]
        self._paths = record_json.paths(kind, facts, asked)
        self._start = f'{{"kind": {_text(kind.name)}, "id": '

    def line(self, record: Record) -> str:
        fields, computed = ", ".join(self._fields(record)), ", ".join(self._computed(record))
        place = f'{_text(record.id)}, "path": {_text(record.path)}'
        return f'{self._start}{place}, "fields": {{{fields}}}, "computed": {{{computed}}}}}'

    def _fields(self, record: Record) -> list[str]:
        there, parts, places = record.fields, self._nothing.copy(), self._places
        keys, readers = self._keys, self._readers
        for field in self._derived:
            if field.name not in there:
                parts[places[field.name]] = self._whole(record, field)
        for name, raw in there.items():
            place = places.get(name)
            if place is None:
                parts.append(f"{_text(name)}: {_encode(raw)}")
            elif type(raw) is str and raw:
                parts[place] = keys[place] + readers[place](raw)
            else:
                parts[place] = self._whole(record, self._kind.fields[name])
        return parts

    def _whole(self, record: Record, field: Field) -> str:
        found = record_json.field_json(record, field, self._currency)
        return self._keys[self._places[field.name]] + _encode(found)

    def _reader(self, field: Field) -> Callable[[str], str]:
        """What a text that is the whole value of the field is in JSON."""
        if field.many:
            return lambda raw: _encode(record_json.many(field, [RawItem("", raw)], raw))
        if not field.value_type.json_typed:
            return _text
        return _remembering(lambda raw: record_json.typed_json(field, raw, self._currency))

    def _computed(self, record: Record) -> list[str]:
        if record.kept is None:
            context = self._context
            parts = [
                key + _encode(plain(context.value(fact, record))) for key, fact, _ in self._facts
            ]
        else:
            parts = [key + read(record) for key, _, read in self._facts]
        for name in self._paths:
            found = record_json.reached(record, name, self._context)
            parts.append(f"{_text(name)}: {_encode(found)}")
        return parts

    def _fact_reader(self, fact: Fact) -> Callable[[Record], str]:
        """How the fact is read of a record of the cache."""
        return self._kept_reader(fact) if fact.kept else self._worked_out(fact)

    def _kept_reader(self, fact: Fact) -> Callable[[Record], str]:
        context, name = self._context, fact.name
        typed = _remembering(lambda kept: plain(context.typed(kept, fact.type)))

        def read(record: Record) -> str:
            kept = record.kept.facts(name)[record.row]  # type: ignore[union-attr]
            if type(kept) is str:
                return typed(kept)
            if kept is None or kept is True or kept is False:
                return _CONSTANTS[kept]
            return _encode(plain(context.typed(kept, fact.type)))

        return read

    def _worked_out(self, fact: Fact) -> Callable[[Record], str]:
        context, compute = self._context, fact.compute

        def read(record: Record) -> str:
            found = compute(record, context)
            if found is None or found is True or found is False:
                return _CONSTANTS[found]
            return _encode(plain(found))

        return read


def _remembering(read: Callable[[str], Any]) -> Callable[[str], str]:
    """`read`, encoded; it is asked once for each text."""
    known: dict[str, str] = {}

    def remembered(text: str) -> str:
        if text not in known:
            known[text] = _encode(read(text))
        return known[text]

    return remembered

"""What the names of a query mean: fields, facts, links both ways, log and tasks, and keys that
records carry.

A path is resolved once, when a query is compiled, to a `PathPlace` (the records it leads to) and a
`Leaf` (the values it reads there).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from plaincrm.core.query.syntax import PathStep
from plaincrm.core.query.untyped import ANY
from plaincrm.core.records import line_records
from plaincrm.core.records.facts import Context, Fact
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import items
from plaincrm.core.values.types import TEXT, TYPES
from plaincrm.core.values.value_type import Type
from plaincrm.errors import QueryError, did_you_mean

Follow = Callable[[Record], list[Record]]
Keep = Callable[[Record], bool]
PSEUDO = frozenset(kind.name for kind in line_records.KINDS.values())
AGGREGATES = frozenset({"count", "sum", "min", "max", "avg"})
_SUPPRESSING = frozenset({"unsubscribed", "do_not_email"})  # one that can't be read counts as true


@value
class Leaf:
    """What to read from a record: `values` typed, `present` whether it is there without its
    default.
    """

    name: str
    type: Type
    field: Field | None
    values: Callable[[Record], Sequence[Any]]
    present: Keep


def known_names(kind: Kind, context: Context) -> list[str]:
    """Every name that a query about `kind` may begin with. Loads the kind, for the keys that it
    carries.
    """
    facts = [name for name in facts_of(kind, context) if not name.startswith(("is:", "_"))]
    names = [
        *kind.fields,
        *facts,
        *_reverse(kind, context),
        "id",
        "path",
        *sorted(carried(kind, context)),
    ]
    return list(dict.fromkeys(names))


def fields_and_facts(kind: Kind, context: Context) -> frozenset[str]:
    """The names of values: those of the schema, the computed, and the keys that records carry."""
    return frozenset((*kind.fields, *facts_of(kind, context), *carried(kind, context)))


def flags(kind: Kind, context: Context) -> list[str]:
    """What may stand after `is:`."""
    named = [name[3:] for name in facts_of(kind, context) if name.startswith("is:")]
    return [*named, *(field.name for field in kind.fields.values() if field.value_type.flag)]


def facts_of(kind: Kind, context: Context) -> Mapping[str, Fact]:
    """The facts of the kind; a log entry or task has only those that are made for it."""
    if kind.name not in PSEUDO:
        return context.facts.of(kind.name)
    lines = {fact.name: fact for fact in line_records.FACTS if fact.kind == kind.name}
    return {**lines, **context.facts.own(kind.name)}


def carried(kind: Kind, context: Context) -> frozenset[str]:
    """The keys that any record of the kind has in its file, known to the schema or not."""
    if kind.name not in context.store.schema.kinds:
        return frozenset()
    return frozenset(
        key for key in context.store.collection(kind.name).names() if not key.startswith("_")
    )


def _reverse(kind: Kind, context: Context) -> Iterable[str]:
    if kind.name in PSEUDO:
        return ()
    sources = (source.plural for source, _ in context.store.schema.links_to(kind.name))
    return dict.fromkeys((*sources, *line_records.KINDS))


def leaf(kind: Kind, name: str, context: Context, source: str) -> Leaf:
    """The field, fact or carried key `name` of `kind`. Raises QueryError, with the nearest name."""
    if field := kind.fields.get(name):
        return _field(field, context)
    if fact := facts_of(kind, context).get(name):
        return _fact(fact, context)
    if name in ("id", "path"):
        return Leaf(name, TEXT, None, lambda record: [getattr(record, name)], lambda _: True)
    if name in carried(kind, context):
        return _carried(name)
    raise unknown(kind, name, context, source)


def unknown(kind: Kind, name: str, context: Context, source: str) -> QueryError:
    where = "" if source == name else f' in "{source}"'
    plural = kind.plural
    hint = (
        did_you_mean(name, known_names(kind, context))
        or f"plaincrm schema {kind.name} lists the fields"
    )
    return QueryError(f'"{name}"{where} is no field of {plural}', hint)


def _field(field: Field, context: Context) -> Leaf:
    name, currency = field.name, context.settings.currency

    def texts(record: Record) -> list[str]:
        return [item.text for item in record.items(name)]

    def typed(record: Record) -> list[Any]:
        found = list(record.values(name, currency))
        unreadable = name in _SUPPRESSING and not found and record.text(name)
        return [True] if unreadable else found

    kept = field.value_type
    return Leaf(name, kept, field, texts if kept.textual else typed, _in_file(name))


def _in_file(name: str) -> Keep:
    return lambda record: any(items(record.raw(name)))


def _carried(name: str) -> Leaf:
    def texts(record: Record) -> list[str]:
        return [item.text for item in items(record.raw(name))]

    return Leaf(name, ANY, None, texts, _in_file(name))


def _fact(fact: Fact, context: Context) -> Leaf:
    def values(record: Record) -> list[Any]:
        found = context.value(fact, record)
        several = found if isinstance(found, (list, tuple, set, frozenset)) else [found]
        return [_exact(value) for value in several if value is not None]

    return Leaf(fact.name, TYPES[fact.type], None, values, lambda record: bool(values(record)))


def _exact(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return Decimal(str(value))


@value
class PathPlace:
    """Where a path stands so far: a kind, and how to come there from the first record (None: not
    moved).
    """

    kind: Kind
    follow: Follow | None = None

    def then(self, kind: Kind, follow: Follow) -> PathPlace:
        first = self.follow
        if first is None:
            return PathPlace(kind, follow)
        return PathPlace(
            kind, lambda record: _once(each for one in first(record) for each in follow(one))
        )


def _once(records: Iterable[Record]) -> list[Record]:
    return list({id(record): record for record in records}.values())


def hop(
    place: PathPlace, step: PathStep, context: Context, keep: Keep | None, source: str
) -> PathPlace | None:
    """One step along a link, either way, or to the lines of a record; None where the name is no
    link.

    `keep` is the compiled query in the step's parentheses. Raises QueryError.
    """
    kind = place.kind
    found = (
        _forward(kind, step, context)
        or _inside(kind, step)
        or _backward(kind, step, context, source)
    )
    if found is None:
        return None
    kind, follow = found
    kept = (
        follow if keep is None else (lambda record: [each for each in follow(record) if keep(each)])
    )
    return place.then(kind, kept)


def target(kind: Kind, step: PathStep, context: Context) -> Kind | None:
    """The kind that `step` leads to, if it is a link."""
    field = kind.fields.get(step.name)
    if field is not None:
        return context.store.schema.kinds.get(field.to)
    if kind.name in PSEUDO:
        return None
    return line_records.KINDS.get(step.name) or next(
        (
            source
            for source, _ in context.store.schema.links_to(kind.name)
            if source.plural == step.name
        ),
        None,
    )


def _forward(kind: Kind, step: PathStep, context: Context) -> tuple[Kind, Follow] | None:
    field = kind.fields.get(step.name)
    to = context.store.schema.kinds.get(field.to) if field else None
    return (to, lambda record: _once(context.store.follow(record, step.name))) if to else None


def _inside(kind: Kind, step: PathStep) -> tuple[Kind, Follow] | None:
    if step.name not in line_records.KINDS or kind.name in PSEUDO or step.name in kind.fields:
        return None
    return line_records.KINDS[step.name], lambda record: list(line_records.rows(record, step.name))


def linking(kind: Kind, step: PathStep, context: Context) -> list[tuple[Kind, str]]:
    """The link fields, with their kinds, by which the step comes back to records of `kind`."""
    if kind.name in PSEUDO:
        return []
    links = (
        (k, f.name) for k, f in context.store.schema.links_to(kind.name) if k.plural == step.name
    )
    return [(k, name) for k, name in links if step.link in ("", name)]


def _backward(
    kind: Kind, step: PathStep, context: Context, source: str
) -> tuple[Kind, Follow] | None:
    if step.name in kind.fields:
        return None
    chosen = linking(kind, step, context)
    if not chosen:
        links = linking(kind, PathStep(step.name), context)
        if not links:
            return None
        choices = ", ".join(f"{step.name}@{name}" for _, name in links)
        raise QueryError(
            f'"{source}": {step.name} do not link here by {step.link}', f"write {choices}"
        )
    store = context.store
    return chosen[0][0], lambda record: _once(
        each for kind, name in chosen for each in store.linked_from(record, kind.name, name)
    )

"""The terms that are words rather than comparisons: `is:won`, `tag:vip`; and the values of
enums.
"""

from __future__ import annotations

from itertools import chain

from plaincrm.core.query.compare import Comparison, is_glob
from plaincrm.core.query.resolve import Keep, Leaf, facts_of, flags, leaf
from plaincrm.core.query.syntax import Compare, QueryValue
from plaincrm.core.records.facts import Context
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.values.raw import items
from plaincrm.errors import QueryError, did_you_mean

SPECIAL = frozenset({"is", "has", "no", "tag"})


def flag(kind: Kind, name: str, source: str, context: Context) -> Keep:
    """`is:name`: a fact `is:name`, or a field that is true or false. Raises QueryError."""
    if fact := facts_of(kind, context).get(f"is:{name}"):
        return lambda record: bool(context.value(fact, record))
    field = kind.fields.get(name)
    if field is not None and field.value_type.flag:
        values = leaf(kind, name, context, source).values
        return lambda record: any(values(record))
    known = flags(kind, context)
    hint = (
        did_you_mean(name, known) or f"flags of {kind.plural}: {', '.join(sorted(known)) or 'none'}"
    )
    raise QueryError(f'"{source}": {kind.plural} have no flag "{name}"', hint)


def tag(kind: Kind, term: Compare, text: str, context: Context) -> Keep:
    """`tag:text`: the list `tags` has it. Raises QueryError for a kind without tags."""
    values = tuple(
        value for value in term.values if isinstance(value, QueryValue) and value.text == text
    )
    wanted = Compare(term.path, ":", values or (QueryValue(text, quoted=True),), term.source)
    return Comparison(leaf(kind, "tags", context, term.source), wanted, context, []).test()


def known_values(kind: Kind, read: Leaf, term: Compare, context: Context) -> None:
    """Raises QueryError for a value of an enum that neither the schema nor any record of `kind`
    has.
    """
    field = read.field
    if field is None or not field.value_type.choice or term.op not in (":", "!="):
        return
    allowed = list(dict.fromkeys(chain.from_iterable(context.settings.value_lists(field))))
    asked = [
        value.text for value in term.values if isinstance(value, QueryValue) and not is_glob(value)
    ]
    unknown = [text for text in asked if fold(text) not in {fold(value) for value in allowed}]
    if not unknown or not allowed:
        return
    used = {
        fold(item.text)
        for each in context.store.collection(kind.name).column(field.name)
        for item in items(each)
    }
    for text in unknown:
        if fold(text) not in used:
            hint = did_you_mean(text, allowed) or f"it is one of {', '.join(allowed)}"
            raise QueryError(f'"{term.source}": no {kind.name} has the {field.name} "{text}"', hint)

"""Masks: what the columns of a kind say of a term, without a record being made.

By texts that are compared with plain words (`stage:lead +vip`), by flags that the cache keeps
(`is:won`) or that have a mask of their own (`is:breached`), and by what links back
(`deals(is:won).count:2..`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from plaincrm.core.query.compare import is_glob
from plaincrm.core.query.resolve import Keep, facts_of
from plaincrm.core.query.syntax import Compare, QueryValue
from plaincrm.core.query.term import Mask, QueryTerm
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.values.raw import items
from plaincrm.errors import QueryError


def with_column(term: Compare, kind: Kind, test: Keep, context: Context) -> QueryTerm:
    """The term of a comparison with a field, or of a flag, that `test` is compiled from."""
    asked = term.path[0]
    if len(term.path) > 1 or term.op != ":" or asked.inner is not None:
        return QueryTerm(test)
    if kind.name not in context.store.schema.kinds:  # lines of records have no columns
        return QueryTerm(test)
    if asked.name == "is":
        return _flag(term, kind, test, context)
    return _text(term, kind, test, context)


def _flag(term: Compare, kind: Kind, test: Keep, context: Context) -> QueryTerm:
    if len(term.values) != 1 or not isinstance(term.values[0], QueryValue):
        return QueryTerm(test)
    fact = facts_of(kind, context).get(f"is:{term.values[0].text}")
    if fact is not None and fact.mask is not None:
        of_all = fact.mask
        return QueryTerm(test, lambda: of_all(context), exact=True)
    if fact is None or not fact.kept:
        return QueryTerm(test)
    name = fact.name
    return QueryTerm(test, lambda: context.column(kind.name, name), exact=True)


def _text(term: Compare, kind: Kind, test: Keep, context: Context) -> QueryTerm:
    """A field that is text, compared with words alone."""
    name = term.path[0].name
    field = kind.fields.get("tags" if name == "tag" else name)
    pieces = [
        value for value in term.values if isinstance(value, QueryValue) and not is_glob(value)
    ]
    if field is None or len(pieces) < len(term.values):
        return QueryTerm(test)
    if not (field.value_type.textual and field.value_type.compared_whole):
        return QueryTerm(test)
    form = field.value_type.form if field.value_type.links else fold
    column_name, words = field.name, frozenset(form(piece.text) for piece in pieces)
    depends = bool(field.cases)  # the default of a record depends on another of its fields
    missing = depends or (bool(field.default) and fold(field.default) in words)

    def mask() -> Mask:
        return _same_text(
            context.store.collection(kind.name).column(column_name), words, missing, form
        )

    return QueryTerm(test, mask, exact=not depends)


def with_links(
    test: Keep,
    kind: Kind,
    links: Sequence[tuple[Kind, str]],
    inner: QueryTerm | None,
    context: Context,
) -> QueryTerm:
    """The term of a path that begins with what links back to records of `kind`.

    `links` are the kinds and fields that link here; `inner` is the query in the parentheses.
    """

    def mask() -> Mask | None:
        if not links or _empty_passes(test, kind):
            return None
        return _linked(kind, links, inner, context)

    return QueryTerm(test, mask)


def _empty_passes(test: Keep, kind: Kind) -> bool:
    """Whether a record to which nothing links may pass, such as of `deals.count:0`."""
    try:
        return test(Record(kind, "", "", {}, str))
    except QueryError:
        return True


def _linked(
    kind: Kind, links: Iterable[tuple[Kind, str]], inner: QueryTerm | None, context: Context
) -> Mask:
    lead = context.store.leading(kind.name)
    targets: set[str] = set()
    fits = inner.mask() if inner is not None else None
    for source, name in links:
        column = context.store.collection(source.name).column(name)
        raws = column if fits is None else _where(column, fits)
        targets.update(lead(item.text) for raw in raws if raw is not None for item in items(raw))
    return [fold(id) in targets for id in context.store.collection(kind.name).ids()]


def _where(column: Sequence[Any], fits: Mask) -> list[Any]:
    return [raw for raw, fit in zip(column, fits, strict=True) if fit]


def _same_text(
    column: Any, words: frozenset[str], missing: bool, form: Callable[[str], str]
) -> list[bool]:
    known: dict[Any, bool] = {None: missing}
    fits = _fits(words, missing, form)
    found = []
    for raw in column:
        try:
            key = raw if type(raw) is not list else tuple(raw)
            fit = known.get(key)
            if fit is None:
                fit = known[key] = fits(raw)
        except TypeError:  # a map, or lists in lists
            fit = fits(raw)
        found.append(fit)
    return found


def _fits(
    words: frozenset[str], missing: bool, form: Callable[[str], str]
) -> Callable[[Any], bool]:
    def fits(raw: Any) -> bool:
        texts = [item.text for item in items(raw)]
        return any(form(text) in words for text in texts) if texts else missing

    return fits

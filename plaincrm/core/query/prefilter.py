"""Candidates by one look at a column: `stage:lead +vip` needs no record that has neither.

Only the terms at the top of a query narrow it, and never by too much: what is left is tested as
ever. Those are terms that compare a text with plain words, flags that the cache keeps, and what
links back (`deals(is:won).count:2..`) where a record without such a link can't pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from plaincrm.core.query.compare import is_glob
from plaincrm.core.query.resolve import Keep, facts_of, linking
from plaincrm.core.query.syntax import And, Compare, Exists, Node, Piece, Step
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.values.raw import items
from plaincrm.errors import QueryError

Compile = Callable[[Node, Kind], Keep]
Fitting = Sequence[Any]  # something true for each place of a collection whose record may pass


def candidates(tree: Node, kind: Kind, context: Context, compile: Compile) -> list[Record]:
    """The records that may pass the query; all that do are among them."""
    collection = context.store.collection(kind.name)
    fitting = _fitting(tree, kind, context, compile)
    return list(collection) if fitting is None else collection.chosen(fitting)


def _fitting(tree: Node, kind: Kind, context: Context, compile: Compile) -> Fitting | None:
    terms = tree.parts if isinstance(tree, And) else (tree,)
    found = [fits for term in terms for fits in _of_term(term, kind, context, compile)]
    return (
        found[0]
        if len(found) == 1
        else [all(each) for each in zip(*found, strict=True)]
        if found
        else None
    )


def _of_term(term: Node, kind: Kind, context: Context, compile: Compile) -> Iterator[Fitting]:
    if not isinstance(term, Compare | Exists):
        return
    first = term.path[0]
    if isinstance(term, Compare) and len(term.path) == 1 and term.op == ":" and first.inner is None:
        yield from _flag(term, kind, context) if first.name == "is" else _words(term, kind, context)
    elif (
        first.name not in kind.fields
        and (links := linking(kind, first, context))
        and not _empty_passes(term, kind, compile)
    ):
        yield _linked(first, links, kind, context, compile)


def _words(term: Compare, kind: Kind, context: Context) -> Iterator[Fitting]:
    """By a field that is text, compared with words alone."""
    name = term.path[0].name
    field = kind.fields.get("tags" if name == "tag" else name)
    words = [value.text for value in term.values if isinstance(value, Piece) and not is_glob(value)]
    if field is None or len(words) < len(term.values):
        return
    if field.value_type.textual and field.value_type.compared_whole:
        missing = bool(field.default or field.cases)
        yield _same_text(
            context.store.collection(kind.name).column(field.name),
            frozenset(map(fold, words)),
            missing,
        )


def _flag(term: Compare, kind: Kind, context: Context) -> Iterator[Fitting]:
    """By a flag that the cache keeps."""
    facts = facts_of(kind, context)
    flags = [
        facts.get(f"is:{value.text}") if isinstance(value, Piece) else None for value in term.values
    ]
    kept = [flag for flag in flags if flag is not None and flag.kept]
    if len(kept) == len(flags) == 1:
        yield context.column(kind.name, kept[0].name)


def _empty_passes(term: Compare | Exists, kind: Kind, compile: Compile) -> bool:
    """Whether a record to which nothing links may pass, such as of `deals.count:0`."""
    try:
        return compile(term, kind)(Record(kind, "", "", {}, str))
    except QueryError:
        return True


def _linked(
    step: Step, links: Sequence[tuple[Kind, str]], kind: Kind, context: Context, compile: Compile
) -> Fitting:
    """By the records that link here and may pass the query in the step's parentheses."""
    lead = context.store.leading(kind.name)
    targets: set[str] = set()
    for source, name in links:
        column = context.store.collection(source.name).column(name)
        fits = _fitting(step.inner, source, context, compile) if step.inner is not None else None
        raws = (
            column if fits is None else [raw for raw, fit in zip(column, fits, strict=True) if fit]
        )
        targets.update(lead(item.text) for raw in raws if raw is not None for item in items(raw))
    return [fold(id) in targets for id in context.store.collection(kind.name).ids()]


def _same_text(column: Any, words: frozenset[str], missing: bool) -> list[bool]:
    known: dict[Any, bool] = {None: missing}
    fits = _test(words, missing)
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


def _test(words: frozenset[str], missing: bool) -> Callable[[Any], bool]:
    def fits(raw: Any) -> bool:
        texts = [item.text for item in items(raw)]
        return any(fold(text) in words for text in texts) if texts else missing

    return fits

"""Candidates by one look at a column: `stage:lead +vip` needs no record that has neither.

Only the terms at the top of a query that compare a text with plain words narrow it, and never by too much: what
is left is tested as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from plaincrm.core.query.compare import is_glob
from plaincrm.core.query.syntax import And, Compare, Node, Piece
from plaincrm.core.record import Record, items
from plaincrm.core.schema import Kind
from plaincrm.core.stock import Stock
from plaincrm.core.types import TEXTUAL, fold

_COMPARED_AS_TEXT = TEXTUAL - {"phone"}


def candidates(tree: Node, kind: Kind, stock: Stock) -> list[Record]:
    """The records that may pass the query; all that do are among them."""
    fits = [_fitting(stock.column(name), words, missing) for name, words, missing in _plain(tree, kind)]
    if not fits:
        return list(stock)
    return stock.chosen(fits[0] if len(fits) == 1 else [all(each) for each in zip(*fits, strict=True)])


def _plain(tree: Node, kind: Kind) -> Iterator[tuple[str, frozenset[str], bool]]:
    """Of each term that narrows: the field, the words, and whether a record without the field may pass."""
    for term in tree.parts if isinstance(tree, And) else (tree,):
        if not isinstance(term, Compare) or len(term.path) != 1 or term.op != ":" or term.path[0].inner:
            continue
        field = kind.fields.get("tags" if term.path[0].name == "tag" else term.path[0].name)
        words = [value.text for value in term.values if isinstance(value, Piece) and not is_glob(value)]
        if field and field.type in _COMPARED_AS_TEXT and len(words) == len(term.values):
            yield field.name, frozenset(map(fold, words)), bool(field.default or field.cases)


def _fitting(column: Any, words: frozenset[str], missing: bool) -> list[bool]:
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

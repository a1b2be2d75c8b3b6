"""A compiled selection: a term, an order and a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from plaincrm.core.query import grammar
from plaincrm.core.query.columns import Key, sort_key
from plaincrm.core.query.paths import PathResolver
from plaincrm.core.query.syntax import And, Limit, Node, SavedQuery, Sort
from plaincrm.core.query.term import QueryTerm
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.value_class import value

Keys = tuple[tuple[str, bool], ...]


@value
class QuerySelection:
    tree: Node
    term: QueryTerm
    sort: Keys
    limit: int | None
    keys: tuple[tuple[Key, bool], ...]

    def select(self, records: Iterable[Record]) -> list[Record]:
        """Those that pass, in order (missing values last either way), as many as the limit
        allows.
        """
        passing = filter(self.term.test, records)
        if not self.keys:
            return list(islice(passing, self.limit))
        return list(self.arrange(list(passing)))

    def arrange(self, passing: Sequence[Record]) -> Sequence[Record]:
        """Records that are known to pass, in order and as many as the limit allows."""
        found = ordered(passing, self.keys) if self.keys else passing
        return found if self.limit is None else found[: self.limit]


def selection(
    words: Sequence[str],
    kind: Kind,
    compile: Callable[[Node, Kind], QueryTerm],
    paths: PathResolver,
) -> QuerySelection:
    """The selection that the words of a query are; `compile` makes the term of a tree. Raises
    QueryError.
    """
    tree, sort, limit = _split(grammar.parse(words))
    sort = sort or _sort_of_segment(tree, kind, paths.context)
    keys = tuple((sort_key(name, kind, paths), descending) for name, descending in sort)
    return QuerySelection(tree, compile(tree, kind), sort, limit, keys)


def ordered(passing: Iterable[Record], keys: Iterable[tuple[Key, bool]]) -> list[Record]:
    """Sorted by the first key, then the next; stable, and missing values last."""
    records = list(passing)
    for key, descending in reversed(list(keys)):
        placed = [(key(record), record) for record in records]
        found = [pair for pair in placed if pair[0] is not None]
        found.sort(key=lambda pair: pair[0] or (0, 0), reverse=descending)
        records = [record for _, record in found] + [
            record for place, record in placed if place is None
        ]
    return records


def _split(node: Node) -> tuple[Node, Keys, int | None]:
    """The tree without the `sort:` and `limit:` of its top, and these."""
    if isinstance(node, Sort):
        return And(()), node.keys, None
    if isinstance(node, Limit):
        return And(()), (), node.count
    if not isinstance(node, And):
        return node, (), None
    rest: list[Node] = []
    sort, limit = (), None  # type: tuple[Keys, int | None]
    for part in node.parts:
        inner, keys, count = _split(part)
        rest.append(inner)
        sort, limit = keys or sort, limit if count is None else count
    return And(tuple(rest)), sort, limit


def _sort_of_segment(tree: Node, kind: Kind, context: Context) -> Keys:
    """A segment at the top lends its order to a query that has none."""
    parts = tree.parts if isinstance(tree, And) else (tree,)
    for part in parts:
        if isinstance(part, And) and (keys := _sort_of_segment(part, kind, context)):
            return keys
        if isinstance(part, SavedQuery):
            from plaincrm.core.query.saved import find  # few queries name a segment

            _, keys, _ = _split(grammar.parse(find(part.name, kind, context).query))
            if keys:
                return keys
    return ()

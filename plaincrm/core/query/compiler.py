"""From the tree of a query to terms: each has a test of one record and a mask of all, before any
record is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from plaincrm.core.query import flags, grammar
from plaincrm.core.query.compare import Comparison
from plaincrm.core.query.masks import with_column, with_links
from plaincrm.core.query.paths import PathResolver
from plaincrm.core.query.resolve import (
    PSEUDO,
    Keep,
    Leaf,
    PathPlace,
    facts_of,
    fields_and_facts,
    linking,
)
from plaincrm.core.query.select import selection
from plaincrm.core.query.syntax import (
    And,
    Compare,
    Exists,
    Limit,
    Node,
    Not,
    Or,
    QueryValue,
    SavedQuery,
    SearchText,
    Sort,
)
from plaincrm.core.query.term import QueryTerm, every, negated, some
from plaincrm.core.records.facts import Context
from plaincrm.core.schema.kinds import Kind
from plaincrm.errors import QueryError

if TYPE_CHECKING:
    from plaincrm.core.records.segment import Segment


class Compiler:
    """Compiles the tree of a query. `names`: facts of `base` that it mentions; `echo`: date words
    understood.

    `within` holds the names of the segments that are being compiled, the outermost first.
    """

    def __init__(self, context: Context, base: Kind, within: tuple[str, ...] = ()) -> None:
        self.context = context
        self.base = base
        self.within = within
        self.names: list[str] = []
        self.echo: list[str] = []
        self.paths = PathResolver(context, self.test)

    def test(self, node: Node, kind: Kind) -> Keep:
        """The test that `node` is for records of `kind`. Raises QueryError."""
        return self.term(node, kind).test

    def term(self, node: Node, kind: Kind) -> QueryTerm:
        """Test and mask of `node` for records of `kind`. Raises QueryError."""
        if isinstance(node, And):
            return every([self.term(part, kind) for part in node.parts])
        if isinstance(node, Or):
            return some([self.term(part, kind) for part in node.parts])
        if isinstance(node, Not):
            return negated(self.term(node.part, kind))
        return self._term(node, kind)

    def reading(self, path: Exists, kind: Kind) -> tuple[PathPlace, Leaf]:
        """Where a path leads and what it reads, for columns and sorting."""
        return self.paths.reading(kind, path.path, path.source)

    def _term(
        self, node: Compare | Exists | SearchText | SavedQuery | Sort | Limit, kind: Kind
    ) -> QueryTerm:
        if isinstance(node, Compare):
            return self._compare(node, kind)
        if isinstance(node, SearchText):
            return QueryTerm(self._text(node, kind))
        if isinstance(node, SavedQuery):
            return self._saved(node.name, kind)
        if isinstance(node, Exists):
            place, _ = self.reading(node, kind)
            return self._masked(node, kind, via(place, lambda _: True))
        word = "sort:" if isinstance(node, Sort) else "limit:"
        raise QueryError(
            f'"{word}" stands inside a query', "it goes at the top, beside the other words"
        )

    def _masked(self, node: Compare | Exists, kind: Kind, test: Keep) -> QueryTerm:
        """The term of `test`, with the mask that columns give."""
        first = node.path[0]
        if first.name not in kind.fields and (links := linking(kind, first, self.context)):
            inner = self._inner(first.inner, links) if first.inner is not None else None
            return with_links(test, kind, links, inner, self.context)
        if isinstance(node, Compare):
            return with_column(node, kind, test, self.context)
        return QueryTerm(test)

    def _inner(self, node: Node, links: Sequence[tuple[Kind, str]]) -> QueryTerm | None:
        """The query in the parentheses of a step; the links of a step are of one kind."""
        return self.term(node, links[0][0])

    def _compare(self, term: Compare, kind: Kind) -> QueryTerm:
        if term.path[-1].name in flags.SPECIAL and term.path[-1].inner is None:
            return self._masked(term, kind, self._special(term, kind))
        first = term.values[0]
        operand = first.text if isinstance(first, QueryValue) else first.low or first.high
        place, leaf = self.paths.reading(kind, term.path, term.source, operand)
        if place.follow is None and kind == self.base and leaf.name in facts_of(kind, self.context):
            self._mention(leaf.name)
        flags.known_values(place.kind, leaf, term, self.context)
        test = via(place, Comparison(leaf, term, self.context, self.echo).test())
        return self._masked(term, kind, test)

    def _special(self, term: Compare, kind: Kind) -> Keep:
        """`is:` `has:` `no:` `tag:` at the end of a path."""
        if term.op not in (":", "!="):
            raise QueryError(
                f'"{term.source}" compares with {term.op}', f"write {term.path[-1].name}:NAME"
            )
        place = self.paths.place(kind, term.path[:-1], term.source)
        names = [value.text if isinstance(value, QueryValue) else ".." for value in term.values]
        found = some([QueryTerm(self._named(term, name, place)) for name in names])
        return via(place, negated(found).test if term.op == "!=" else found.test)

    def _named(self, term: Compare, name: str, place: PathPlace) -> Keep:
        special, kind = term.path[-1].name, place.kind
        if special == "is":
            if (
                place.follow is None
                and kind == self.base
                and f"is:{name}" in facts_of(kind, self.context)
            ):
                self._mention(f"is:{name}")
            return flags.flag(kind, name, term.source, self.context)
        if special == "tag":
            return flags.tag(kind, term, name, self.context)
        there, leaf = self.paths.reading(kind, grammar.parse_path(name).path, term.source)
        present = via(there, leaf.present)
        return present if special == "has" else negated(QueryTerm(present)).test

    def _mention(self, name: str) -> None:
        if name not in self.names:
            self.names.append(name)

    def _text(self, node: SearchText, kind: Kind) -> Keep:
        text = node.text
        if not node.quoted and text in fields_and_facts(kind, self.context):
            raise QueryError(
                f'"{text}" alone is the name of a field',
                f"did the shell eat a > or <? Quote the term, as '{text}>1', or the word, as"
                f" '\"{text}\"'",
            )
        from plaincrm.core.query.text import contains

        return contains(text)

    def _saved(self, name: str, kind: Kind) -> QueryTerm:
        from plaincrm.core.query.saved import find, listed  # few queries name a segment

        segment = find(name, kind, self.context)
        if segment.name in self.within:
            cycle = " -> ".join((*self.within[self.within.index(segment.name) :], segment.name))
            raise QueryError(
                f"the segment {segment.name} contains itself: {cycle}", "change one of them"
            )
        if segment.ids is not None:
            return QueryTerm(listed(segment.ids))
        inner = Compiler(self.context, kind, (*self.within, segment.name))
        return inner.segment(segment, kind)

    def segment(self, segment: Segment, kind: Kind) -> QueryTerm:
        """Whether a record is in a segment; one with a limit holds the first so many of its
        order.
        """
        if kind.name in PSEUDO:
            raise QueryError(
                f"the segment {segment.name} holds records, not {kind.plural}", "leave it out"
            )
        chosen = selection(segment.query, kind, self.term, self.paths)
        if chosen.limit is None:
            return chosen.term

        @cache
        def members() -> frozenset[str]:
            return frozenset(
                record.path for record in chosen.select(self.context.store.records(kind.name))
            )

        return QueryTerm(lambda record: record.path in members())


def via(place: PathPlace, test: Keep) -> Keep:
    """Whether any record that a place leads to passes."""
    follow = place.follow
    if follow is None:
        return test
    return lambda record: any(map(test, follow(record)))

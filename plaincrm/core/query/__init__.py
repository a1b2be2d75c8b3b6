"""The query language: `stage:lead`, `value:1000..`, `deals(is:won).count:2..`, as docs/query.md has
it.

The grammar stands in `grammar`. A query is compiled once for a kind and a context, to terms;
compiling finds every mistake and raises QueryError, so that an empty result always means that
nothing fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

from plaincrm.core.query import columns
from plaincrm.core.query.columns import Column, Key
from plaincrm.core.query.compiler import Compiler
from plaincrm.core.query.paths import PathResolver
from plaincrm.core.query.resolve import known_names
from plaincrm.core.query.scanner import split_words
from plaincrm.core.query.select import QuerySelection, ordered, selection
from plaincrm.core.query.term import EVERYTHING
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.value_class import value

__all__ = [
    "Query",
    "column",
    "compile",
    "known_names",
    "ordered",
    "sort_key",
    "split_words",
    "value_of",
]


@value
class Query:
    """A compiled query.

    `names`: the facts of the kind that it mentions. `echo`: a line for each date word that was
    understood.
    """

    kind: Kind
    selection: QuerySelection
    names: tuple[str, ...]
    echo: tuple[str, ...]
    context: Context

    @property
    def sort(self) -> tuple[tuple[str, bool], ...]:
        """The names to sort by, each with whether it descends."""
        return self.selection.sort

    @property
    def limit(self) -> int | None:
        return self.selection.limit

    def matches(self, record: Record) -> bool:
        """Whether the record passes. Raises QueryError where a rate to convert its money is
        missing.
        """
        return self.selection.term.test(record)

    def all(self) -> Sequence[Record]:
        """The records of the kind that pass, in the order of their paths. Where columns can tell,
        none is made.
        """
        term, collection = self.selection.term, self.context.store.collection(self.kind.name)
        mask = term.mask()
        found = collection.matching(repeat(True) if mask is None else mask)
        if term.exact and (mask is not None or term is EVERYTHING):
            return found
        return list(filter(term.test, found))

    def select(self, records: Iterable[Record]) -> list[Record]:
        """The records that pass, sorted and limited as the query says."""
        return self.selection.select(records)

    def arrange(self, passing: Sequence[Record]) -> Sequence[Record]:
        """Records that are known to pass, sorted and limited."""
        return self.selection.arrange(passing)


def compile(words: Sequence[str], kind: Kind, context: Context) -> Query:
    """The query that `words` are; without words it matches all. Raises QueryError, which names the
    word.
    """
    compiler = Compiler(context, kind)
    chosen = selection(words, kind, compiler.term, compiler.paths)
    return Query(kind, chosen, tuple(compiler.names), tuple(compiler.echo), context)


def value_of(record: Record, name: str, context: Context) -> list[Any]:
    """The typed values of `name`: a field, fact, key or path. For many records take `column`."""
    return column(name, record.kind, context)(record)


def column(name: str, kind: Kind, context: Context) -> Column:
    """A function that reads the typed values of `name` from records of `kind`. Raises
    QueryError.
    """
    return columns.column(name, kind, _paths(kind, context))


def sort_key(name: str, kind: Kind, context: Context) -> Key:
    """A function that gives a record's place in the order of `name`, None where it has no value.

    `ordered` sorts by such keys, missing values last. Raises QueryError.
    """
    return columns.sort_key(name, kind, _paths(kind, context))


def _paths(kind: Kind, context: Context) -> PathResolver:
    """What resolves the names of a kind: one for all columns of a command."""
    found: PathResolver = context.shared(
        f"paths of {kind.name}", lambda here: Compiler(here, kind).paths
    )
    return found

"""A compiled term of a query: the test of one record, and the mask of all records of a kind.

    test(record)   whether the record passes
    mask()         by columns, without making a record: for each place of the collection something
                   true if its record may pass; None where columns can't tell

A mask never leaves out a record that passes. One that is `exact` lets no other through, so the test
need not be asked again. Masks are made when a query is run, not when it is compiled: columns are
read while others still look for what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from plaincrm.core.query.resolve import Keep
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value

Mask: TypeAlias = Sequence[Any]


def _untold() -> Mask | None:
    return None


@value
class QueryTerm:
    test: Keep
    mask: Callable[[], Mask | None] = _untold
    exact: bool = False


EVERYTHING = QueryTerm(lambda _: True, exact=True)


def every(terms: Sequence[QueryTerm]) -> QueryTerm:
    """The records that pass all terms."""
    if len(terms) == 1:
        return terms[0]
    if not terms:
        return EVERYTHING
    tests = [term.test for term in terms]

    def test(record: Record) -> bool:
        return all(test(record) for test in tests)

    def mask() -> Mask | None:
        found = [mask for term in terms if (mask := term.mask()) is not None]
        if len(found) < 2:
            return found[0] if found else None
        return [all(each) for each in zip(*found, strict=True)]

    return QueryTerm(test, mask, all(term.exact for term in terms))


def some(terms: Sequence[QueryTerm]) -> QueryTerm:
    """The records that pass any term."""
    if len(terms) == 1:
        return terms[0]
    tests = [term.test for term in terms]

    def test(record: Record) -> bool:
        return any(test(record) for test in tests)

    def mask() -> Mask | None:
        found = [term.mask() for term in terms]
        told = [mask for mask in found if mask is not None]
        if len(told) < len(found):
            return None
        return [any(each) for each in zip(*told, strict=True)]

    return QueryTerm(test, mask, all(term.exact for term in terms))


def negated(term: QueryTerm) -> QueryTerm:
    """The records that do not pass."""

    def mask() -> Mask | None:
        found = term.mask() if term.exact else None
        return None if found is None else [not fits for fits in found]

    return QueryTerm(lambda record: not term.test(record), mask, term.exact)

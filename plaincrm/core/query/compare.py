"""Comparisons: what a leaf, an operator and the typed words become, a test of one record.

All words are read when the query is compiled, so that a mistake is an error and never an empty
result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plaincrm.core.query.ordering import question, ranks
from plaincrm.core.query.resolve import Keep, Leaf
from plaincrm.core.query.syntax import Compare, QueryValue, Range
from plaincrm.core.query.untyped import ANY
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.text.pattern import pattern
from plaincrm.core.values.value_type import Span
from plaincrm.errors import QueryError

_THOUSANDS = pattern(r"(?<![\d,])(?<!\d\.)[1-9]\d{0,2},\d{3}(?![\d,])")
Check = Callable[[Any, Record], bool]


class Comparison:
    """Compiles a comparison with one leaf; `echo` collects what date words were understood as."""

    def __init__(self, leaf: Leaf, term: Compare, context: Context, echo: list[str]) -> None:
        self.leaf = leaf
        self.term = term
        self.context = context
        self.echo = echo
        self.question = question(context, leaf.field is not None and leaf.field.future)
        self.ranks = ranks(leaf.field.values) if leaf.field else {}

    def test(self) -> Keep:
        """Whether a record has a value that fits; for `!=`, has values and none that is equal."""
        self._refuse_thousands()
        if literal := self._literal():
            return one_of(self.leaf, literal)
        checks = [self._check(value) for value in self.term.values]
        values = self.leaf.values
        if self.term.op == "!=":
            return lambda record: (
                bool(found := values(record))
                and not any(check(value, record) for value in found for check in checks)
            )
        if len(checks) == 1:
            only = checks[0]
            return lambda record: any(only(value, record) for value in values(record))
        return lambda record: any(
            check(value, record) for value in values(record) for check in checks
        )

    def _refuse_thousands(self) -> None:
        """A comma parts the values of a query; `1,000` may be meant as one amount."""
        found = _THOUSANDS.search(self.term.source) if self.leaf.type.summable else None
        if found and len(self.term.values) > 1:
            name, one, two = self.leaf.name, *found[0].split(",")
            raise QueryError(
                f'"{self.term.source}": "{found[0]}" may be one amount or two',
                f"write {one}{two} for one; {name}:{one} or {name}:{two} for two",
            )

    def _literal(self) -> frozenset[str]:
        """The words, folded, if all that is asked is whether a text is one of them."""
        pieces = [
            value
            for value in self.term.values
            if isinstance(value, QueryValue) and not is_glob(value)
        ]
        if not self.leaf.type.textual or not self.leaf.type.compared_whole or self.term.op != ":":
            return frozenset()
        if len(pieces) < len(self.term.values):
            return frozenset()
        return frozenset(self.leaf.type.form(piece.text) for piece in pieces)

    def _check(self, value: QueryValue | Range) -> Check:
        if isinstance(value, Range):
            return self._range(value)
        op = ":" if self.term.op == "!=" else self.term.op
        if op == "~":
            from plaincrm.core.query import regex

            return self._pattern(regex.searcher(value.text))
        if op == ":" and is_glob(value):
            return self._pattern(glob(value.text))
        return self._bound(op, value.text)

    def _pattern(self, found: Callable[[str], bool]) -> Check:
        kind = self.leaf.type
        if not (kind.textual or kind.worded):
            raise self._mismatch(f"is {kind.spoken}, not text", "compare it with : .. > or <")
        return lambda value, _: found(str(value))

    def _range(self, value: Range) -> Check:
        checks = [
            self._bound(op, text) for op, text in ((">=", value.low), ("<=", value.high)) if text
        ]
        if not checks:
            raise self._mismatch(
                "has a range open at both ends", f"has:{self.leaf.name} asks for any value"
            )
        if len(checks) == 2 and self._is_reversed(value):
            if not self.leaf.type.cyclic:
                raise self._reversed(value)
            return lambda each, record: any(check(each, record) for check in checks)
        return lambda each, record: all(check(each, record) for check in checks)

    def _is_reversed(self, value: Range) -> bool:
        """Whether a range ends before it begins; one of days of the year runs over New Year
        then.
        """
        if self.leaf.type is ANY:
            return False
        if self.ranks:
            low, high = (self.ranks.get(fold(text), 0) for text in (value.low, value.high))
            return low > high
        return bool(self._span(value.low).low > self._span(value.high).high)

    def _reversed(self, value: Range) -> QueryError:
        turned = self.term.source.replace(
            f"{value.low}..{value.high}", f"{value.high}..{value.low}"
        )
        return QueryError(
            f'"{self.term.source}": {value.low} comes after {value.high}, so nothing can fit',
            f"did you mean {turned}?",
        )

    def _bound(self, op: str, text: str) -> Check:
        kind = self.leaf.type
        if kind is ANY:
            return self._untyped(op, text)
        if op != ":" and self.ranks:
            return self._ranked(op, text)
        if op != ":" and not kind.ordered:
            example = "yes" if kind.flag else text
            raise self._mismatch(
                f"is {kind.spoken}, which has no order", f"write {self.leaf.name}:{example}"
            )
        return _ordered(op, self._span(text), kind.cyclic)

    def _ranked(self, op: str, text: str) -> Check:
        place = self.ranks.get(fold(text))
        if place is None:
            raise self._mismatch(
                f'"{text}" has no place among {", ".join(self.ranks)}', "write one of them"
            )
        return _ordered(op, Span(place, place, lambda value, _: self.ranks.get(fold(value))))

    def _span(self, text: str) -> Span:
        try:
            found = self.leaf.type.span(text, self.question)
        except ValueError as error:
            hint = getattr(error, "hint", "") or f"{self.leaf.name} is {self.leaf.type.spoken}"
            raise QueryError(f'"{self.term.source}": {error}', hint) from None
        if found.echo:
            self._tell(text, found.echo)
        return found

    def _tell(self, text: str, echo: str) -> None:
        source = self.term.source
        whole = source.endswith(text) and ".." not in source
        line = f"{source} = {echo}" if whole else f"{source}: {text} = {echo}"
        if line not in self.echo:
            self.echo.append(line)

    def _untyped(self, op: str, text: str) -> Check:
        """As numbers or as dates where both sides read so, else as text."""
        readings = [
            (read_as, _ordered(op, span)) for read_as, span in ANY.readings(text, self.question)
        ]

        def check(value: Any, record: Record) -> bool:
            for read_as, fits in readings:
                try:
                    return fits(read_as.read(value), record)
                except ValueError:
                    continue
            return False

        return check

    def _mismatch(self, what: str, hint: str) -> QueryError:
        return QueryError(f'"{self.term.source}": {self.leaf.name} {what}', hint)


def one_of(leaf: Leaf, wanted: frozenset[str]) -> Keep:
    """The quick way for most queries: a text field, read as it lies in the record, is one of
    `wanted`.
    """
    name, values = leaf.name, leaf.values
    form = leaf.type.form if leaf.type.links else fold
    if leaf.field is None:
        return lambda record: any(form(str(value)) in wanted for value in values(record))

    def test(record: Record) -> bool:
        raw = record.fields.get(name)
        if type(raw) is str and raw:
            return form(raw) in wanted
        return any(form(value) in wanted for value in values(record))

    return test


def glob(pattern: str) -> Callable[[str], bool]:
    """`*ove*`: a star stands for any characters, the rest for itself, without case."""
    first, *middle, last = fold(pattern).split("*")

    def matches(text: str) -> bool:
        folded = fold(text)
        if not (folded.startswith(first) and folded.endswith(last)):
            return False
        at, end = len(first), len(folded) - len(last)
        for part in middle:
            found = folded.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return at <= end

    return matches


def is_glob(piece: QueryValue) -> bool:
    return not piece.quoted and "*" in piece.text


def _ordered(op: str, edges: Span, cyclic: bool = False) -> Check:
    low, high, key = edges.low, edges.high, edges.key
    if op == ":" and cyclic and low > high:  # a period of days of the year, over New Year
        return _keyed(key, lambda at: at >= low or at <= high)
    fits: dict[str, Callable[[Any], bool]] = {
        ":": lambda at: low <= at <= high,
        ">": lambda at: at > high,
        ">=": lambda at: at >= low,
        "<": lambda at: at < low,
        "<=": lambda at: at <= high,
    }
    return _keyed(key, fits[op])


def _keyed(key: Callable[[Any, Record], Any], fits: Callable[[Any], bool]) -> Check:
    def check(value: Any, record: Record) -> bool:
        at = key(value, record)
        return at is not None and fits(at)

    return check

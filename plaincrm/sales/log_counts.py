"""How often each type of entry stands in a log, and when last: kept, so that a rule about it reads
no file.
"""

from __future__ import annotations

from datetime import date

from plaincrm.core.query.compare import is_glob
from plaincrm.core.query.syntax import And, Compare, Exists, Node, PathStep, QueryValue, Range
from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.value_class import value


@value
class LogCount:
    """`log(type:a,b).count:LOW..HIGH`: so many entries of these types; `high` None is open."""

    types: frozenset[str]
    low: int
    high: int | None

    def fits(self, record: Record, context: Context) -> bool:
        counted = sum(count for _, count in self._found(record, context))
        return self.low <= counted and (self.high is None or counted <= self.high)

    def latest(self, record: Record, context: Context) -> date | None:
        days = [day for day, _ in self._found(record, context)]
        return date.fromisoformat(max(days)) if days else None

    def _found(self, record: Record, context: Context) -> list[tuple[str, int]]:
        kept = context.fact(record, "_log_types") or ()
        return [(day, count) for type, day, count in kept if type in self.types]


def log_types(record: Record, _: Context) -> tuple[tuple[str, str, int], ...] | None:
    """The fact `_log_types`: of each type in the log the latest day, and how many entries."""
    found: dict[str, tuple[str, int]] = {}
    for entry in record.log:
        day, count = found.get(entry.type, ("", 0))
        found[entry.type] = max(day, entry.date.isoformat()), count + 1
    return tuple((type, *rest) for type, rest in found.items()) or None


def log_count(tree: Node) -> LogCount | None:
    """The count that a whole query asks for, if it asks for nothing else."""
    if isinstance(tree, And) and len(tree.parts) == 1:
        return log_count(tree.parts[0])
    if isinstance(tree, Exists) and len(tree.path) == 1:
        types = _types(tree.path[0])
        return LogCount(types, 1, None) if types else None
    if not isinstance(tree, Compare) or len(tree.path) != 2 or tree.path[1].name != "count":
        return None
    types, bounds = _types(tree.path[0]), _bounds(tree)
    return LogCount(types, *bounds) if types and bounds else None


def _types(step: PathStep) -> frozenset[str]:
    """The types in `log(type:a,b)`; none for any other step."""
    inner = step.inner
    if isinstance(inner, And) and len(inner.parts) == 1:
        inner = inner.parts[0]
    if step.name != "log" or step.link or not isinstance(inner, Compare) or inner.op != ":":
        return frozenset()
    words = [
        each.text for each in inner.values if isinstance(each, QueryValue) and not is_glob(each)
    ]
    plain = len(words) == len(inner.values) and [s.name for s in inner.path] == ["type"]
    return frozenset(word.casefold() for word in words) if plain else frozenset()


def _bounds(tree: Compare) -> tuple[int, int | None] | None:
    if tree.op != ":" or len(tree.values) != 1:
        return None
    (one,) = tree.values
    low, high = (one.low, one.high) if isinstance(one, Range) else (one.text, one.text)
    if not all(text.isascii() and text.isdigit() for text in (low or "0", high or "0")):
        return None
    return int(low or "0"), int(high) if high else None

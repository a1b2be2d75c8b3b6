"""Paths: what `company.country` or `deals(is:won).value.sum` leads to, and what it reads there."""

from __future__ import annotations

from collections.abc import Callable

from plaincrm.core.query.resolve import (
    AGGREGATES,
    Keep,
    Leaf,
    PathPlace,
    carried,
    facts_of,
    hop,
    leaf,
    target,
    unknown,
)
from plaincrm.core.query.syntax import Node, PathStep
from plaincrm.core.records.facts import Context
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values.types import TYPES
from plaincrm.errors import QueryError

Inner = Callable[[Node, Kind], Keep]
ITSELF = Leaf("id", TYPES["ref"], None, lambda record: [record.id], lambda _: True)


class PathResolver:
    """Resolves the paths of one query. `inner` compiles the queries in parentheses."""

    def __init__(self, context: Context, inner: Inner) -> None:
        self.context = context
        self.inner = inner

    def reading(
        self, kind: Kind, path: tuple[PathStep, ...], source: str, operand: str = ""
    ) -> tuple[PathPlace, Leaf]:
        """Where `path` leads from a record of `kind`, and what it reads there. Raises
        QueryError.
        """
        if len(path) > 1 and path[-1].name in AGGREGATES and path[-1].inner is None:
            from plaincrm.core.query.aggregate import aggregate

            place, read = self.reading(kind, path[:-1], source)
            return PathPlace(kind), aggregate(
                path[-1].name, place, read, operand, self.context, source
            )
        place = PathPlace(kind)
        for index, step in enumerate(path):
            if name := self._whole(place.kind, path[index:]):
                return place, leaf(place.kind, name, self.context, source)
            if key := self._map_key(place.kind, path[index:]):
                return place, key
            place = self._hop(place, step, source, last=index == len(path) - 1)
        return place, ITSELF

    def place(self, kind: Kind, path: tuple[PathStep, ...], source: str) -> PathPlace:
        """Where a path of links alone leads. Raises QueryError."""
        place = PathPlace(kind)
        for step in path:
            place = self._hop(place, step, source, last=False)
        return place

    def _whole(self, kind: Kind, rest: tuple[PathStep, ...]) -> str:
        """The rest of the path, if it is one name: the last step, or a fact with dots such as
        `sla.due`.
        """
        name = ".".join(step.name for step in rest)
        if any(step.inner or step.link for step in rest):
            return ""
        if name in kind.fields or name in facts_of(kind, self.context):
            return name
        return name if len(rest) == 1 and target(kind, rest[0], self.context) is None else ""

    def _map_key(self, kind: Kind, rest: tuple[PathStep, ...]) -> Leaf | None:
        """The value below a key of a map, where no link is what the first name says."""
        plain = not any(step.inner or step.link for step in rest)
        if len(rest) == 1 or not plain or target(kind, rest[0], self.context) is not None:
            return None
        from plaincrm.core.query.map_keys import map_key  # few questions look into a map

        path = [step.name for step in rest]
        found = map_key(kind, path, self.context)
        name = ".".join(path)
        if found is None and name in carried(kind, self.context):
            return leaf(kind, name, self.context, name)
        return found

    def _hop(self, place: PathPlace, step: PathStep, source: str, last: bool) -> PathPlace:
        to = target(place.kind, step, self.context)
        if to is None:
            raise self._no_link(place.kind, step, source, last)
        keep = self.inner(step.inner, to) if step.inner is not None else None
        found = hop(place, step, self.context, keep, source)
        if found is None:
            raise self._no_link(place.kind, step, source, last)
        return found

    def _no_link(self, kind: Kind, step: PathStep, source: str, last: bool) -> QueryError:
        from plaincrm.core.query.map_keys import labels

        field = kind.fields.get(step.name)
        known = sorted(labels(kind, step.name, self.context))
        if known:
            said = f'no {kind.name} has that key of "{step.name}"'
            return QueryError(f'"{source}": {said}', f"keys: {', '.join(known)}")
        if field is None and step.name not in facts_of(kind, self.context):
            return unknown(kind, step.name, self.context, source)
        what = field.spelled if field else "computed"
        hint = (
            "only links, log and tasks take parentheses"
            if last
            else f"nothing can follow {step.name}"
        )
        return QueryError(f'"{source}": {step.name} is {what}, not a link', hint)

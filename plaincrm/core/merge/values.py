"""Fields as sets of candidates, merged: what each field holds afterwards, and which are contested.

A scalar is a set of one; a contested field is the set of what it shows and what `_conflicts` holds;
a list is the set of its elements; a map is merged key by key, its keys' conflicts under
`FIELD.KEY`. For all of them:

    merge(O, A, B) = B if A == O;  A if B == O or A == B;  else (A | B) - (O - (A & B))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from plaincrm.core.merge.resolution import Frozen, choose, freeze, size, thaw
from plaincrm.core.merge.weave import Id, weave
from plaincrm.core.schema.kinds import Field
from plaincrm.core.values.raw import Raw

CONFLICTS = "_conflicts"


@dataclass(frozen=True, slots=True)
class Contest:
    """An entry of `_conflicts`: what the field held before, and the values that it does not
    show.
    """

    base: Raw | None
    values: tuple[Frozen, ...]

    @property
    def raw(self) -> Raw:
        values: list[Raw] = [thaw(value) for value in self.values]
        return {"values": values} if self.base is None else {"base": self.base, "values": values}


def present(raw: Raw | None) -> Raw | None:
    """None for what is empty, since empty is missing."""
    return raw or None


def read_contests(raw: Raw | None) -> tuple[dict[str, Contest], dict[str, Raw]]:
    """The entries of a `_conflicts` field, and whatever else somebody wrote there: no field is
    called so, thus an entry of that name is none.
    """
    contests: dict[str, Contest] = {}
    others: dict[str, Raw] = {}
    for name, each in raw.items() if isinstance(raw, dict) else ():
        if (
            name != CONFLICTS
            and isinstance(each, dict)
            and isinstance(each.get("values"), list)
            and set(each) <= {"base", "values"}
        ):
            contests[name] = Contest(
                present(each.get("base")), tuple(freeze(v) for v in each["values"])
            )
        else:
            others[name] = each
    return contests, others


def union(versions: Iterable[Set[Frozen]]) -> Set[Frozen]:
    """The law, on sets."""
    base, left, right = versions
    if left == base:
        return right
    if right in (base, left):
        return left
    return (left | right) - (base - (left & right))


@dataclass(slots=True)
class Values:
    """The merge of one record's fields: three maps, base first, and afterwards the contests that
    remain.
    """

    sides: Sequence[Mapping[str, Raw]]
    fields: Mapping[str, Field]
    contests: dict[str, Contest] = field(default_factory=dict)
    _old: tuple[dict[str, Contest], ...] = ()
    _others: tuple[dict[str, Raw], ...] = ()

    def __post_init__(self) -> None:
        read = [read_contests(side.get(CONFLICTS)) for side in self.sides]
        self._old = tuple(contests for contests, _ in read)
        self._others = tuple(others for _, others in read)

    def merge(self) -> dict[str, Raw]:
        """The fields that have a value afterwards, `_conflicts` among them."""
        names = dict.fromkeys(name for side in self.sides for name in side if name != CONFLICTS)
        found = {name: self._value(name, [side.get(name) for side in self.sides]) for name in names}
        fields = {name: value for name, value in found.items() if value is not None}
        conflicts = self._conflicts()
        return {**fields, CONFLICTS: conflicts} if conflicts else fields

    def _conflicts(self) -> dict[str, Raw]:
        others = self._map("", [dict(other) for other in self._others])
        entries: dict[str, Raw] = {name: contest.raw for name, contest in self.contests.items()}
        return {name: each for name, each in sorted({**others, **entries}.items())}

    def _value(self, path: str, raws: Iterable[Raw | None]) -> Raw | None:
        base, left, right = (present(raw) for raw in raws)
        if base == left == right and not any(self._old):
            return base
        states = [
            (freeze(raw) if raw else None, self._below(n, path))
            for n, raw in enumerate((base, left, right))
        ]
        for one, other, number, raw in ((1, 0, 2, right), (2, 0, 1, left), (1, 2, 1, left)):
            if states[one] == states[other]:
                self.contests.update(self._below(number, path))
                return raw
        there = [raw for raw in (base, left, right) if raw is not None]
        contested = any(path in old for old in self._old)
        if all(isinstance(raw, dict) for raw in there) and not contested:
            return (
                self._map(
                    f"{path}.",
                    [raw if isinstance(raw, dict) else {} for raw in (base, left, right)],
                )
                or None
            )
        if any(isinstance(raw, list) for raw in there) and not any(
            isinstance(raw, dict) for raw in there
        ):
            return self._list(path, (base, left, right))
        return self._scalar(path, (base, left, right))

    def _below(self, side: int, path: str) -> dict[str, Contest]:
        """The contests of a field and, if it is a map, of its keys."""
        old = self._old[side]
        if not old:
            return old
        return {
            name: each for name, each in old.items() if name == path or name.startswith(f"{path}.")
        }

    def _map(self, prefix: str, maps: list[dict[str, Raw]]) -> dict[str, Raw]:
        names = [name for each in maps for name in each]
        found = {
            name: self._value(prefix + name, [each.get(name) for each in maps])
            for name in dict.fromkeys(names)
        }
        wanted: dict[Id, Raw] = {
            (name,): value for name, value in found.items() if value is not None
        }
        order = weave(([(name,) for name in each] for each in maps), wanted)
        return {str(id[0]): wanted[id] for id in order}

    def _list(self, path: str, raws: tuple[Raw | None, ...]) -> Raw | None:
        sides = [self._elements(number, path, raw) for number, raw in enumerate(raws)]
        wanted = union(set(side) for side in sides)
        order = weave(sides, dict.fromkeys(id for id in wanted if isinstance(id, tuple)))
        items: list[Raw] = [thaw(id[0]) for id in order]
        if (
            len(items) == 1
            and isinstance(items[0], str)
            and not all(isinstance(r, list) for r in raws[1:])
        ):
            return items[0]
        return items or None

    def _elements(self, side: int, path: str, raw: Raw | None) -> list[Id]:
        """The items of a list; equal ones are told apart by their number, so that none is lost."""
        alone: list[Raw] = [] if raw is None else [raw]
        items = raw if isinstance(raw, list) else alone
        contest = self._old[side].get(path)
        frozen = [*map(freeze, items), *(contest.values if contest else ())]
        return [(each, frozen[:at].count(each)) for at, each in enumerate(frozen)]

    def _scalar(self, path: str, raws: tuple[Raw | None, ...]) -> Raw | None:
        sets = [self._candidates(number, path, raw) for number, raw in enumerate(raws)]
        values = union(sets)
        if len(values) < 2:
            return next((thaw(value) for value in values), None)
        base = self._base(path, raws[0])
        shown, rest = choose(self.fields.get(path), None if base is None else freeze(base), values)
        if rest:
            self.contests[path] = Contest(base, tuple(rest))
        return thaw(shown)

    def _candidates(self, side: int, path: str, raw: Raw | None) -> Set[Frozen]:
        contest = self._old[side].get(path)
        values = set(contest.values) if contest else set()
        if raw is not None and not (contest and raw == contest.base and len(values) > 1):
            values.add(freeze(raw))
        return frozenset(values)

    def _base(self, path: str, raw: Raw | None) -> Raw | None:
        if path in self._old[0]:
            return self._old[0][path].base
        bases = [freeze(old[path].base or "") for old in self._old[1:] if path in old]
        return thaw(min(bases, key=size)) or None if bases else raw

"""Facts: computed fields. Each is declared by the room it belongs to, for queries, columns and
templates.

`needs` says what a fact rests on, and so how long its value holds: FILE, the record's own file;
SETTINGS, that and the settings (both are kept with the record in the cache); DAY, that and the day;
MOMENT, that and the time of day; STORE, other records too. A STORE fact that is asked of many
records has a `source`, which works out all of them at once: see `shared_facts`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from plaincrm.core.records.record import Record
from plaincrm.core.records.store import Store
from plaincrm.core.value_class import fresh, value
from plaincrm.core.values import types
from plaincrm.core.values.types import TYPES

if TYPE_CHECKING:
    from plaincrm.core.records.segment import Segment
    from plaincrm.core.records.shared_facts import SharedFact, SharedFactCache
    from plaincrm.core.schema.settings import Settings


class Needs(Enum):
    FILE = "file"
    SETTINGS = "settings"
    DAY = "day"
    MOMENT = "moment"
    STORE = "store"


@value
class Fact:
    """A computed field of a kind (`*`: of every kind).

    A fact named `is:x` is a flag, asked as `is:x`; any other has a type of `values.types` and is
    asked like a field. `compute` returns a value of that type, or None where there is none.
    `mask`: for a flag that the cache does not keep, its value for every record of the kind, in the
    order of the store, from columns alone.
    """

    kind: str
    name: str
    type: str
    needs: Needs
    doc: str
    compute: Callable[[Record, Context], Any]
    source: SharedFact | None = None
    mask: Callable[[Context], Sequence[bool]] | None = None

    @classmethod
    def shared(cls, kind: str, type: str, doc: str, source: SharedFact) -> Fact:
        """The fact that shows the values of `source`, of its name."""

        def compute(record: Record, context: Context) -> Any:
            from plaincrm.core.records.shared_facts import shared_value

            found = shared_value(source, record, context)
            return context.typed(found, type)

        return cls(kind, source.name, type, Needs.STORE, doc, compute, source)

    @property
    def kept(self) -> bool:
        """Whether the cache keeps its values."""
        return self.needs in (Needs.FILE, Needs.SETTINGS)


@value
class Context:
    """What a fact may look at besides its record: the day, the settings, the other records, other
    facts.

    `segments` are the saved queries by name, for queries that name them; `sequences` the book's
    sequences of mails (`crm.named_files`). `lists` are the hashes of addresses that the book
    keeps, by the name of the list: `suppressed`, `erased`.
    """

    store: Store
    settings: Settings
    now: datetime
    facts: Facts
    segments: Mapping[str, Segment] = fresh(factory=dict)
    sequences: Mapping[str, Any] = fresh(factory=dict)
    lists: Mapping[str, frozenset[str]] = fresh(factory=lambda: defaultdict(frozenset))
    memo: dict[str, tuple[int, Any]] = fresh(factory=dict)
    keep: SharedFactCache | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    def fact(self, record: Record, name: str) -> Any:
        """The value of a fact of `record`; None where the kind has no such fact."""
        fact = self.facts.find(record.kind.name, name)
        return self.value(fact, record) if fact else None

    def value(self, fact: Fact, record: Record) -> Any:
        """The value of `fact` of `record`, from the cache if it is kept there; of a file just read
        worked out once.
        """
        if record.kept is None and fact.name in record.known:
            return record.known[fact.name]
        if not fact.kept:
            return fact.compute(record, self)
        if record.kept is None:
            return self.once(record, fact.name, fact.compute)
        return self.typed(record.kept.facts(fact.name)[record.row], fact.type)

    def typed(self, kept: Any, type_name: str) -> Any:
        """A value as it is kept (see `plain`), as one of its type."""
        if isinstance(kept, str) and type_name != "plain" and not TYPES[type_name].textual:
            return types.read(type_name, kept, self.settings.currency)
        return kept

    def once(self, record: Record, name: str, compute: Callable[[Record, Context], Any]) -> Any:
        """What `compute` makes of the record's file and the settings alone, worked out once for
        each record.
        """
        known = record.known
        if name not in known:
            known[name] = compute(record, self)
        return known[name]

    def column(self, kind: str, name: str) -> list[Any]:
        """The fact `name`, one that the cache keeps or that has a source, of every record of the
        kind; typed ones as `plain` text.
        """
        facts = self.facts.every(kind)
        source = facts[name].source if facts.needs_others(name) else None
        if source is not None:
            from plaincrm.core.records.shared_facts import shared_column

            return shared_column(source, kind, self)
        collection = self.store.collection(kind)
        return collection.facts(name, lambda record: plain(self.value(facts[name], record)))

    def shared(self, name: str, compute: Callable[[Context], Any]) -> Any:
        """What many facts need and `compute` works out once, again only after the store has
        changed.
        """
        version = self.store.version
        if self.memo.get(name, (-1,))[0] != version:
            self.memo[name] = (version, compute(self))
        return self.memo[name][1]


def plain(value: Any) -> Any:
    """A fact's value as the cache keeps it: text for what `types.read` can read back, all else as
    it is.
    """
    return value if value is None or isinstance(value, (bool, int, str, tuple)) else str(value)


@value
class FactModule:
    """A module that declares facts, and what imports it. `names`: what it declares for each kind
    (`*`: for every kind), each with whether it needs other records.
    """

    names: Mapping[str, Mapping[str, bool]]
    load: Callable[[], Iterable[Fact]]


Source: TypeAlias = FactModule | Fact


class Facts:
    """All facts, by kind and name. It is made of modules, and of facts that are there already."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = tuple(sources)
        self._loaded: dict[int, dict[tuple[str, str], Fact]] = {}
        self._found: dict[tuple[str, str], Fact | None] = {}
        self._by_kind: dict[str, KindFacts] = {}
        self._named: dict[str, KindFacts] = {}

    @cached_property
    def all(self) -> tuple[Fact, ...]:
        """Every fact; imports every module."""
        places = range(len(self.sources))
        return tuple(fact for place in places for fact in self._facts(place).values())

    def every(self, kind: str) -> KindFacts:
        """All facts of a kind, the internal ones (`_name`) too, from which others are computed."""
        if kind not in self._by_kind:
            self._by_kind[kind] = self._of(kind, "*")
        return self._by_kind[kind]

    def of(self, kind: str) -> KindFacts:
        """The facts of a kind that users may name."""
        if kind not in self._named:
            self._named[kind] = self._of(kind, "*").open()
        return self._named[kind]

    def own(self, kind: str) -> Mapping[str, Fact]:
        """The facts that are declared for this kind, without those of every kind."""
        return self._of(kind)

    def find(self, kind: str, name: str) -> Fact | None:
        key = kind, name
        if key not in self._found:
            self._found[key] = self.every(kind).get(name)
        return self._found[key]

    def kept(self, kind: str) -> list[Fact]:
        """The facts of a kind that its cache keeps."""
        return [fact for fact in self.every(kind).values() if fact.kept]

    def _of(self, *kinds: str) -> KindFacts:
        found = {}
        for place, source in enumerate(self.sources):
            for kind, names in _names(source).items():
                if kind in kinds:
                    found.update({name: (place, kind, needs) for name, needs in names.items()})
        return KindFacts(self._fact, found)

    def _fact(self, place: int, kind: str, name: str) -> Fact:
        return self._facts(place)[kind, name]

    def _facts(self, place: int) -> dict[tuple[str, str], Fact]:
        """The facts of one source, by kind and name."""
        if place not in self._loaded:
            source = self.sources[place]
            facts = source.load() if isinstance(source, FactModule) else (source,)
            self._loaded[place] = {(fact.kind, fact.name): fact for fact in facts}
        return self._loaded[place]


class KindFacts(Mapping[str, Fact]):
    """The facts of one kind by name. The names are there; a fact is imported as it is asked for."""

    def __init__(
        self, fact: Callable[[int, str, str], Fact], places: Mapping[str, tuple[int, str, bool]]
    ) -> None:
        self._fact = fact
        # The source of each name, the kind it is declared for, whether it needs other records.
        self._places = places

    def __getitem__(self, name: str) -> Fact:
        place, kind, _ = self._places[name]
        return self._fact(place, kind, name)

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def needs_others(self, name: str) -> bool:
        """Whether the fact of that name rests on other records."""
        return self._places[name][2]

    def open(self) -> KindFacts:
        """Those that users may name."""
        named = {name: at for name, at in self._places.items() if not name.startswith("_")}
        return KindFacts(self._fact, named)


def _names(source: Source) -> Mapping[str, Mapping[str, bool]]:
    if isinstance(source, FactModule):
        return source.names
    return {source.kind: {source.name: source.needs is Needs.STORE}}

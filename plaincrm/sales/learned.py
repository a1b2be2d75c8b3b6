"""The learned score of open deals: what those that were won have in common.

`learned:` of the settings says which fields it looks at. A field that deals don't have is taken of
their contact, else of their company: `country`, or `contact.country` to be exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.records.timeline_facts import KeptChange
from plaincrm.core.schema.kinds import Schema
from plaincrm.core.schema.settings import Settings, SettingsSection
from plaincrm.core.schema.settings_reader import SettingsReader
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import Raw, items
from plaincrm.core.values.value_type import Type
from plaincrm.sales.deals import DealFigures
from plaincrm.sales.naive_bayes import LearnedScore, Model, Sample, Trait

LONGEST = 40  # characters of a text that may say something about a deal; longer ones are prose
_LINKS = ("contact", "company")
# What names the deal, says how it ended, or is its stage.
_SILENT = frozenset(
    {
        "name",
        "aliases",
        "stage",
        "pipeline",
        "forecast",
        "lost_reason",
        "items",
    }
)


@value
class LearnedSettings:
    """The fields that the learned score looks at; none named: see `default_fields`."""

    fields: tuple[str, ...] = ()


def _read(reader: SettingsReader, raw: Raw | None, _: Settings) -> LearnedSettings:
    found = reader.map(raw, ("learned",))
    reader.known(("learned",), found, ("fields",))
    return LearnedSettings(tuple(item.text for item in items(found.get("fields"))))


SECTION = SettingsSection("learned", _read)


def default_fields(schema: Schema) -> tuple[str, ...]:
    """Every enum, flag, tag, link and short text of deals, but what tells how they ended."""
    fields = schema.kinds["deal"].fields.values()
    return tuple(f.name for f in fields if _groups(f.value_type) and f.name not in _SILENT)


def _groups(type: Type) -> bool:
    """Whether a value can say what a deal has in common with others."""
    return type.choice or type.flag or type.links or type.free


def known_field(name: str, context: Context) -> bool:
    """Whether deals, contacts or companies have such a field, or carry such a key."""
    link, _, rest = name.partition(".")
    kinds = (link,) if rest and link in _LINKS else ("deal", *_LINKS)
    wanted = rest if rest and link in _LINKS else name
    collections = (context.store.collection(kind) for kind in kinds)
    declared = any(wanted in context.store.schema.kinds[kind].fields for kind in kinds)
    return declared or any(wanted in each.names() for each in collections)


def models(context: Context) -> Mapping[str, Model]:
    """What was learned, by the folded name of the pipeline."""
    found: Mapping[str, Model] = context.shared("learned", _learn)
    return found


def score_of(deal: Record, context: Context, *, force: bool = False) -> LearnedScore | None:
    """The learned score of an open deal; None of others, and while there is too little history,
    unless `force`.
    """
    model = model_of(deal, context)
    if model is None or not context.fact(deal, "is:open") or not (model.enough or force):
        return None
    traits = _traits(context)
    place = context.store.collection("deal").places[fold(deal.id)]
    return model.score(Sample(_place(model.stages, deal.text("stage")), traits(place)))


def model_of(deal: Record, context: Context) -> Model | None:
    """That of its pipeline; of one where nothing ended yet what the others teach together."""
    learned, pipeline = models(context), fold(deal.text("pipeline") or "default")
    own = learned.get(pipeline)
    if own is not None or not learned:
        return own
    found: dict[str, Model] = context.shared("learned by others", lambda _: {})
    if pipeline not in found:
        found[pipeline] = Model.pooled(list(learned.values()), _open_stages(pipeline, context))
    return found[pipeline]


def _place(stages: Sequence[str], name: str) -> int:
    wanted = fold(name)
    return next((n for n, stage in enumerate(stages) if fold(stage) == wanted), -1)


def _learn(context: Context) -> dict[str, Model]:
    samples: dict[str, list[Sample]] = {}
    traits = _traits(context)
    sums, changed = (context.column("deal", name) for name in ("_figures", "_changes"))
    for place, (row, changes) in enumerate(zip(sums, changed, strict=True)):
        figures = DealFigures.read(row)
        if figures.status in ("won", "lost"):
            pipeline = fold(figures.pipeline)
            stages = _open_stages(pipeline, context)
            before = _place(stages, _left(map(KeptChange.read, changes or ()), figures.stage))
            sample = Sample(max(before, 0), traits(place), figures.status == "won")
            samples.setdefault(pipeline, []).append(sample)
    return {
        pipeline: Model(found, _open_stages(pipeline, context))
        for pipeline, found in samples.items()
    }


def _open_stages(pipeline: str, context: Context) -> tuple[str, ...]:
    found = context.settings.pipeline(pipeline)
    return tuple(stage.name for stage in found.stages if stage.role == "open") if found else ()


def _left(changes: Iterable[KeptChange], ended_in: str) -> str:
    """The stage that a deal was in before it ended."""
    moves = [
        each.old for each in changes if each.type == "stage" and fold(each.new) == fold(ended_in)
    ]
    return moves[-1] if moves else ""


Traits = Callable[[int], tuple[Trait, ...]]


def _traits(context: Context) -> Traits:
    """A function that gives the traits of the deal at a place."""
    found: Traits = context.shared("traits", _reading)
    return found


def _reading(context: Context) -> Traits:
    names = context.settings.section(SECTION).fields or default_fields(context.store.schema)
    columns = [(name, _column(name, context)) for name in names]

    def traits(place: int) -> tuple[Trait, ...]:
        return tuple((name, text) for name, column in columns for text in _texts(column[place]))

    return traits


def _texts(raw: Raw | None) -> Iterator[str]:
    if raw is None:
        return
    for item in items(raw):
        if len(item.text) <= LONGEST:
            yield fold(item.text)


def _column(name: str, context: Context) -> Sequence[Raw | None]:
    """The field of every deal, or of what the deal links to."""
    deals = context.store.collection("deal")
    link, _, rest = name.partition(".")
    if rest and link in _LINKS:
        return _linked(context, link, rest)
    if name in context.store.schema.kinds["deal"].fields or name in deals.names():
        return deals.column(name)
    both = [_linked(context, each, name) for each in _LINKS]
    return [first if first is not None else second for first, second in zip(*both, strict=True)]


def _linked(context: Context, link: str, name: str) -> list[Any]:
    """The field `name` of the first record that each deal links to by `link`."""
    deals, targets = (context.store.collection(kind) for kind in ("deal", link))
    column, places, lead = targets.column(name), targets.places, context.store.leading(link)
    found: list[Any] = []
    for raw in deals.column(link):
        first = next(items(raw), None)
        place = places.get(lead(first.text)) if first is not None else None
        found.append(None if place is None else column[place])
    return found

"""Naive Bayes over won and lost deals, as Odoo's predictive lead scoring does it.

Each (field, value) has won + 0.1 and lost + 0.1. The totals of a field are the sums of these
smoothed counts over the values that were seen. A won deal counts in every stage; a lost one in its
stage and all before it. W and L are the counts of the first stage; the prior is W / (W + L), and a
stage is held against W and L. A deal's score is its share of

    prior × Π won(value) / total won(field)     against the same for lost

Values never seen are left out. Each tag is a value of one field; tags of fewer than 50 deals are
left out, of the totals too. Source: Odoo, addons/crm/models/crm_lead.py (`_pls_*`), from its
documented behaviour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TypeVar

from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import value

SMOOTHING = Decimal("0.1")
LEAST_TAGGED = 50  # deals with a tag, below which the tag says nothing
ENOUGH = 40  # won and lost deals each that a score needs (as in Microsoft Dynamics)
_LEAST, _MOST = Decimal("0.01"), Decimal("99.99")
_HUNDREDTH = Decimal("0.01")
_ZERO = Decimal(0)
_UNSEEN = (_ZERO, _ZERO)
TAGS = "tags"
Counts = tuple[Decimal, Decimal]  # of won and of lost deals
Trait = tuple[str, str]


@value
class Sample:
    """A deal that ended, or one to be scored. `stage` is the place of the stage that it is in, or
    was in before it was lost; `traits` are its (field, value) pairs.
    """

    stage: int
    traits: tuple[Trait, ...]
    won: bool = False


@value
class LearnedTerm:
    """What one trait adds: its share among the won and among the lost deals."""

    field: str
    value: str
    won: Decimal
    lost: Decimal

    @property
    def lift(self) -> Decimal:
        """How much likelier the trait is among won deals; over 1 it speaks for winning."""
        return self.won / self.lost


@value
class LearnedScore:
    """The chance to be won in per cent, to two places, and the terms that it is made of."""

    score: Decimal
    terms: tuple[LearnedTerm, ...]


class Model:
    """What the won and lost deals of one pipeline teach; `stages` are its open stages, in order."""

    def __init__(self, samples: Iterable[Sample], stages: Sequence[str]) -> None:
        self.stages = tuple(stages)
        self.won = self.lost = 0
        counts: dict[Trait, list[int]] = defaultdict(lambda: [0, 0])
        reached = [[0, 0] for _ in self.stages]
        for sample in samples:
            side = 0 if sample.won else 1
            self.won, self.lost = self.won + (side == 0), self.lost + (side == 1)
            for trait in dict.fromkeys(sample.traits):
                counts[trait][side] += 1
            last = len(self.stages) - 1 if sample.won else sample.stage
            for place in range(min(last, len(self.stages) - 1) + 1):
                reached[place][side] += 1
        self._counts = {
            trait: (won + SMOOTHING, lost + SMOOTHING)
            for trait, (won, lost) in counts.items()
            if trait[0] != TAGS or won + lost >= LEAST_TAGGED
        }
        self._stages = [(won + SMOOTHING, lost + SMOOTHING) for won, lost in reached]
        self._ended = self._stages[0] if self._stages else (SMOOTHING, SMOOTHING)
        self._totals = self._sums()

    @classmethod
    def pooled(cls, models: Sequence[Model], stages: Sequence[str]) -> Model:
        """What several pipelines teach one without a past, with `stages` of its own: their smoothed
        counts, summed. A stage that none of them has says nothing.
        """
        found = cls((), stages)
        reached: dict[str, Counts] = {}
        for model in models:
            found.won, found.lost = found.won + model.won, found.lost + model.lost
            _add(found._counts, model._counts.items())
            _add(reached, zip(map(fold, model.stages), model._stages, strict=True))
        found._stages = [reached.get(fold(stage), _UNSEEN) for stage in found.stages]
        ended = [model._ended for model in models]
        found._ended = (
            sum((won for won, _ in ended), _ZERO),
            sum((lost for _, lost in ended), _ZERO),
        )
        found._totals = found._sums()
        return found

    def _sums(self) -> dict[str, Counts]:
        totals: dict[str, Counts] = {}
        for (field, _), (won, lost) in self._counts.items():
            before = totals.get(field, _UNSEEN)
            totals[field] = before[0] + won, before[1] + lost
        return totals

    @property
    def enough(self) -> bool:
        """Whether there is history enough for a score."""
        return self.won >= ENOUGH and self.lost >= ENOUGH

    @property
    def history(self) -> str:
        """What there is and what is needed: `12/40 won, 7/40 lost`."""
        return f"{self.won}/{ENOUGH} won, {self.lost}/{ENOUGH} lost"

    def score(self, deal: Sample) -> LearnedScore | None:
        """The score of an open deal; None where nothing was ever won, or ever lost."""
        if not self.won or not self.lost or not self._stages:
            return None
        terms = tuple(self._terms(deal))
        won = lost = Decimal(1)
        for term in terms:
            won, lost = won * term.won, lost * term.lost
        share = (100 * won / (won + lost)).quantize(_HUNDREDTH, ROUND_HALF_EVEN)
        return LearnedScore(min(max(share, _LEAST), _MOST), terms)

    def _terms(self, deal: Sample) -> Iterable[LearnedTerm]:
        won, lost = self._ended
        yield LearnedTerm("prior", "", won / (won + lost), lost / (won + lost))
        if 0 <= deal.stage < len(self._stages):
            here = self._stages[deal.stage]
            if here != _UNSEEN:
                yield LearnedTerm("stage", self.stages[deal.stage], here[0] / won, here[1] / lost)
        for trait in dict.fromkeys(deal.traits):
            counts = self._counts.get(trait)
            if counts is not None:
                totals = self._totals[trait[0]]
                yield LearnedTerm(*trait, counts[0] / totals[0], counts[1] / totals[1])


_Key = TypeVar("_Key")


def _add(sums: dict[_Key, Counts], counts: Iterable[tuple[_Key, Counts]]) -> None:
    for key, (won, lost) in counts:
        before = sums.get(key, _UNSEEN)
        sums[key] = before[0] + won, before[1] + lost

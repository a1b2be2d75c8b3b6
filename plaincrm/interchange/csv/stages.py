"""The stages that a file's deals are in, so that a pipeline can be made of them or they be mapped
to one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from plaincrm.interchange.csv.draft import Draft, first

_ROLES = ("open", "won", "lost")


@dataclass(frozen=True, slots=True)
class StageSeen:
    """A stage as the file names it; `role` open, won or lost; `probability` in per cent, or None.

    `count` deals are in it. Where its deals differ in probability, it is that of most, then the
    lowest.
    """

    name: str
    role: str
    probability: Decimal | None
    count: int


def seen(drafts: Iterable[Draft]) -> tuple[StageSeen, ...]:
    """The stages of the deals among `drafts` in the order of a pipeline: open by probability, won,
    lost.

    Memory is that of the stages, not of the deals.
    """
    outcomes: dict[str, Counter[str]] = {}
    chances: dict[str, Counter[Decimal]] = {}
    for draft in drafts:
        name = first(draft.fields.get("stage", ""))
        if draft.kind != "deal" or not name:
            continue
        outcomes.setdefault(name, Counter())[draft.outcome or "open"] += 1
        if chance := first(draft.fields.get("probability", "")):
            chances.setdefault(name, Counter())[Decimal(chance)] += 1
    stages = (_stage(name, roles, chances.get(name, Counter())) for name, roles in outcomes.items())
    return tuple(sorted(stages, key=lambda s: (_ROLES.index(s.role), s.probability or Decimal(0))))


def _stage(name: str, roles: Counter[str], chances: Counter[Decimal]) -> StageSeen:
    role = max(roles, key=lambda role: (roles[role], -_ROLES.index(role)))
    chance = min(chances, key=lambda value: (-chances[value], value)) if chances else None
    return StageSeen(name, role, chance, sum(roles.values()))

"""Likeness of names: for a name that was half remembered, and for "is somebody like that there
already?".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.text.fold import fold
from plaincrm.core.value_class import value
from plaincrm.core.values.raw import Raw, items

SHOWN = 8
ALIKE = 90  # of 100, from which two whole names are much alike


def closest(word: str, records: Sequence[Record], score: float) -> list[Record]:
    """The records whose names are like `word` (at least `score` of 100), likest first.

    The best one alone where it stands clearly above the rest.
    """
    from rapidfuzz import fuzz, process

    names = [fold(record.title) for record in records]
    found = process.extract(fold(word), names, scorer=fuzz.WRatio, score_cutoff=score, limit=SHOWN)
    if len(found) > 1 and found[0][1] - found[1][1] >= 10:
        found = found[:1]
    return [records[index] for _, _, index in found]


def same_name(one: str, other: str) -> float:
    """How alike two whole names are, 0 to 100, whatever the order of their words."""
    from rapidfuzz import fuzz

    return float(fuzz.token_sort_ratio(fold(one), fold(other)))


def slips(one: str, other: str) -> float:
    """How alike two words are, 0 to 100, by the slips of the pen (a letter more, less, other,
    swapped) between them.
    """
    from rapidfuzz.distance import OSA

    return 100.0 * OSA.normalized_similarity(one, other)


def evidence(
    fields: Mapping[str, Raw], kind: Kind, records: Sequence[Record]
) -> list[tuple[Record, str]]:
    """Those of `records`, all of `kind`, that a new record with `fields` may be, each with the
    reasons.

    People and organisations are compared by e-mail, phone, domain and the likeness of names; of
    other kinds only the same name counts. Tickets are never alike: people ask the same thing twice.
    """
    if kind.name == "ticket":
        return []
    new = _Traits.of(fields, kind)
    found = ((record, ", ".join(new.shared(_Traits.of(record.fields, kind)))) for record in records)
    return [(record, why) for record, why in found if why]


def digits(phone: str) -> str:
    """The last nine digits of a number: what stays the same in every way of writing it."""
    return re.sub(r"\D", "", phone)[-9:]


@value
class _Traits:
    """What tells a person or an organisation from another; None of it is guessed."""

    name: str
    emails: frozenset[str]
    phones: frozenset[str]
    domains: frozenset[str]
    by_likeness: bool

    @classmethod
    def of(cls, fields: Mapping[str, Raw], kind: Kind) -> _Traits:
        def texts(name: str) -> list[str]:
            return [item.text for item in items(fields.get(name))] if name in kind.fields else []

        return cls(
            fold(next(iter(texts(kind.title)), "").strip()),
            frozenset(fold(text) for text in texts("email")),
            frozenset(digits(text) for text in texts("phone")) - {""},
            frozenset(_host(text) for name in ("domain", "website") for text in texts(name)) - {""},
            kind.name in ("contact", "company"),
        )

    def shared(self, other: _Traits) -> Iterator[str]:
        yield from (f"same e-mail {address}" for address in sorted(self.emails & other.emails))
        if self.phones & other.phones:
            yield "same phone number"
        yield from (f"same domain {domain}" for domain in sorted(self.domains & other.domains))
        if self.name and self.name == other.name:
            yield "same name"
        elif self.by_likeness and same_name(self.name, other.name) >= ALIKE:
            yield "a name much like it"


def _host(text: str) -> str:
    """`www.fjord.example` of `https://www.fjord.example/en`, without the www."""
    host = re.sub(r"^[a-z]+://", "", fold(text.strip())).partition("/")[0]
    return host.removeprefix("www.")

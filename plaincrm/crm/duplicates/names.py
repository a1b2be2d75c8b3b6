"""How alike two names are, 0 to 100: slips of the pen, initials, middle names, first and last name swapped."""

from __future__ import annotations

from collections.abc import Sequence

from plaincrm.crm.likeness import slips

UNKNOWN = 80  # a part that only one of the two names has
INITIAL = 92
SHORTENED = 80  # Alex and Alexander; Paul and Paula too
WITHIN = 95  # all words of one name, two or more, are in the other
OTHER = 60  # below it two first names are those of two people


def person(one: Sequence[str], other: Sequence[str]) -> tuple[float, float, bool]:
    """(likeness of the whole, likeness of the first names, whether first and last name are swapped)."""
    if not one or not other:
        return 0, UNKNOWN, False
    (first, last), (given, family) = _parts(one), _parts(other)
    straight, swapped = _joined(first, given, last, family), _joined(first, family, last, given)
    if swapped[0] > straight[0] and first and given:
        return *swapped, True
    shorter, longer = sorted((set(one), set(other)), key=len)
    within = len(shorter) > 1 and shorter <= longer
    return max(straight[0], WITHIN if within else 0), straight[1], False


def organisation(one: Sequence[str], other: Sequence[str]) -> float:
    if not one or not other:
        return 0
    if set(one) <= set(other) or set(other) <= set(one):
        return 100 if len(one) == len(other) else 85
    return max(slips("".join(one), "".join(other)), slips(" ".join(sorted(one)), " ".join(sorted(other))))


def _parts(words: Sequence[str]) -> tuple[str, str]:
    return (words[0], words[-1]) if len(words) > 1 else (words[0], "")


def _joined(first: str, given: str, last: str, family: str) -> tuple[float, float]:
    one, other = _part(first, given), _part(last, family)
    return (min(one, other) + (one + other) / 2) / 2, one


def _part(one: str, other: str) -> float:
    if not one or not other:
        return UNKNOWN
    if min(len(one), len(other)) == 1:
        return INITIAL if one[0] == other[0] else 0
    found = slips(one, other)
    shortened = min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one))
    return max(found, SHORTENED) if shortened else found

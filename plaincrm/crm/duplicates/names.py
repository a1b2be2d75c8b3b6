"""How alike two names are, 0 to 100: slips of the pen, initials, middle names, first and last name
swapped.
"""

from __future__ import annotations

from collections.abc import Sequence

from plaincrm.crm.similarity import slips

UNKNOWN = 80  # a part that only one of the two names has
INITIAL = 92
SHORTENED = 80  # Alex and Alexander; Paul and Paula too
WITHIN = 97  # all words of one name, two or more, are in the other
OTHER = 60  # below it two first names are those of two people


def person(one: Sequence[str], other: Sequence[str]) -> tuple[float, float, bool]:
    """(likeness of the whole, likeness of the first names, whether first and last name are
    swapped).
    """
    if not one or not other:
        return 0, UNKNOWN, False
    shorter, longer = sorted((set(one), set(other)), key=len)
    if len(shorter) > 1 and shorter < longer:
        return WITHIN, WITHIN, False
    (first, last), (given, family) = _parts(one), _parts(other)
    straight = _part(first, given), _part(last, family)
    swapped = _part(first, family), _part(last, given)
    if _whole(swapped) > _whole(straight) and first and given:
        return (
            _whole(swapped),
            min(swapped),
            True,
        )  # nobody knows which of the two is the first name
    return _whole(straight), straight[0], False


def _whole(parts: tuple[float, float]) -> float:
    return (min(parts) + sum(parts) / 2) / 2


def organisation(one: Sequence[str], other: Sequence[str]) -> float:
    if not one or not other:
        return 0
    if set(one) <= set(other) or set(other) <= set(one):
        return 100 if len(one) == len(other) else 85
    return max(
        slips("".join(one), "".join(other)), slips(" ".join(sorted(one)), " ".join(sorted(other)))
    )


def _parts(words: Sequence[str]) -> tuple[str, str]:
    return (words[0], words[-1]) if len(words) > 1 else (words[0], "")


def _part(one: str, other: str) -> float:
    if not one or not other:
        return UNKNOWN
    if min(len(one), len(other)) == 1:
        return INITIAL if one[0] == other[0] else 0
    found = slips(one, other)
    shortened = min(len(one), len(other)) > 2 and (one.startswith(other) or other.startswith(one))
    return max(found, SHORTENED) if shortened else found

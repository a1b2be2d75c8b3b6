"""Which records to compare: those that share a blocking key. Comparing all with all takes too long.

A block that many records are in (a company of hundreds, the number of a switchboard) says little of
any two of them: sorted by name, each is compared with its neighbours only, so the time grows with
the number of records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from plaincrm.crm.duplicates.features import DuplicateFeatures

WHOLE = 24  # records of a block that are all compared with one another
NEIGHBOURS = 8
_SILENT = frozenset("aeiouyh")


def candidates(all_traits: Sequence[DuplicateFeatures]) -> set[tuple[int, int]]:
    """Pairs of places, the smaller first, that are worth a look."""
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(all_traits):
        for key in set(keys(each)):
            blocks[key].append(place)
    return {
        pair for block in blocks.values() if len(block) > 1 for pair in _pairs(block, all_traits)
    }


def _pairs(block: list[int], all_traits: Sequence[DuplicateFeatures]) -> Iterator[tuple[int, int]]:
    if len(block) <= WHOLE:
        yield from combinations(block, 2)
        return
    ordered = sorted(block, key=lambda place: (sorted(all_traits[place].words), place))
    for n, place in enumerate(ordered):
        yield from ((min(place, o), max(place, o)) for o in ordered[n + 1 : n + 1 + NEIGHBOURS])


def keys(each: DuplicateFeatures) -> Iterator[str]:
    """E-mail; phone; surname and first initial with mail domain, company or a phone's last four;
    domain, company; all words of the name.

    Of a company its name takes the place of the surname: it has to be known by nothing else.
    """
    yield from (f"mail {address}" for address in each.emails)
    yield from (f"phone {number}" for number in each.phones)
    yield from (f"at {domain}" for domain in each.domains)
    yield from (f"of {company}" for company in each.companies)
    if each.record.kind.name == "company":
        yield from _company_keys(each)
    else:
        yield from _person_keys(each)


def _person_keys(each: DuplicateFeatures) -> Iterator[str]:
    if len(each.words) < 2:
        return
    yield f"words {' '.join(sorted(each.words))}"
    first, last = each.words[0], each.words[-1]
    hosts = {address.rpartition("@")[2] for address in each.emails}
    beside = [
        *hosts,
        *each.companies,
        *(number[-4:] for number in each.phones),
        *each.places,
        each.birthday,
    ]
    for surname, given in ((last, first), (first, last)):
        yield from (f"name {_skeleton(surname)} {given[:1]} {what}" for what in beside if what)


def _company_keys(each: DuplicateFeatures) -> Iterator[str]:
    if each.words:
        yield f"name {_skeleton(each.words[0])} {len(each.words) > 1 and each.words[1][:1]}"
        yield f"name {_skeleton(''.join(each.words))}"
    if each.vat:
        yield f"vat {each.vat}"


def _skeleton(word: str) -> str:
    """The consonants in alphabetical order: the same for most slips of the pen."""
    return "".join(sorted(set(word) - _SILENT)) or word

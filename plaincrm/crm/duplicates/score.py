"""How likely two records are the same, 0 to 100, with the reasons.

Evidence adds up, as points: the name counts most, then what only one person has, then what people
share. What says that they are two takes points away. Blanks say nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from plaincrm.crm.duplicates import names
from plaincrm.crm.duplicates.features import DuplicateFeatures, is_role
from plaincrm.crm.similarity import slips

Evidence: TypeAlias = tuple[float, str]
Carriers: TypeAlias = Mapping[str, int]
SHARED_BY_MANY = 3  # an e-mail or number that more records have is that of an office
ALIKE = 85
TURNED = 20
"""Points for `Schmidt, Anna` beside `Anna Schmidt` where nothing else can be compared: with those
of the name just enough to be shown. Who types one name twice knows of the first; a program does
not.
"""


def score(
    one: DuplicateFeatures, other: DuplicateFeatures, carriers: Carriers
) -> tuple[int, list[str]]:
    """(points from 0 to 100, the reasons, strongest first). `carriers` counts the records that have
    an e-mail or a phone number."""
    rules = _COMPANY if one.record.kind.name == "company" else _PERSON
    found = [evidence for rule in rules for evidence in rule(one, other, carriers)]
    found.sort(key=lambda each: -each[0])
    points = sum(points for points, _ in found)
    return round(max(0, min(100, points))), [reason for _, reason in found if reason]


def _person_name(
    one: DuplicateFeatures, other: DuplicateFeatures, _: Carriers
) -> Iterator[Evidence]:
    likeness, first, swapped = names.person(one.words, other.words)
    if first < names.OTHER:
        yield -75, "other first names"
    elif likeness > 60:
        same = "same name" if likeness == 100 else f"names alike ({likeness:.0f} %)"
        how = "turned around" if _turned(one, other) else "first and last swapped"
        yield (likeness - 60) * 50 / 40, f"{same}, {how}" if swapped else same
        if swapped and likeness == 100 and _turned(one, other) and not _comparable(one, other):
            yield TURNED, ""


def _turned(one: DuplicateFeatures, other: DuplicateFeatures) -> bool:
    """Whether one of the two is written as `Schmidt, Anna`: another program made it."""
    return ("," in one.record.title) != ("," in other.record.title)


def _comparable(one: DuplicateFeatures, other: DuplicateFeatures) -> bool:
    """Whether both say something beside the name that could tell them apart."""
    return any(
        mine and theirs
        for mine, theirs in (
            (one.emails, other.emails),
            (one.phones, other.phones),
            (one.companies, other.companies),
            (one.places, other.places),
            (one.birthday, other.birthday),
        )
    )


def _organisation_name(
    one: DuplicateFeatures, other: DuplicateFeatures, _: Carriers
) -> Iterator[Evidence]:
    likeness = names.organisation(one.words, other.words)
    if likeness > 70:
        yield (
            (likeness - 70) * 75 / 30,
            "same name" if likeness == 100 else f"names alike ({likeness:.0f} %)",
        )


def _email(
    one: DuplicateFeatures, other: DuplicateFeatures, carriers: Carriers
) -> Iterator[Evidence]:
    shared = sorted(one.emails & other.emails)
    if shared:
        personal = [
            each for each in shared if not is_role(each) and carriers.get(each, 0) <= SHARED_BY_MANY
        ]
        yield (45 if personal else 20), f"same e-mail {(personal or shared)[0]}"
    elif any(_near(mine, theirs) for mine in one.emails for theirs in other.emails):
        yield 25, "e-mails a slip apart"


def _near(one: str, other: str) -> bool:
    """One box, misspelt. Other figures are other boxes: ada1@ is not ada2@."""
    (local, _, host), (box, _, domain) = one.rpartition("@"), other.rpartition("@")
    figures = [[char for char in each if char.isdigit()] for each in (local, box)]
    return (
        host == domain
        and len(local) > 5
        and figures[0] == figures[1]
        and slips(local, box) >= ALIKE
    )


def _phone(
    one: DuplicateFeatures, other: DuplicateFeatures, carriers: Carriers
) -> Iterator[Evidence]:
    shared = sorted(one.phones & other.phones)
    if shared:
        own = [each for each in shared if carriers.get(each, 0) <= SHARED_BY_MANY]
        yield (40 if own else 15), f"same phone {(own or shared)[0]}"


def _workplace(one: DuplicateFeatures, other: DuplicateFeatures, _: Carriers) -> Iterator[Evidence]:
    if one.companies & other.companies:
        yield 25, "same company"
    elif not one.emails & other.emails and one.domains & other.domains:
        yield 25, f"same mail domain {min(one.domains & other.domains)}"


def _address(one: DuplicateFeatures, other: DuplicateFeatures, _: Carriers) -> Iterator[Evidence]:
    if (
        one.street
        and other.street
        and one.places & other.places
        and slips(one.street, other.street) >= ALIKE
    ):
        yield 25, "same address"


def _birthday(one: DuplicateFeatures, other: DuplicateFeatures, _: Carriers) -> Iterator[Evidence]:
    if one.birthday and other.birthday:
        same = one.birthday[-5:] == other.birthday[-5:] and (
            len(one.birthday) != len(other.birthday) or one.birthday == other.birthday
        )
        yield (30, "same birthday") if same else (-40, "other birthday")


def _domain(one: DuplicateFeatures, other: DuplicateFeatures, _: Carriers) -> Iterator[Evidence]:
    if one.domains and other.domains:
        shared = one.domains & other.domains
        yield (45, f"same domain {min(shared)}") if shared else (-25, "other domain")


def _register(one: DuplicateFeatures, other: DuplicateFeatures, _: Carriers) -> Iterator[Evidence]:
    if one.vat and other.vat:
        yield (45, "same tax number") if one.vat == other.vat else (-50, "other tax number")
    if one.country and other.country and one.country != other.country:
        yield -25, "other country"


_Rule: TypeAlias = Callable[[DuplicateFeatures, DuplicateFeatures, Carriers], Iterator[Evidence]]
_PERSON: tuple[_Rule, ...] = (_person_name, _email, _phone, _workplace, _address, _birthday)
_COMPANY: tuple[_Rule, ...] = (_organisation_name, _email, _domain, _phone, _address, _register)

"""Ratings: CSAT and NPS."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from plaincrm.support.feedback import CSAT, NPS, Rating, csat, nps, score_of
from tests.contexts import context

DAY = date(2026, 11, 20)


def of(type: str, *scores: int) -> list[Rating]:
    return [Rating(type, DAY, score) for score in scores]


def test_csat_is_the_share_of_fours_and_fives() -> None:
    figure = csat(of(CSAT, *[5] * 100, *[4] * 50, *[3] * 60, *[1] * 40))
    assert figure.value == Decimal("0.6")
    assert figure.n == 250


def test_nps_is_promoters_less_detractors() -> None:
    figure = nps(of(NPS, *[9] * 40, *[10] * 30, *[7] * 10, *[0] * 20))
    assert figure.value == 50
    assert figure.n == 100


def test_without_answers_there_is_no_figure() -> None:
    assert csat([]).value is None
    assert nps(of(CSAT, 5)).value is None


@pytest.mark.parametrize(
    ("type", "text", "score"),
    [
        (CSAT, "5 Quick and friendly", 5),
        (CSAT, "4/5", 4),
        (CSAT, "0", None),
        (CSAT, "6", None),
        (CSAT, "4.5", None),
        (NPS, "10", 10),
        (NPS, "0: never again", 0),
        (NPS, "11", None),
        (NPS, "often", None),
    ],
)
def test_an_entry_begins_with_its_number(type: str, text: str, score: int | None) -> None:
    assert score_of(type, text) == score


FILES = {
    "companies/big.md": "name: Big",
    "contacts/ada.md": "---\nname: Ada\ncompany: big\n---\n\n## Log\n- 2026-11-01 nps: 9 Yes\n",
    "tickets/one.md": "subject: One\ncontact: ada\ncompany: big\ncsat: 2\nsolved: 2026-10-01",
    "tickets/two.md": """---
subject: Two
contact: ada
csat: 1
solved: 2026-10-05
---

## Log
- 2026-10-06 csat: 5 Better
""",
}


def test_contacts_and_companies_show_what_they_said_last() -> None:
    here = context(FILES)
    ada, big = here.store.get("contact", "ada"), here.store.get("company", "big")
    assert ada and big
    assert here.fact(ada, "feedback.csat") == 5
    assert here.fact(ada, "feedback.nps") == 9
    assert here.fact(big, "feedback.csat") == 2
    assert here.fact(big, "feedback.nps") == 9

"""Health: each term, and what puts a customer at risk."""

from __future__ import annotations

import pytest

from plaincrm.crm.health import health_of
from tests.contexts import context

KIM = "---\nname: Kim\n---\n## Log\n- 2026-11-01 call: Hello\n"


def terms(ticket: str) -> dict[str, object]:
    here = context({"contacts/kim.md": KIM, "tickets/one.md": ticket})
    kim = here.store.get("contact", "kim")
    assert kim is not None
    found = health_of(kim, here)
    return {term.name: term.value for term in found.figure.terms} | {"risks": found.risks}


FIELD = "---\nsubject: One\ncontact: kim\nstatus: solved\nsolved: 2026-10-01\ncsat: {}\n---\n"
ENTRY = "---\nsubject: One\ncontact: kim\nstatus: solved\n---\n## Log\n- 2026-10-02 csat: {} So\n"


@pytest.mark.parametrize("ticket", [FIELD, ENTRY], ids=["field", "log"])
@pytest.mark.parametrize(("score", "points"), [(5, 2), (4, 2), (3, 1), (2, 0), (1, 0)])
def test_ratings_count_wherever_they_are_written(ticket: str, score: int, points: int) -> None:
    found = terms(ticket.format(score))
    assert found["ratings"] == points
    assert found["risks"] == ((f"a ticket was rated {score}",) if score <= 2 else ())


def test_without_a_rating_there_is_one_point() -> None:
    assert terms("---\nsubject: One\ncontact: kim\n---\n")["ratings"] == 1

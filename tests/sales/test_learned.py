"""The learned score of a book's own deals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.schema.settings_file import parse
from plaincrm.crm.settings_sections import NAMES
from plaincrm.sales.learned import default_fields, models, score_of
from tests.contexts import context

SETTINGS = """
pipelines:
  default: {s0: {}, s1: {}, s2: {}, won: {status: won}, lost: {status: lost}}
learned: {fields: [country, state, source]}
"""


def deal(name: str, traits: tuple[int, int, int], stage: str, ended: str = "") -> dict[str, str]:
    fields = "".join(
        f"{field}: {value}\n"
        for field, value in zip(("country", "state", "source"), traits, strict=True)
    )
    moved = f"## Log\n- 2026-01-01 stage: {stage} -> {ended}\n" if ended else ""
    return {f"deals/{name}.md": f"---\nname: {name}\n{fields}stage: {ended or stage}\n---\n{moved}"}


@pytest.mark.parametrize(
    ("ended", "score"),
    [
        ([((0, 0, 0), "s0", "lost"), ((1, 1, 1), "s1", "lost"), ((2, 2, 2), "s2", "won")], "33.49"),
        ([((0, 1, 1), "s2", "lost"), ((0, 1, 2), "s1", "lost"), ((0, 2, 2), "s0", "won")], "7.74"),
        ([((1, 1, 1), "s2", "won"), ((0, 1, 0), "s0", "lost"), ((1, 2, 2), "s0", "lost")], "35.09"),
    ],
)
def test_the_vectors_from_files(
    ended: list[tuple[tuple[int, int, int], str, str]], score: str
) -> None:
    files = deal("open", (0, 1, 2), "s1")
    for n, (traits, stage, end) in enumerate(ended):
        files |= deal(f"d{n}", traits, stage, end)
    book = context(files, settings=parse(SETTINGS, pillars=NAMES))
    found = score_of(_open(book), book, force=True)
    assert found is not None and found.score == Decimal(score)
    assert score_of(_open(book), book) is None
    assert models(book)["default"].history == "1/40 won, 2/40 lost"


def _open(book: Context) -> Record:
    record = book.store.get("deal", "open")
    assert record is not None
    return record


def test_the_fourth_vector_from_files() -> None:
    """Odoo's lead without a team: a pipeline where nothing ended, beside three that have a past."""
    teams = {
        "one": [((0, 0, 0), "s0", "lost"), ((1, 1, 1), "s1", "lost"), ((2, 2, 2), "s2", "won")],
        "two": [((0, 1, 1), "s2", "lost"), ((0, 1, 2), "s1", "lost"), ((0, 2, 2), "s0", "won")],
        "three": [((1, 1, 1), "s2", "won"), ((0, 1, 0), "s0", "lost"), ((1, 2, 2), "s0", "lost")],
    }
    stages = "{s0: {}, s1: {}, s2: {}, won: {status: won}, lost: {status: lost}}"
    lines = "".join(f"  {name}: {stages}\n" for name in ("default", *teams))
    settings = f"pipelines:\n{lines}learned: {{fields: [country, state, source]}}\n"
    files = deal("open", (0, 1, 2), "s1")
    for team, ended in teams.items():
        for n, (traits, stage, end) in enumerate(ended):
            for path, text in deal(f"{team}{n}", traits, stage, end).items():
                files[path] = text.replace("stage: ", f"pipeline: {team}\nstage: ", 1)
    book = context(files, settings=parse(settings, pillars=NAMES))
    found = score_of(_open(book), book, force=True)
    assert found is not None and found.score == Decimal("35.19")
    assert score_of(_open(book), book) is None  # three of 40


def test_a_field_that_deals_have_not_is_that_of_the_contact_else_the_company() -> None:
    files = {
        "contacts/ada.md": "name: Ada\ncountry: DE\naliases: [a]",
        "companies/x.md": "name: X\ncountry: FR",
        "deals/open.md": "name: o\ncontact: a\ncompany: x",
        "deals/won.md": "name: w\ncontact: {main: ada}\nstage: won",
        "deals/lost.md": "name: l\ncompany: x\nstage: lost",
    }
    book = context(files, settings=parse("learned: {fields: [country]}", pillars=NAMES))
    found = score_of(_open(book), book, force=True)
    assert found is not None
    assert [(term.field, term.value) for term in found.terms] == [
        ("prior", ""),
        ("stage", "lead"),
        ("country", "de"),
    ]


def test_by_default_it_looks_at_what_does_not_tell_the_end() -> None:
    names = default_fields(parse("fields: {deal: {nda: bool}}").schema)
    assert {"contact", "company", "tags", "source", "owner", "nda"} <= set(names)
    assert not {"name", "stage", "lost_reason", "value", "next", "closed"} & set(names)

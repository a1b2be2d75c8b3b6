"""`plaincrm.yaml`: everything it may say is read; what is wrong is told with its line, and the
default holds.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.schema.settings import Settings
from plaincrm.core.schema.settings_file import parse
from plaincrm.core.values.duration import Duration

STUDIO = Path(__file__).parents[3] / "examples" / "studio" / "plaincrm.yaml"


def test_the_example_has_no_problem() -> None:
    assert parse(STUDIO.read_text()).problems == ()


def test_an_empty_file_gives_the_defaults() -> None:
    settings = parse("")
    assert settings == Settings(schema=settings.schema)
    assert settings.schema.kinds["deal"].fields["stage"].cases["default"][0] == "lead"


def test_stages_have_roles_chances_and_patience() -> None:
    text = "pipelines: {gigs: {ask: {probability: 0.2, rots_after: 2w}, done: {status: won}}}"
    stages = parse(text).pipelines["gigs"]
    assert [(s.name, s.role, s.probability) for s in stages.stages] == [
        ("ask", "open", Decimal("20.0")),
        ("done", "won", Decimal(100)),
    ]
    assert stages.stages[0].rots_after == Duration(2, "w")
    assert stages.of_role("won") is stages.stages[1] and stages.of_role("lost") is None


def test_own_kinds_and_fields_join_the_schema() -> None:
    settings = parse(
        "kinds: {project: {folder: jobs, fields: {client: {type: ref, to: company}}}}\n"
        "fields: {contact: {diet: {type: enum, values: [vegan, any], doc: For the lunch}}}\n"
    )
    project = settings.schema.find("projects")
    assert (
        project is not None
        and project.folder == "jobs"
        and project.fields["client"].to == "company"
    )
    assert "tags" in project.fields
    assert settings.schema.kinds["contact"].fields["diet"].values == ("vegan", "any")


def test_rates_away_cadence_and_me() -> None:
    settings = parse(
        "me: {name: Ada, email: [a@x.example, b@x.example]}\ncurrency: chf\nrates: {USD: {2026-10:"
        " 0.9}, EUR: 0.95}\naway: [2026-12-21..2027-01-06, 2026-05-01]\ncadence: {+vip:"
        " 30d}\ncommit: manual\n"
    )
    assert settings.me.email == ("a@x.example", "b@x.example") and settings.currency == "CHF"
    assert settings.rates.by_currency == {
        "USD": {"2026-10": Decimal("0.9")},
        "EUR": {"": Decimal("0.95")},
    }
    assert settings.is_away(date(2026, 12, 24)) and settings.is_away(date(2026, 5, 1))
    assert settings.cadence[0].query == "+vip" and settings.commit == "manual"


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("currency: EUR\ntimezon: x\n", 2, "timezone"),
        ("timezone: Mars/Base\n", 1, "Mars/Base"),
        ("pipelines:\n  default:\n    lead: {probability: 300}\n", 3, "300"),
        ("pipelines:\n  default:\n    lead: {status: wonn}\n", 3, "wonn"),
        ("rates:\n  USD: x\n", 2, "x"),
        ("rates:\n  USD: {2026-13: 1}\n", 2, "2026-13"),
        ("away: [2026-13-01]\n", 1, "2026-13-01"),
        ("away: [2026-12-24..2026-12-01]\n", 1, "2026-12-24..2026-12-01"),
        ("fields:\n  contct: {x: text}\n", 2, "contact"),
        ("fields:\n  contact:\n    x: {type: enmu}\n", 3, "enum"),
        ("fields:\n  contact:\n    x: {type: ref, to: planet}\n", 3, "planet"),
        ("kinds:\n  contact: {folder: people}\n", 2, "contact"),
        ("kinds:\n  job: {folder: contacts}\n", 2, "contacts"),
        ("commit: sometimes\n", 1, "sometimes"),
        ("cadence: {+vip: often}\n", 1, "often"),
        ("me: Ada\n", 1, "me"),
        ("currency: euros\n", 1, "EUROS"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, word: str) -> None:
    problems = parse(text).problems
    assert [p.line for p in problems] == [line]
    assert word in problems[0].message + problems[0].hint


@given(st.text(max_size=200))
def test_no_text_stops_the_program(text: str) -> None:
    assert isinstance(parse(text), Settings)

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
from plaincrm.core.values.money import Money
from plaincrm.crm.settings_sections import NAMES, all_sections
from plaincrm.sales import goals, invoices, learned, scoring

STUDIO = Path(__file__).parents[3] / "examples" / "studio" / "plaincrm.yaml"


def test_the_example_has_no_problem() -> None:
    settings = parse(STUDIO.read_text(), pillars=NAMES)
    assert settings.problems_of(all_sections()) == ()


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
    assert settings.away_until(date(2026, 12, 24)) and settings.away_until(date(2026, 5, 1))
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
        ("currency: euros\n", 1, "euros"),
        ("goals:\n  2026-Q5: 1 EUR\n", 2, "2026-Q5"),
        ("goals:\n  2026: nothing\n", 2, "nothing"),
        ("goals:\n  2026: 100 EUR/month\n", 2, "no goal"),
        ("score:\n- {when: +vip}\n", 2, "points"),
        ("score:\n- {when: +vip, points: lots}\n", 2, "lots"),
        ("score:\n- {when: +vip, points: 1, half_life: 3d, within: 9d}\n", 2, "never both"),
        ("score:\n- {when: +vip, points: 1, half_live: 3d}\n", 2, "half_life"),
        ("score: {rules: [], limits: {fit: x}}\n", 1, "x"),
        ("invoice: {number: '{year}'}\n", 1, "{n}"),
        ("invoice: {reminders: [3d, soon]}\n", 1, "soon"),
        ("folders: {contact: .hidden}\n", 1, ".hidden"),
        ("folders: {contact: deals}\n", 1, "deals"),
        ("folders: {cntact: People}\n", 1, "contact"),
        ("keys: {deal: {vlaue: amount}}\n", 1, "value"),
        ("private: {kinds: [deels]}\n", 1, "deal"),
        ("mail: {smtp: {port: 25}}\n", 1, "host"),
        ("mail: {smtp: {host: x, port: 99999}}\n", 1, "99999"),
        ("mail: {smtp: {host: x, tls: maybe}}\n", 1, "maybe"),
        ("mail: {smtp: {host: x}, sendmail: msmtp -t}\n", 1, "both"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, word: str) -> None:
    problems = parse(text, pillars=NAMES).problems_of(all_sections())
    assert {p.line for p in problems} == {line}
    assert word in problems[0].message + problems[0].hint


def test_the_sections_of_the_pillars_are_values() -> None:
    settings = parse(
        "goals: {2026-Q4: 30000, 2027: 100000 EUR}\n"
        "score: {rules: [{when: +vip, points: 20, group: fit, half_life: 30d}], limits: {fit: 40}}\n"
        "learned: {fields: [source, contact.country]}\n"
        "invoice: {number: 'R{year}-{n:04}', due: 30d, reminders: [1w]}\n"
        "private: {fields: [birthday], kinds: [tickets]}\n"
        "folders: {contact: People, deal: work/deals}\n"
        "keys: {contact: {name: [first_name, last_name]}}\n"
        "mail: {smtp: {host: mail.example, tls: tls}}\n",
        pillars=NAMES,
    )
    assert settings.problems_of(all_sections()) == ()
    quarter, year = settings.section(goals.SECTION)
    assert (quarter.period.first, quarter.period.last) == (date(2026, 10, 1), date(2026, 12, 31))
    assert year.amount == Money(Decimal(100000), "EUR")
    found = settings.section(scoring.SECTION)
    assert found.rules[0].half_life == Duration(30, "d") and found.limits == {"fit": Decimal(40)}
    assert settings.section(learned.SECTION).fields == ("source", "contact.country")
    assert settings.section(invoices.SECTION).reminders == (Duration(1, "w"),)
    assert settings.private.fields == {"birthday"} and settings.private.kinds == {"ticket"}
    assert settings.schema.kinds["deal"].folder == "work/deals"
    of_path = settings.schema.of_path("work/deals/2026/x.md")
    assert of_path is not None and of_path.name == "deal"
    assert settings.schema.kinds["contact"].keys["name"] == ("first_name", "last_name")
    assert settings.mail.smtp is not None and settings.mail.smtp.port == 465


def test_the_names_of_the_sections_hold_those_of_their_readers() -> None:
    assert {each.name for each in all_sections()} <= set(NAMES)


@given(st.text(max_size=200))
def test_no_text_stops_the_program(text: str) -> None:
    assert isinstance(parse(text), Settings)

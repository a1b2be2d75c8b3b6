"""The types of the schema: what each takes, in the user's own words, and what it refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.schema.kinds import Field, refusal
from plaincrm.core.text.fold import fold
from plaincrm.core.values.dated import Action
from plaincrm.core.values.types import TYPES, read

TAKEN = [
    ("text", "NO", "NO"),
    ("email", "ada@x.example", "ada@x.example"),
    ("email", "ada+crm@mail.x.co.uk", "ada+crm@mail.x.co.uk"),
    ("phone", "+4915112345678", "+4915112345678"),
    ("phone", "(030) 123-45 67 ext. 8", "(030) 123-45 67 ext. 8"),
    ("url", "https://x.example/a?b=c", "https://x.example/a?b=c"),
    ("date", "2026-12-01", date(2026, 12, 1)),
    ("number", "1234.50", Decimal("1234.50")),
    ("percent", "50", Decimal(50)),
    ("percent", "50%", Decimal(50)),
    ("percent", "0.5", Decimal("50.0")),
    ("percent", "1", Decimal(1)),
    ("bool", "on", True),
    ("bool", "No", False),
    ("action", "2026-12-01 Send the contract", Action(date(2026, 12, 1), "Send the contract")),
]
REFUSED = [
    ("email", "ada"),
    ("email", "ada@x"),
    ("email", "ada@x.example."),
    ("email", "a@b.c, d@e.f"),
    ("email", "a\n@b.c"),
    ("phone", "call me"),
    ("url", "javascript:alert(1)"),
    ("date", "2026-02-30"),
    ("date", "2026-12-01 10:00"),
    ("number", "1e3"),
    ("number", "nan"),
    ("number", "1,5"),
    ("percent", "101"),
    ("percent", "-1"),
    ("bool", "maybe"),
    ("action", "Send the contract"),
    ("monthday", "13-01"),
    ("duration", "often"),
    ("money", "4.200"),
]


@pytest.mark.parametrize(("type_name", "text", "value"), TAKEN)
def test_what_a_type_takes(type_name: str, text: str, value: object) -> None:
    assert read(type_name, text) == value


@pytest.mark.parametrize(("type_name", "text"), REFUSED)
def test_what_a_type_refuses(type_name: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(type_name, text)


@given(st.sampled_from(sorted(TYPES)), st.text(max_size=40))
def test_a_refusal_is_a_sentence_and_never_a_crash(type_name: str, text: str) -> None:
    assert isinstance(refusal(Field("x", type_name), text), str)


def test_an_enum_that_depends_on_another_field() -> None:
    stage = Field(
        "stage", "enum", by="pipeline", cases={"default": ("lead", "won"), "gigs": ("ask", "done")}
    )
    assert refusal(stage, "Lead", "default") == ""
    assert "one of ask, done" in refusal(stage, "lead", "gigs")


def test_ids_compare_without_case_in_one_normal_form() -> None:
    assert fold("Jose\u0301") == fold("JOS\u00c9") == "jos\u00e9"

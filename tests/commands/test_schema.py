"""`plaincrm schema`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plaincrm.core.schema import builtin
from plaincrm.core.schema.settings_file import CORE_SECTIONS
from plaincrm.crm.settings_sections import NAMES
from tests.conftest import ROOT, Crm


def test_lists_the_kinds_of_the_book(crm: Crm) -> None:
    out = crm("schema").out
    assert [line.split()[0] for line in out.splitlines()[1:]] == [
        "contact",
        "company",
        "deal",
        "ticket",
        "article",
        "testimonial",
        "product",
        "campaign",
        "project",
    ]


def test_lists_fields_and_facts_of_a_kind(crm: Crm) -> None:
    out = crm("schema", "deals").out
    assert "name*" in out
    assert "many(ref(contact))" in out
    assert "is:rotting" in out
    assert "nda" in out


def test_an_unknown_kind_is_named(crm: Crm) -> None:
    done = crm("schema", "dael")
    assert done.code == 2
    assert "did you mean" in done.err


def test_works_without_a_book(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "project" not in crm("schema", cwd=tmp_path / "empty").out
    assert crm("-C", str(tmp_path / "empty"), "schema").code == 3


def test_json(crm: Crm) -> None:
    answer = crm("schema", "--json").json
    assert (answer["kind"], answer["total"]) == ("schema", 9)
    stage = next(f for f in answer["results"][2]["fields"] if f["name"] == "stage")
    assert "held" in stage["values"]


def test_json_schema_of_all_kinds_refers_to_each(crm: Crm) -> None:
    schema = crm("schema", "--json-schema").json
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(schema["$defs"]) == {*builtin.schema().kinds, "project"}


@pytest.mark.parametrize("kind", list(builtin.schema().kinds))
def test_json_schema_of_a_kind_has_its_fields(crm: Crm, kind: str) -> None:
    schema = crm("schema", "--json-schema", kind).json
    fields = builtin.schema().kinds[kind].fields
    assert set(schema["properties"]) >= set(fields)
    assert schema["required"] == [name for name, field in fields.items() if field.required]
    assert schema["additionalProperties"] is True


def test_the_settings_have_a_schema_that_knows_each_of_them(crm: Crm) -> None:
    found = crm("schema", "--json-schema", "settings").json
    assert set(found["properties"]) == {*CORE_SECTIONS, *NAMES}


def test_the_settings_of_the_example_fit_their_schema_and_slips_do_not(crm: Crm) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    yaml = pytest.importorskip("yaml")
    schema = crm("schema", "--json-schema", "settings").json
    check = jsonschema.Draft202012Validator(schema)
    text = (ROOT / "examples" / "studio" / "plaincrm.yaml").read_text("utf-8")
    settings = json.loads(json.dumps(yaml.safe_load(text), default=str))
    assert [error.message for error in check.iter_errors(settings)] == []
    for slip in (
        {"curency": "EUR"},
        {"currency": "EURO"},
        {"commit": "sometimes"},
        {"mail": {"smtp": {"hots": "x"}}},
        {"pipelines": {"default": {"lead": {"propability": 10}}}},
    ):
        assert list(check.iter_errors(slip)), slip

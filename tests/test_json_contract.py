"""The JSON that scripts rely on: the keys of the main views, exactly these, in this order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Crm

ENVELOPE = ["schemaVersion", "kind", "total", "results"]
RECORD = ["kind", "id", "path", "fields", "computed"]
WHOLE = [*RECORD, "body", "tasks", "log", "links"]
FORMS = {
    "list": (["list", "deals", "is:open"], ENVELOPE, RECORD),
    "show": (["show", "fjord-website-2027"], ENVELOPE, WHOLE),
    "export": (["export", "json", "contacts"], ENVELOPE, WHOLE),
    "pipeline": (
        ["pipeline"],
        ["schemaVersion", "kind", "asOf", "total", "results"],
        ["pipeline", "stages", "open", "won", "lost"],
    ),
    "today": (
        ["today"],
        ["schemaVersion", "kind", "asOf", "total", "results"],
        ["due", "days", "reason", "level", "handle", "kind", "id", "title", "text", "command"],
    ),
    "check": (
        ["check"],
        ENVELOPE,
        ["path", "line", "column", "level", "code", "message", "hint", "fixable"],
    ),
    "email": (
        ["email", "follow-up", "kari-berg"],
        ENVELOPE,
        ["contact", "to", "subject", "status", "reason", "path"],
    ),
    "history": (
        ["history", "kari-berg"],
        ENVELOPE,
        ["at", "author", "commit", "record", "field", "from", "to"],
    ),
}


@pytest.mark.parametrize(("words", "outer", "inner"), FORMS.values(), ids=list(FORMS))
def test_the_keys(crm: Crm, words: list[str], outer: list[str], inner: list[str]) -> None:
    found = crm(*words, *([] if words[0] == "export" else ["--json"])).json
    assert (found["schemaVersion"], found["kind"]) == (
        1,
        "deals" if words[0] == "list" else found["kind"],
    )
    assert [key for key in found if key in outer] == outer
    assert found["results"]
    for result in found["results"]:
        assert [key for key in result if key in inner] == inner, "further keys may stand between"


def test_an_import(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(
        "Name,Email\nNora Ek,nora@ek.example\n,\nNo Mail,not an address\n", "utf-8"
    )
    found = crm("import", str(tmp_path / "people.csv"), "-y", "--json").json
    counts = ["rows", "created", "updated", "unchanged", "skipped", "rejected"]
    assert [key for key in found if key in {*counts, "kind", "rejects", "results"}] == [
        "kind",
        *counts,
        "rejects",
        "results",
    ]
    assert found["kind"] == "import"
    assert found["rows"] == sum(found[name] for name in counts[1:])


def test_values(crm: Crm) -> None:
    deal = crm("show", "deal/fjord-website-2027", "--json").json["results"][0]
    assert deal["path"] == "deals/fjord-website-2027.md"
    assert deal["fields"]["value"] == {"amount": 180000.0, "currency": "NOK", "per": None}
    assert deal["fields"]["probability"] is None
    person = crm("show", "kari-berg", "--json").json["results"][0]["fields"]
    assert all(list(each) == ["label", "value"] for each in (*person["email"], *person["phone"]))
    assert person["tags"] == []
    stage = crm("pipeline", "--json").json["results"][0]["stages"][0]
    keys = ["stage", "status", "probability", "count", "value", "weighted", "rotting"]
    assert [key for key in stage if key in keys] == keys
    assert all(isinstance(amount, float) for amount in stage["value"].values())


def test_limit_does_not_change_the_total(crm: Crm) -> None:
    found = crm("list", "contacts", "--limit", "2", "--json").json
    assert (len(found["results"]), found["total"]) == (2, 61)
    lines = crm("list", "contacts", "--limit", "2", "--jsonl").out.splitlines()
    assert len(lines) == 2

from __future__ import annotations

import marshal
import re
from pathlib import Path
from typing import Any

import pytest

from plaincrm.core.records.facts import Context, Fact, Needs
from plaincrm.core.schema import settings_file
from plaincrm.core.values import types
from plaincrm.core.values.types import TYPES
from plaincrm.crm.facts import NAMES, all_facts, declared
from tests.contexts import context

STUDIO = Path(__file__).parents[2] / "examples" / "studio"
FACTS = all_facts().all


def studio(today: str, extra: dict[str, str] | None = None) -> Context:
    settings = settings_file.parse((STUDIO / "plaincrm.yaml").read_text(encoding="utf-8"))
    paths = [
        path
        for folder in settings.schema.folders.values()
        for path in (STUDIO / folder).rglob("*.md")
    ]
    files = {
        p.relative_to(STUDIO).as_posix(): p.read_bytes().decode("utf-8", "replace") for p in paths
    }
    return context({**files, **(extra or {})}, today, settings)


def values(fact: Fact, here: Context) -> dict[str, Any]:
    kinds = here.store.schema.kinds if fact.kind == "*" else [fact.kind]
    return {r.path: here.fact(r, fact.name) for kind in kinds for r in here.store.records(kind)}


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.kind}.{fact.name}")
def test_every_fact_is_described_typed_and_no_stored_field(fact: Fact) -> None:
    assert fact.doc
    assert fact.type in TYPES or (fact.type == "plain" and fact.name.startswith("_"))
    assert fact.name.startswith("is:") == (fact.type == "bool")
    kinds = settings_file.parse("").schema.kinds
    assert not any(
        fact.name in kind.fields for kind in kinds.values() if fact.kind in ("*", kind.name)
    )


def test_no_kind_has_two_facts_of_one_name() -> None:
    for kind in ("contact", "company", "deal", "ticket", "article"):
        names = [fact.name for fact in FACTS if fact.kind in ("*", kind)]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "fact", [f for f in FACTS if f.needs is Needs.FILE], ids=lambda f: f"{f.kind}.{f.name}"
)
def test_a_fact_of_the_file_alone_can_be_kept_and_asks_neither_the_day_nor_other_records(
    fact: Fact,
) -> None:
    found = values(fact, studio("2026-11-21"))
    later = studio("2029-01-01", {"contacts/zz.md": "---\nname: Zz\n---\n- [ ] Call\n"})
    assert found.items() <= values(fact, later).items()
    for value in found.values():
        if fact.type in ("plain", "bool") or isinstance(value, tuple):
            assert marshal.loads(marshal.dumps(value)) == value
        elif value is not None:
            assert types.read(fact.type, str(value), "EUR") == value


@pytest.mark.parametrize("module", NAMES)
def test_the_list_names_what_each_module_declares(module: str) -> None:
    found: dict[str, list[str]] = {}
    for fact in declared(module):
        mark = "^" if fact.needs is Needs.STORE else ""
        found.setdefault(fact.kind, []).append(f"{fact.name}{mark}")
    assert {kind: " ".join(names) for kind, names in found.items()} == NAMES[module]


def test_every_module_with_facts_is_in_the_list() -> None:
    package = Path(__file__).parents[2] / "plaincrm"
    declaring = {
        ".".join(path.relative_to(package).with_suffix("").parts)
        for path in package.rglob("*.py")
        if re.search(r"^FACTS\b", path.read_text("utf-8"), re.MULTILINE)
    }
    assert declaring - {"core.records.line_records"} == set(NAMES)


@pytest.mark.parametrize(
    "fact",
    [f for f in FACTS if f.needs in (Needs.DAY, Needs.SETTINGS)],
    ids=lambda f: f"{f.kind}.{f.name}",
)
def test_a_fact_of_the_day_is_the_same_in_the_morning_and_at_night(fact: Fact) -> None:
    """What changes within the day is a fact of the moment, so that nothing kept for a day lies."""
    due = "---\nsubject: Due at noon\nstatus: open\ndue: 2026-11-21 12:00\n---\n"
    opened = due.replace("due: 2026-11-21 12:00", "opened: 2026-11-20 16:00")
    extra = {"tickets/zz-due.md": due, "tickets/zz-opened.md": opened}
    morning, night = studio("2026-11-21T00:30", extra), studio("2026-11-21T23:30", extra)
    assert values(fact, morning) == values(fact, night)

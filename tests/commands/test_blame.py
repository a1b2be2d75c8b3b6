"""`plaincrm blame`: the commit of each field's value."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Crm, git


def test_each_field_has_the_commit_of_its_value(crm: Crm, studio: Path) -> None:
    first = git(studio, "rev-parse", "HEAD").strip()
    assert crm("set", "ola-nordmann", "job=Director").code == 0
    page = studio / "contacts/ola-nordmann.md"
    page.write_text(page.read_text().replace("status: customer", "status: partner"))
    found = {each["field"]: each for each in crm("blame", "ola-nordmann", "--json").json["results"]}
    assert found["name"]["commit"] == first and found["name"]["author"] == "Test"
    assert found["job"]["commit"] == git(studio, "rev-parse", "HEAD").strip()
    assert (found["job"]["value"], found["job"]["operation"]) == ("Director", "set")
    assert (found["status"]["value"], found["status"]["commit"]) == ("partner", None)
    shown = crm("blame", "ola-nordmann").out
    assert "Director" in shown and "not committed" in shown


def test_a_field_that_came_back_is_of_its_last_commit(crm: Crm) -> None:
    for job in ("Director", "Clerk", "Director"):
        assert crm("set", "ola-nordmann", f"job={job}").code == 0
    changes = crm("history", "ola-nordmann", "--field", "job", "--json").json["results"]
    found = crm("blame", "ola-nordmann", "--json").json["results"]
    assert next(each for each in found if each["field"] == "job")["commit"] == changes[0]["commit"]

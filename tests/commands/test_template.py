"""`plaincrm template`: what there is, what it needs, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Crm


def own(studio: Path, name: str, text: str) -> None:
    (studio / "templates" / f"{name}.md").write_text(text, encoding="utf-8")


def test_list_has_own_and_shipped_ones(crm: Crm) -> None:
    found = {one["name"]: one for one in crm("template", "list", "--json").json["results"]}
    assert found["follow-up"]["source"] == "own"
    assert found["newsletter"]["source"] == "shipped"
    assert found["newsletter"]["kind"] == "bulk"
    assert {form["language"] for form in found["newsletter"]["forms"]} == {"de", "en"}
    assert "invoice.number" in found["invoice-reminder"]["forms"][0]["needed"]
    assert "ticket-reply" in crm("template", "list").out


def test_an_own_language_form_stands_beside_the_shipped_ones(crm: Crm, studio: Path) -> None:
    own(studio, "newsletter.nb", "---\nsubject: Nytt\n---\nHei\n")
    forms = crm("template", "show", "newsletter", "--json").json["results"][0]["forms"]
    assert {form["language"] or "nb" for form in forms} == {"de", "en", "nb"}


def test_show_prints_the_form_asked_for(crm: Crm, studio: Path) -> None:
    assert "konnten Sie schon" in crm("template", "show", "follow-up").out
    raw = crm("template", "show", "follow-up", "--language", "en", "--raw").out
    assert raw == (studio / "templates" / "follow-up.md").read_text(encoding="utf-8")
    assert crm("template", "show", "follow-up", "--language", "fr").code == 3
    assert crm("template", "show", "folow-up").code == 3


def test_the_example_book_and_all_shipped_templates_are_sound(crm: Crm) -> None:
    assert crm("template", "check").code == 0


def test_check_names_whom_a_template_cannot_be_written_to(crm: Crm, studio: Path) -> None:
    own(studio, "x", "---\nsubject: X\nto: +newsletter\n---\n{{ contact.diet }}\n")
    ran = crm("template", "check", "x", "--json")
    assert ran.code == 1
    assert "contact/birgit-sommer: no value for contact.diet" in {
        one["message"] for one in ran.json["results"]
    }


def test_check_tells_the_line(crm: Crm, studio: Path) -> None:
    own(studio, "x", "---\nsubject: X\n---\nHi\n{% if %}\n")
    found = crm("template", "check", "x", "--json").json["results"]
    assert [(one["path"], one["line"]) for one in found] == [("templates/x.md", 5)]
    own(studio, "x", "---\nsubject: X\nto: nix:1\n---\nHi\n")
    assert crm("template", "check", "x").code == 1
    own(studio, "x", "---\nkind: bulky\n---\nHi\n")
    codes = [one["code"] for one in crm("template", "check", "x", "--json").json["results"]]
    assert codes == ["template-kind", "template-subject"]

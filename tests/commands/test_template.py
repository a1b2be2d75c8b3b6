"""`plaincrm template`: what there is, what it needs, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_an_empty_own_file_hides_nothing(crm: Crm, studio: Path) -> None:
    """The shell makes it before `show --raw > templates/newsletter.md` is even run."""
    own(studio, "newsletter", "")
    shown = crm("template", "show", "newsletter", "--language", "en")
    assert "News from" in shown.out


def test_a_broken_template_is_named(crm: Crm, studio: Path) -> None:
    own(studio, "x", "---\nkind: personal\n---\nHi\n")
    ran = crm("email", "x", "birgit-sommer")
    assert ran.code == 5 and "templates/x.md:1: the template has no subject" in ran.err


def test_copy_makes_it_your_own(crm: Crm, studio: Path) -> None:
    assert crm("template", "copy", "newsletter").code == 0
    assert (studio / "templates" / "newsletter.de.md").is_file()
    assert (studio / "templates" / "newsletter.md").is_file()
    assert crm("template", "copy", "newsletter").code == 5
    assert crm("template", "copy", "newsletter", "spring", "--language", "de").code == 0
    assert sorted(p.name for p in (studio / "templates").glob("spring*")) == ["spring.de.md"]
    assert crm("template", "copy", "newsletter", "../x").code == 5
    assert crm("undo", "-y").code == 0
    assert not list((studio / "templates").glob("spring*"))


def test_edit_opens_a_shipped_one_and_makes_it_your_own(
    crm: Crm, studio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor"
    script.write_text(
        '#!/bin/sh\nsed -i "s/^Hier stehen.*/Viel Neues./; s/^Termine,.*/Im Mai./" "$1"\n', "utf-8"
    )
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))
    assert crm("template", "edit", "newsletter").code == 0
    text = (studio / "templates" / "newsletter.de.md").read_text("utf-8")
    assert "Viel Neues." in text
    assert crm("email", "newsletter", "--where", "language:de +newsletter", "--outbox").code == 0


def test_placeholder_text_never_goes_to_the_outbox(crm: Crm, studio: Path) -> None:
    ran = crm("email", "newsletter", "--outbox")
    assert ran.code == 5 and "plaincrm template edit newsletter" in ran.err
    assert crm("template", "copy", "newsletter").code == 0
    for name in ("newsletter.md", "newsletter.de.md"):  # one of two places is written over
        path = studio / "templates" / name
        text = path.read_text("utf-8").replace("\nHier stehen zwei", "\nZwei")
        path.write_text(text.replace("\nWrite two or three", "\nThree"), "utf-8")
    ran = crm("email", "newsletter", "--outbox")
    assert ran.code == 5 and "take `placeholder:` out" in ran.err
    assert "Termine, Orte" in ran.err or "Dates, places" in ran.err
    assert not list((studio / "outbox").glob("*.eml"))
    assert crm("email", "newsletter").code == 0, "a preview may show it"


def test_the_newsletter_of_another_month_is_another_mail(crm: Crm) -> None:
    def subject(day: str) -> str:
        words = ("email", "newsletter", "birgit-sommer", "--json")
        found = crm("--today", day, *words).json["results"][0]
        return str(found["subject"])

    assert subject("2026-11-21").endswith(", November 2026")
    assert subject("2026-12-21").endswith(", Dezember 2026")


def test_a_slip_of_the_pen_is_told_once_with_its_line(crm: Crm, studio: Path) -> None:
    text = "---\nsubject: X\nto: +newsletter\n---\nDear {{ contact.frist_name }},\n"
    own(studio, "x", f"{text}{{{{ me.nmae }}}} {{{{ contact.company.ctiy }}}}\n")
    found = crm("template", "check", "x", "--json").json["results"]
    slips = [one for one in found if one["code"] == "template-field"]
    assert [(one["line"], one["message"], one["hint"]) for one in slips] == [
        (6, "there is no contact.company.ctiy", 'did you mean "city"?'),
        (5, "there is no contact.frist_name", 'did you mean "first_name"?'),
        (6, "there is no me.nmae", 'did you mean "name"?'),
    ]
    assert slips == found, "nobody is blamed for it"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("cc: [nobody]", "template-cc"),
        ("attachments: [files/nothing.pdf]", "template-attachments"),
        ("next: +7x Ask", "template-next"),
    ],
)
def test_what_would_fail_after_sending_is_told_before(
    crm: Crm, studio: Path, line: str, code: str
) -> None:
    own(studio, "x", f"---\nsubject: X\n{line}\nto: +newsletter\n---\nHi\n")
    found = crm("template", "check", "x", "--json").json["results"]
    assert [(one["code"], one["line"]) for one in found] == [(code, 3)]
    preview = crm("email", "x", "birgit-sommer", "--json").json["results"][0]
    assert preview["status"] == "failed" and preview["reason"].startswith(code[9:])


def test_who_reads_another_language_gets_the_english_form(crm: Crm) -> None:
    crm("set", "birgit-sommer", "language=nb")
    found = crm("email", "newsletter", "birgit-sommer", "--json").json["results"][0]
    assert found["language"] == "en"


def test_block_tags_on_their_own_line_leave_no_line(crm: Crm, studio: Path) -> None:
    body = (
        "A\n{% if true %}\nB\n{% endif %}\nC {% if true %}D{% endif %}\nE\n  {% set x = 1 %}\nF\n"
    )
    own(studio, "x", f"---\nsubject: X\n---\n{body}")
    found = crm("email", "x", "birgit-sommer", "--json").json["results"][0]
    assert found["text"] == "A\nB\nC D\nE\nF\n"

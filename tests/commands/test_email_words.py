"""`plaincrm email --edit` and `--html`; what `template check` names; templates that build on others."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from tests.conftest import Crm

PERSON = "birgit-sommer"


def template(studio: Path, name: str, body: str, *heads: str) -> None:
    text = "\n".join(["---", "subject: Hello", *heads, "---", body, ""])
    (studio / "templates" / f"{name}.md").write_text(text, encoding="utf-8")


def editor(tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "editor"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(program))


def drafts(studio: Path) -> list[EmailMessage]:
    parse = BytesParser(policy=policy.default).parsebytes
    found = sorted((studio / "outbox").glob("*.eml"))
    return [parse(path.read_bytes()) for path in found]  # type: ignore[misc]


def test_the_text_is_opened_before_it_goes_to_the_outbox(
    crm: Crm, studio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, "printf 'Subject: Something new\\n\\nMy own words.\\n' > $1", monkeypatch)
    assert crm("email", "check-in", PERSON, "--edit", "--outbox").code == 0
    (mail,) = drafts(studio)
    assert str(mail["Subject"]) == "Something new"
    assert mail.get_content().strip() == "My own words."
    again = crm("email", "check-in", PERSON, "--json").json["results"]
    assert again[0]["reason"] == "waits in the outbox"


def test_a_mail_to_many_that_was_edited_is_plain_text(
    crm: Crm, studio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template(studio, "news", 'News. "unsubscribe"', "kind: bulk")
    editor(tmp_path, "sed -i 's/News/[News](https:\\/\\/x.example)/' $1", monkeypatch)
    assert crm("email", "news", PERSON, "--edit", "--outbox").code == 0
    (mail,) = drafts(studio)
    assert mail.get_content_type() == "text/plain" and "[News](https" in mail.get_content()


def test_a_text_that_is_left_empty_is_not_written(
    crm: Crm, studio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, ": > $1", monkeypatch)
    ran = crm("email", "check-in", PERSON, "--edit", "--outbox", "--json")
    assert ran.json["results"][0]["reason"] == "the text was left empty"
    assert not drafts(studio)


def test_html_shows_the_first_messages_in_the_browser(
    crm: Crm, studio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "xdg-open"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ncp $1 {tmp_path}/page.html\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")
    crm("set", PERSON, "name=<b>Birgit</b>")
    template(studio, "bold", "**Hello** {{ contact.name }}", "html: true")
    assert crm("email", "bold", PERSON, "--html").code == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "<strong>Hello</strong> &lt;b&gt;Birgit&lt;/b&gt;" in page and "<b>" not in page
    assert not (studio / "outbox").exists()


def test_check_names_person_field_file_and_line(crm: Crm, studio: Path) -> None:
    body = "Hello\n\nYou eat {{ contact.diet }}.\n"
    template(studio, "lunch", body, "to: email:birgit.sommer@example.org")
    template(studio, "part", "You like {{ contact.colour }}.")
    template(studio, "whole", '{% include "part" %}', "to: email:birgit.sommer@example.org")
    crm("set", "ola-nordmann", "colour=red", "--own")
    found = {
        each["path"]: each
        for each in crm("template", "check", "lunch", "whole", "--json").json["results"]
    }
    lunch, part = found["templates/lunch.md"], found["templates/part.md"]
    assert lunch["line"] == 7 and "contact/birgit-sommer" in lunch["message"]
    assert "contact.diet" in lunch["message"]
    assert part["line"] == 4 and "contact.colour" in part["message"]


def test_templates_build_on_others(crm: Crm, studio: Path) -> None:
    template(studio, "frame", "{{ greeting }}\n\n{% block middle %}\nEmpty.\n{% endblock %}\n\nBye")
    template(studio, "prices", "{% macro price(n) %}{{ n | money }}{% endmacro %}")
    inner = '{% extends "frame" %}\n{% block middle %}\n{% from "prices" import price %}\n'
    template(studio, "mine", inner + "It is {{ price(1200) }}.\n{% endblock %}", "language: en")
    ran = crm("email", "mine", PERSON, "--json").json["results"][0]["text"]
    assert ran == "Dear Birgit,\n\nIt is 1,200.\n\nBye\n"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Saturday, 21 November 2026; Ada, Bo and Cy; 4,200.50 EUR; Dear Ada,"),
        ("de", "Samstag, 21. November 2026; Ada, Bo und Cy; 4.200,50 EUR; Guten Tag Ada Lovelace,"),
        ("nb", "lørdag, 21. november 2026; Ada, Bo og Cy; 4\u00a0200,50 EUR; Hei Ada,"),
        ("fr", "samedi, 21 novembre 2026; Ada, Bo et Cy; 4\u00a0200,50 EUR; Bonjour Ada Lovelace,"),
        ("es", "sábado, 21 de noviembre de 2026; Ada, Bo y Cy; 4.200,50 EUR; Hola, Ada:"),
    ],
)
def test_dates_lists_money_and_names_read_as_the_language_writes_them(
    crm: Crm, studio: Path, language: str, said: str
) -> None:
    words = (
        "{{ today | date('weekday') }}, {{ today | date }}; {{ ['Ada', 'Bo', 'Cy'] | listed }}; "
        "{{ '4200.50 EUR' | money }}; {{ 'Ada Lovelace' | salutation }}"
    )
    template(studio, "words", words, f"language: {language}")
    ran = crm("email", "words", PERSON, "--json").json["results"][0]["text"]
    assert ran == said + "\n"


def test_whoever_reads_norwegian_gets_the_english_form_not_the_german_one(crm: Crm) -> None:
    crm("set", "ola-nordmann", "language=nb", "tags+=newsletter")
    found = crm("email", "newsletter", "ola-nordmann", "--json").json["results"][0]
    assert found["language"] == "en" and "Here is what has happened" in found["text"]

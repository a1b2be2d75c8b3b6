from __future__ import annotations

from plaincrm.marketing.templates.file import choose, parse

FULL = """---
subject: Hello {{ contact.name }}
kind: bulk
cc: [a@x.example, b@x.example]
attachments: files/terms.pdf
next: +7d Ask again
to: status:lead idle:30d..
doc: A nudge
---

Dear {{ contact.name }}
"""


def test_front_matter_says_how_the_mail_goes_out() -> None:
    found = parse("follow-up.de", FULL, "templates/follow-up.de.md")
    assert (found.name, found.language, found.kind) == ("follow-up", "de", "bulk")
    assert found.cc == ("a@x.example", "b@x.example") and found.attachments == ("files/terms.pdf",)
    assert (found.next, found.to, found.doc) == (
        "+7d Ask again",
        "status:lead idle:30d..",
        "A nudge",
    )
    assert found.body == "Dear {{ contact.name }}\n" and found.body_line == 11
    assert found.problems == ()


def test_defects_are_problems_with_their_line() -> None:
    found = parse("x", "---\nkind: blk\nsubjct: y\n---\nbody\n", "templates/x.md")
    assert [(p.line, p.code, p.hint) for p in found.problems] == [
        (2, "template-kind", 'did you mean "bulk"?'),
        (3, "template-key", 'did you mean "subject"?'),
        (1, "template-subject", "add a line `subject: …`"),
    ]
    assert found.kind == "bulk"  # the strictest


def test_the_contacts_language_then_the_books_then_the_plain_form() -> None:
    forms = {key: parse(f"x.{key}" if key else "x", FULL, "") for key in ("", "de", "fr")}
    assert choose(forms, "de-AT", "fr").language == "de"
    assert choose(forms, "pl", "fr").language == "fr"
    assert choose(forms, "", "en").language == ""


def test_a_plain_form_may_name_its_language() -> None:
    plain = parse("x", FULL.replace("doc:", "language: en\ndoc:"), "")
    assert choose({"": plain, "de": parse("x.de", FULL, "")}, "en", "de") is plain

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape as html_unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.errors import UsageError
from plaincrm.interchange.markdown import to_html
from plaincrm.marketing.templates.file import Template
from plaincrm.marketing.templates.rendered import MissingVariables
from plaincrm.marketing.templates.sandbox import Renderer, render, variables

CONTEXT: dict[str, Any] = {
    "contact": {
        "name": "Ada Lovelace",
        "email": ["ada@x.example"],
        "nickname": None,
        "zip": "02142",
    },
    "deal": {
        "value": {"amount": Decimal("4200"), "currency": "EUR", "per": None},
        "close_date": date(2026, 12, 1),
        "company": {"id": "ae", "name": "Analytical Engines"},
    },
    "today": date(2026, 11, 22),
}


def template(body: str, subject: str = "Hello", **rest: Any) -> Template:
    return Template("follow-up", subject, body, path="templates/follow-up.md", **rest)


def text(body: str, context: dict[str, Any] | None = None, **rest: Any) -> str:
    return render(
        template(body, **rest), CONTEXT if context is None else context
    ).text.removesuffix("\n")


def test_values_read_as_in_a_letter() -> None:
    assert text("{{ deal.value }} by {{ deal.close_date }}") == "4,200 EUR by 1 December 2026"
    assert (
        text("{{ deal.value }} am {{ deal.close_date }}", language="de")
        == "4.200 EUR am 1. Dezember 2026"
    )
    assert text("{{ deal.close_date }}", language="ja") == "2026-12-01"
    assert text("{{ deal.close_date | date('iso') }}") == "2026-12-01"
    assert (
        text("{{ contact.name | first_name }} at {{ deal.company }}") == "Ada at Analytical Engines"
    )
    assert text("{{ contact.zip }}") == "02142"
    assert text("{{ contact.email }}") == "ada@x.example"


def test_sums_and_days_are_exact() -> None:
    assert text("{{ (deal.value.amount * 1.19) | round(2) }}") == "4998.00"
    assert text("{{ today + 14 }}") == "6 December 2026"
    assert text("{{ deal.close_date - today }}") == "9"


def test_all_missing_names_are_told_at_once() -> None:
    body = (
        "{{ contact.greeting }} {{ deal.next.text }} {% if contact.vip %}x{% endif %} {{"
        " me.signature | upper }}"
    )
    with pytest.raises(MissingVariables) as caught:
        render(template(body, subject="{{ invoice.number }}", cc=("{{ contact.boss }}",)), CONTEXT)
    names = ("contact.boss", "contact.greeting", "contact.vip", "deal.next", "invoice", "me")
    assert caught.value.names == names
    assert all(name in caught.value.message for name in names)


def test_what_is_tested_for_or_has_a_default_is_not_missing() -> None:
    body = (
        "{% if contact.greeting is defined %}x{% endif %}{{ contact.nickname | default('you') }}{{"
        " a.b | d('!') }}"
    )
    assert text(body) == "you!"


def test_none_and_empty_are_missing() -> None:
    with pytest.raises(MissingVariables, match=r"contact\.a, contact\.b"):
        render(template("{{ contact.a }}{{ contact.b }}"), {"contact": {"a": None, "b": ""}})


def test_missing_inside_lists_and_calls_is_named() -> None:
    with pytest.raises(MissingVariables) as caught:
        render(
            template("{{ tasks[0].due }}{{ contact.x.upper() }}{{ contact.y * 2 }}"),
            {"tasks": [{}], "contact": {}},
        )
    assert caught.value.names == ("contact.x", "contact.y", "tasks[0].due")


def test_data_is_never_rendered_again() -> None:
    context = {"contact": {"name": "{{ 7*7 }}{% include 'x' %}"}}
    done = render(template("{{ contact.name }}", subject="Re: {{ contact.name }}"), context)
    assert done.text == "{{ 7*7 }}{% include 'x' %}\n"
    assert done.subject == "Re: {{ 7*7 }}{% include 'x' %}"
    assert "49" not in done.markdown


def test_a_field_may_be_named_like_a_method() -> None:
    assert (
        text("{{ x.items }} {{ x.values }}", {"x": {"items": "three", "values": "good"}})
        == "three good"
    )


def test_subject_is_one_line_and_next_is_rendered() -> None:
    done = render(
        template("x", subject="{{ a }}", next="+7d Ask {{ a }}"), {"a": "one\r\nBcc: two"}
    )
    assert done.subject == "one Bcc: two"
    assert done.next == "+7d Ask one Bcc: two"


def test_includes_and_macros() -> None:
    renderer = Renderer({"signature": "-- {{ me }}"})
    body = (
        "{% macro bold(x) %}**{{ x }}**{% endmacro %}{{ bold('a*b') }}\n{% include"
        " 'signature.md' %}"
    )
    done = renderer.render(template(body), {"me": "Ada"})
    assert done.text == "**a*b**\n-- Ada\n"
    assert done.markdown == "**a\\*b**\n-- Ada\n"


ESCAPES = [
    "{{ ''.__class__.__mro__ }}",
    "{{ contact['__class__'] }}",
    "{{ contact.name.__init__.__globals__ }}",
    "{{ ''|attr('__class__') }}",
    "{{ self.__init__ }}",
    "{{ namespace.__init__ }}",
    "{{ '{0.__class__}'.format(contact) }}",
    "{{ '%s' % contact }}",
    "{{ [contact]|map(attribute='__class__')|list }}",
    "{% for x in contact.email recursive %}{% endfor %}",
    "{{ range.__self__ }}",
    "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "{% set _ = contact.email.append(1) %}",
]
FLOODS = [
    "{{ 'a' * 10**9 }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 2 ** 9999999 }}",
    "{% for i in range(1000000000) %}x{% endfor %}",
    (
        "{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}{% endfor %}{%"
        " endfor %}{% endfor %}"
    ),
    "{{ 'a'.center(500000000) }}",
    "{{ 'a'|center(500000000) }}",
    "{{ '%999999999d' % 1 }}",
    "{{ '%999999999d'|format(1) }}",
    "{{ '{:999999999}'.format(1) }}",
    "{{ lipsum(20000) }}",
    "{{ 'a\n'|indent(999999999) }}",
    "{{ 1.5|round(999999999) }}",
    "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    (
        "{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x"
        " %}{% endfor %}"
    ),
    (
        "{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x"
        " %}{% endfor %}"
    ),
    (
        "{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set ns.x ="
        " ns.x|replace('a', ns.x) %}{% endfor %}"
    ),
    (
        "{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set ns.x %}{{ ns.x }}{{"
        " ns.x }}{% endset %}{% endfor %}"
    ),
    (
        "{% set ns = namespace(x=[1, 2]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{%"
        " endfor %}"
    ),
    (
        "{% set ns = namespace(x=[1, 2]) %}{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{%"
        " endfor %}{{ ns.x }}"
    ),
    "{% set ns = namespace(x=9) %}{% for i in range(60) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
    "{% for a in range(999) %}{% for b in range(999) %}" + "x" * 999 + "{% endfor %}{% endfor %}",
    "x" * 70_000,
    # Values nested by the template's own hand: looked through, each costs twice the one before.
    *(
        f"{{% set ns = namespace(x=(1,)) %}}{{% for i in range(60) %}}{{% set ns.x = {nested} %}}"
        f"{{% endfor %}}{{{{ {use} }}}}"
        for nested, use in (
            ("(ns.x, ns.x)", "[ns.x]|unique|list|length"),
            ("(ns.x, ns.x)", "{ns.x: 1}|length"),
            ("(ns.x, ns.x)", "ns.x == (ns.x, 1)"),
            ("[ns.x, ns.x]", "1 if ns.x in [ns.x] else 2"),
            ("{1: ns.x, 2: ns.x}", "[ns.x]|sort|length"),
            ("(ns.x, ns.x)", "[ns.x, ns.x]|groupby('a')|length"),
        )
    ),
    # Copies that are kept.
    (
        "{% set n = namespace(s='a' * 200, l=[]) %}{% for i in range(10) %}{% set n.s = n.s ~ n.s"
        " %}{% endfor %}{% for i in range(900) %}{% for j in range(90) %}{% set n.l = [n.l, n.s[1:]]"
        " %}{% endfor %}{% endfor %}"
    ),
    # Steps that each look through something long.
    *(
        "{% set n = namespace(s='a' * 200, l=[1, 2]) %}{% for i in range(9) %}{% set n.s = n.s ~ n.s"
        " %}{% set n.l = n.l + n.l %}{% endfor %}{% for i in range(999) %}{% for j in range(99) %}"
        f"{{% if {test} %}}{{% endif %}}{{% endfor %}}{{% endfor %}}"
        for test in (
            "n.s == n.s[1:]",
            "n.l.count(3)",
            "n.s.find('b')",
            "n.l is eq n.l",
            "3 in n.l",
            "'b' is in n.s",
            "[n.l]|sum(start=[])",
            "n.s|trim",
            "n.s|wordwrap(20)",
        )
    ),
]


@pytest.mark.parametrize("body", ESCAPES)
def test_nothing_escapes_the_sandbox(body: str) -> None:
    with pytest.raises((UsageError, MissingVariables)):
        render(template(body), CONTEXT)


@pytest.mark.parametrize("body", FLOODS)
def test_no_template_floods(body: str) -> None:
    with pytest.raises((UsageError, MissingVariables)):
        render(template(body), CONTEXT)


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a/../../b", "~/x", "a\nb"])
def test_attachments_stay_in_the_book(path: str) -> None:
    with pytest.raises(UsageError, match="attachment"):
        render(template("x", attachments=("{{ a }}",)), {"a": path})
    assert render(template("x", attachments=("files/{{ a }}",)), {"a": "b.pdf"}).attachments == (
        "files/b.pdf",
    )


def test_live_objects_are_refused() -> None:
    with pytest.raises(TypeError, match=r"contact\.file"):
        render(template("x"), {"contact": {"file": Path("x")}})


def test_a_template_cannot_change_the_data() -> None:
    context = {"contact": {"tags": ["a"]}}
    with pytest.raises((UsageError, MissingVariables)):
        render(template("{{ contact.tags.append('b') }}{{ contact.update({'x': 1}) }}"), context)
    assert context == {"contact": {"tags": ["a"]}}


@pytest.mark.parametrize(
    ("body", "line"),
    [("ok\n{{ }}", 6), ("ok\n\n{{ 1 / 0 }}", 7), ("{% if x %}", 5), ("\n{{ 'x'|nonsense }}", 6)],
)
def test_errors_name_template_and_line(body: str, line: int) -> None:
    with pytest.raises(UsageError) as caught:
        render(template(body, body_line=5), {"x": "y"})
    assert caught.value.message.startswith(f"templates/follow-up.md:{line}: ")


def test_an_error_in_an_include_names_that_file() -> None:
    with pytest.raises(UsageError, match=r"^signature:2: "):
        Renderer({"signature": "x\n{{ 1 / 0 }}"}).render(template("{% include 'signature' %}"), {})
    with pytest.raises(UsageError, match="no template sgnature to include") as caught:
        Renderer({"signature": "x"}).render(template("{% include 'sgnature' %}"), {})
    assert "signature" in caught.value.hint


def test_variables_tell_needed_from_optional() -> None:
    body = """{{ contact.greeting }} {{ contact.name.upper() }} {% for t in tasks %}{{ t.text }}{% endfor %}
{% if deal.value is defined %}{{ deal.value }}{% endif %} {{ contact.nick | default(contact.name) }}"""
    found = variables(template(body, subject="{{ deal['name'] }}"))
    assert found.needed == ("contact.greeting", "contact.name", "deal.name", "tasks")
    assert found.optional == ("contact.nick", "deal.value")


HOSTILE = [
    "[click](http://evil.example)",
    "![x](http://evil.example/t.png)",
    "<http://evil.example>",
    "<script>alert(1)</script>",
    "# Heading\n\n- list\n1. one\n> quote\n\n    code\n```\nfence\n```\n***\n---\ntext\n===",
    "**bold** _em_ `code` ~~gone~~",
    "[x]: http://evil.example\n\n[x]",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "&lt;b&gt; &#x3c;",
    "a\\*b\\",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_no_value_becomes_markup_of_the_html_part(value: str) -> None:
    html = to_html(
        render(template("{{ contact.name }}"), {"contact": {"name": value}}).markdown, breaks=True
    )
    assert set(re.findall(r"<(\w+)", html)) <= {"p", "br"}


@given(
    st.text(
        alphabet=st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"]), max_size=40
    )
)
def test_the_html_part_reads_as_the_value(value: str) -> None:
    html = to_html(render(template("x{{ a }}x"), {"a": value or "-"}).markdown)
    assert "<" not in html.removeprefix("<p>").removesuffix("</p>\n")
    shown = html_unescape(html.removeprefix("<p>").removesuffix("</p>\n"))
    assert shown.split() == f"x{value or '-'}x".split()


def test_a_link_of_the_template_takes_a_value() -> None:
    done = render(template("[Offer]({{ url }})"), {"url": "https://x.example/a_b?c=(d)&e=~f"})
    html = to_html(done.markdown)
    assert '<a href="https://x.example/a_b?c=(d)&amp;e=~f">Offer</a>' in html
    breakout = render(template("[Offer]({{ url }})"), {"url": "http://a) [evil](http://b"})
    assert "evil.example" not in to_html(breakout.markdown)
    assert '<a href="http://b' not in to_html(breakout.markdown)


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_no_line_end_of_a_value_begins_a_block(end: str) -> None:
    job = f"a{end}# BIG{end}{end}---{end}> q{end}- l"
    html = to_html(render(template("Hello {{ job }}\n"), {"job": job}).markdown)
    assert not re.search("<(h1|hr|blockquote|li)", html), html
    assert "# BIG" in html


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{{ contact.name }}", {"contact.name"}),
        ("{{ deal.company.name }}{% if invoice %}x{% endif %}", {"deal.company.name", "invoice"}),
        ("{% for tag in contact.tags %}{{ tag }}{% endfor %}", {"contact.tags"}),
        ("{% set c = contact %}{{ c.name }}", {"contact"}),
        ("{{ contact[today] }}", {"contact", "today"}),
        ("{% if today %}{% set deal = 1 %}{% endif %}{{ deal }}", {"today", "deal"}),
        ('{% include "sign" %}', {"me.signature", "ticket"}),
        ("{% include me.name %}", None),
        ('{% include "nowhere" %}', None),
        ("{% if %}", None),
    ],
)
def test_what_a_template_reads_is_known_beforehand(body: str, expected: set[str] | None) -> None:
    includes = {"sign": '{{ me.signature }}{% include "deep" %}', "deep": "{{ ticket }}"}
    assert Renderer(includes).reads(template(body)) == expected

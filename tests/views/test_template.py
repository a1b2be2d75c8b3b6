from __future__ import annotations

import pytest

from plaincrm.errors import UsageError
from plaincrm.views.template import lines

ROW = {
    "id": "a",
    "fields": {
        "name": "Ada",
        "tags": ["x", "y"],
        "value": {"amount": 5, "currency": "EUR", "per": None},
        "email": [{"label": None, "value": "a@b"}],
        "job": None,
    },
}


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{{ name }}{{ job }}", "Ada"),
        ("{{ fields.name }}, {{ tags }}", "Ada, x, y"),
        (r"{{ value }}\t{{ email }}", "5 EUR\ta@b"),
        ("{% for tag in tags %}{{ tag }}.{% endfor %}", "x.y."),
    ],
)
def test_a_line_a_row(template: str, line: str) -> None:
    assert lines(template, [ROW, ROW]) == f"{line}\n{line}\n"


@pytest.mark.parametrize(
    "template",
    [
        "{{ nme }}",
        "{{ name.__class__.__mro__ }}",
        "{% include 'x' %}",
        "{{ tags.append(1) }}",
        "{{",
        "{{ 1 + name }}",
        "{{ range(10**9) }}",
    ],
)
def test_what_a_template_may_not_is_a_sentence(template: str) -> None:
    with pytest.raises(UsageError) as caught:
        lines(template, [ROW])
    assert caught.value.message.startswith("--template: ")

"""Values that other readers of YAML take for another type."""

from __future__ import annotations

from plaincrm.core.yaml.guessed_values import guessed, quoted

FILE = """\ufeff---
name: Ada
country: NO   # a comment
zip: 02142
phone: {mobile: +4915112345678, work: "+4930"}
tags: [vip, 1.10, 12:30]
employees: 12
created: 2026-12-01
---
zip: 02142
"""


def test_only_what_would_be_spoiled_is_found_and_quoted() -> None:
    assert [node.text for node in guessed(FILE)] == [
        "NO",
        "02142",
        "+4915112345678",
        "1.10",
        "12:30",
    ]
    after = quoted(FILE)
    assert after == FILE[1:].replace("NO ", '"NO" ', 1).replace("02142", '"02142"', 1).replace(
        "+4915112345678", '"+4915112345678"'
    ).replace("1.10", '"1.10"').replace("12:30", '"12:30"')
    assert quoted(after) == after and not guessed(after)


def test_a_file_without_front_matter_is_left() -> None:
    assert quoted("zip: 02142\n") == "zip: 02142\n"

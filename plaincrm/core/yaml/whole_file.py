"""Edits of a file that is YAML as a whole, such as `plaincrm.yaml`: those of front matter, with
fences around it meanwhile.
"""

from __future__ import annotations

from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml.field_edit import delete_field, set_field


def with_value(text: str, name: str, value: Raw | None) -> str:
    """The text with one of its first-level keys set, or taken out (None); only the lines of what
    differs change. Raises Refused where that can't be done surely.
    """
    fence = "---\r\n" if "\r\n" in text else "---\n"
    body = text if text.endswith("\n") or not text else text + fence[3:]
    fenced = f"{fence}{body}{fence}"
    done = delete_field(fenced, name) if value is None else set_field(fenced, name, value)
    return done[len(fence) : len(done) - len(fence)]

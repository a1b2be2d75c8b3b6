"""What `plaincrm doctor` found: a line a finding, with what to type about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plaincrm.crm.doctor import SetupCheck
from plaincrm.views.layout import Layout
from plaincrm.views.rows import Rows, text_columns
from plaincrm.views.safe import line

COLUMNS = ("topic", "level", "text", "hint")
_MARKS = {"good": "ok", "note": "--", "warning": "!!"}
_STYLES = {"good": "good", "note": "quiet", "warning": "warn"}


def rows(found: Sequence[SetupCheck]) -> Rows:
    columns = text_columns(COLUMNS, lambda one: [one.topic, one.level, one.text, one.hint])
    return Rows("doctor", len(found), found, columns, _json, None, None, screen=_screen)


def _screen(rows: Rows, layout: Layout) -> str:
    """A line a finding, `!!` before what wants doing, with the hint below it."""
    wide = max((len(finding.topic) for finding in rows.records), default=0)
    lines = []
    for finding in rows.records:
        mark = layout.paint(_MARKS[finding.level], _STYLES[finding.level])
        lines.append(f"{mark}  {finding.topic:{wide}}  {line(finding.text)}\n")
        if finding.hint:
            lines.append(f"{'':{wide + 6}}{line(finding.hint)}\n")
    return "".join(lines)


def _json(finding: SetupCheck) -> Any:
    return {
        "topic": finding.topic,
        "level": finding.level,
        "text": finding.text,
        "hint": finding.hint,
    }

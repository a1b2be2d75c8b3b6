"""What `plaincrm doctor` found, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from plaincrm.crm.doctor import Finding
from plaincrm.views.rows import dumps, envelope
from plaincrm.views.safe import line

_MARKS = {"good": "ok", "note": "--", "warning": "!!"}


def text(found: Sequence[Finding]) -> str:
    """A line a finding, `!!` before what wants doing, with the hint below it."""
    wide = max((len(each.topic) for each in found), default=0)
    lines = []
    for each in found:
        lines.append(f"{_MARKS[each.level]}  {each.topic:{wide}}  {line(each.text)}")
        if each.hint:
            lines.append(f"{'':{wide + 6}}{line(each.hint)}")
    return "".join(f"{one}\n" for one in lines)


def as_json(found: Sequence[Finding]) -> str:
    results = [{"topic": f.topic, "level": f.level, "text": f.text, "hint": f.hint} for f in found]
    return dumps(envelope("doctor", len(results), results))

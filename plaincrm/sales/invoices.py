"""Invoices: tasks that begin `invoice NUMBER MONEY`; ticked is paid. Their numbers follow the
pattern in the settings (`invoice:`).
"""

from __future__ import annotations

import re

from plaincrm.core.schema.settings import Section, Settings
from plaincrm.core.schema.settings_reader import Keys, Reader
from plaincrm.core.value_class import value
from plaincrm.core.values import duration
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.raw import Raw

PATTERN = "{year}-{n:03}"
_PLACE = re.compile(r"\{(year|month|n)(?::0?(\d))?\}")
LEVELS = ("first", "second", "last")


@value
class InvoiceSettings:
    """`number`: the pattern of numbers. `due`: how long a customer has to pay. `reminders`: how
    long after the due day the first, the second and the last reminder go out.
    """

    number: str = PATTERN
    due: Duration = Duration(14, "d")
    reminders: tuple[Duration, ...] = (Duration(3, "d"), Duration(14, "d"), Duration(30, "d"))


def _read(reader: Reader, raw: Raw | None, _: Settings) -> InvoiceSettings:
    at: Keys = ("invoice",)
    found = reader.map(raw, at)
    reader.known(at, found, ("number", "due", "reminders"))
    usual = InvoiceSettings()
    number = reader.optional((*at, "number"), found.get("number"), _pattern)
    due = reader.optional((*at, "due"), found.get("due"), duration.parse)
    return InvoiceSettings(
        number or usual.number, due or usual.due, _reminders(reader, found.get("reminders"))
    )


def _pattern(text: str) -> str:
    rest = _PLACE.sub("", text)
    names = [found[1] for found in _PLACE.finditer(text)]
    if names.count("n") != 1 or re.search(r"[{}\s]", rest):
        raise ValueError(
            f'"{text}" is no pattern of numbers; it needs one {{n}}, as in {PATTERN}, and no blanks'
        )
    return text


def _reminders(reader: Reader, raw: Raw | None) -> tuple[Duration, ...]:
    at: Keys = ("invoice", "reminders")
    usual = InvoiceSettings().reminders
    if raw is None or raw == "":
        return usual
    spans = raw if isinstance(raw, list) else [raw]
    found = [reader.optional((*at, n), span, duration.parse) for n, span in enumerate(spans)]
    good = tuple(span for span in found if span)
    if len(good) != len(spans) or len(good) > len(LEVELS):
        reader.problem(at, "settings-value", "up to three spans, as [3d, 14d, 30d]")
        return usual
    return good


SECTION = Section("invoice", _read)

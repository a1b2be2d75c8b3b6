"""How many things an export has written, and what they are: a ledger has bookings, a calendar
entries. They are counted in the text itself, for one record may give none or many.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from plaincrm.core.text.counted import counted
from plaincrm.core.value_class import value

_BOOKING = rb"^\d{4}-\d\d-\d\d [*!] "


@value
class WrittenUnit:
    """What one thing of a form is called, and how its first line looks."""

    name: str
    begins: bytes
    plural: str = ""


_LINE = rb"^."
_UNITS: Mapping[str, WrittenUnit] = {
    "vcf": WrittenUnit("card", rb"^BEGIN:VCARD"),
    "ics": WrittenUnit("entry", rb"^BEGIN:V(?:EVENT|TODO)", "entries"),
    "mbox": WrittenUnit("mail", rb"^From "),
    "ledger": WrittenUnit("booking", _BOOKING),
    "hledger": WrittenUnit("booking", _BOOKING),
    "beancount": WrittenUnit("booking", _BOOKING),
    "todotxt": WrittenUnit("task", _LINE),
    "taskwarrior": WrittenUnit("task", _LINE),
    "remind": WrittenUnit("reminder", rb"^REM "),
    "mutt": WrittenUnit("alias", rb"^alias ", "aliases"),
    "testimonials": WrittenUnit("testimonial", rb"^<figure>"),
}


def written_count(form: str, data: bytes, records: int) -> str:
    """Such as `2 bookings`; a form that has a row for each record says `3 records`."""
    unit = _UNITS.get(form)
    if unit is None:
        return counted(records, "record")
    found = len(re.findall(unit.begins, data, re.MULTILINE))
    return counted(found, unit.name, unit.plural)

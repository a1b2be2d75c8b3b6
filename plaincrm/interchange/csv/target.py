"""Where a column goes, as one word: `email`, `phone.mobile`, `name.family`, `company@name`,
`city~billing`.

    [KIND:]FIELD[.PART][@BY][~GROUP]

KIND    a record beside the row's own (a person's company in one row with them) PART    a label of a
list (`phone.mobile`), or a piece that is put together (`name.family`, `address.2`) BY      how the
cell names the record that a link leads to: id, name, email, domain, or an external id's field GROUP
of several sets (billing, shipping) the first that has anything is taken; the others stay own fields
An empty word drops the column; `body` is the text below the front matter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from plaincrm.core.schema.kinds import Field, Kind, Schema

BODY = "body"
_FORM = re.compile(
    r"(?:(?P<kind>[^\W\d]\w*):)?(?P<field>[^\s.@~:]+)(?:\.(?P<part>[^@~]+))?(?:@(?P<by>[^\s~]+))?(?:~(?P<group>\S+))?"
)


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    field: str
    part: str = ""
    by: str = ""
    group: str = ""
    kind: str = ""


@lru_cache(maxsize=4096)
def parse(word: str) -> ColumnTarget:
    """Raises ValueError with a sentence."""
    found = _FORM.fullmatch(word.strip())
    if not found:
        raise ValueError(
            f'"{word}" names no field; write it as email, phone.mobile or company@name'
        )
    return ColumnTarget(**{name: part or "" for name, part in found.groupdict().items()})


LOG = Kind(
    "log",
    "log",
    "",
    "text",
    {
        field.name: field
        for field in (
            Field("at", "datetime", "When it was", required=True),
            Field("type", "text", "call, email, meeting, message, note"),
            Field("direction", "enum", "in or out", values=("in", "out")),
            Field("text", "text", "What was said", required=True),
            Field("outcome", "text", "What came of it"),
            Field("duration", "text", "How long it took"),
            Field("due", "date", "When a task is due"),
            Field("done", "text", "Whether a task is done, or since when"),
            Field("priority", "text", "Of a task"),
            Field("amount", "money", "Of an order or invoice"),
            Field("price", "money", "Of one piece"),
            Field("number", "text", "Of an order or invoice"),
            Field("quantity", "number", "Of what was ordered"),
            Field("product", "text", "What was ordered"),
            Field("cost", "money", "What it cost oneself"),
            Field("unit_cost", "money", "What one piece cost oneself"),
            Field("contact", "ref", "With whom", many=True, to="contact"),
            Field("company", "ref", "On whose record", many=True, to="company"),
            Field("deal", "ref", "On whose record", many=True, to="deal"),
        )
    },
    "A line of a record's log",
)
"""What rows of activities become: not records but entries in the logs of those they link to."""


def kinds(schema: Schema) -> Mapping[str, Kind]:
    """The kinds that a file can fill: those of the schema, and log lines."""
    return {**schema.kinds, LOG.name: LOG}

"""Records as CSV in the shape that HubSpot and Pipedrive import, so that leaving is easy.

After their documentation; neither was tried with a real account.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.core.values.money import Money, plain
from plaincrm.interchange.cells import line, neutralise

Shape = Literal["hubspot", "pipedrive"]
_PLACE = (
    ("Street Address", "address"),
    ("City", "city"),
    ("State/Region", "region"),
    ("Postal Code", "zip"),
    ("Country/Region", "country"),
)
SHAPES: Mapping[Shape, Mapping[str, tuple[tuple[str, str], ...]]] = {
    "hubspot": {
        "contact": (
            ("Record ID", "id"),
            ("First Name", "given"),
            ("Last Name", "family"),
            ("Email", "email"),
            ("Phone Number", "phone"),
            ("Mobile Phone Number", "phone.mobile"),
            ("Job Title", "job"),
            ("Company Name", "company/name"),
            ("Lifecycle Stage", "status"),
            ("Website URL", "links"),
            *_PLACE,
            ("Preferred language", "language"),
            ("Original Source", "source"),
            ("Create Date", "created"),
            ("Contact owner", "owner"),
            ("Notes", "body"),
        ),
        "company": (
            ("Record ID", "id"),
            ("Company Name", "name"),
            ("Company Domain Name", "domain"),
            ("Website URL", "website"),
            ("Phone Number", "phone"),
            ("Industry", "industry"),
            ("Lifecycle Stage", "status"),
            *_PLACE,
            ("Create Date", "created"),
            ("Company owner", "owner"),
            ("Description", "body"),
        ),
        "deal": (
            ("Record ID", "id"),
            ("Deal Name", "name"),
            ("Pipeline", "pipeline"),
            ("Deal Stage", "stage"),
            ("Amount", "value:amount"),
            ("Currency", "value:currency"),
            ("Deal probability", "probability"),
            ("Close Date", "ending"),
            ("Create Date", "created"),
            ("Closed Lost Reason", "lost_reason"),
            ("Deal owner", "owner"),
            ("Associated Company", "company/name"),
            ("Associated Contact Email", "contact/email"),
            ("Deal Description", "body"),
        ),
        "ticket": (
            ("Ticket ID", "id"),
            ("Ticket Name", "subject"),
            ("Pipeline", "=Support Pipeline"),
            ("Ticket Status", "status"),
            ("Ticket Priority", "priority"),
            ("Category", "category"),
            ("Ticket Source", "channel"),
            ("Create Date", "opened"),
            ("Close Date", "solved"),
            ("Ticket owner", "owner"),
            ("Associated Contact Email", "contact/email"),
            ("Ticket Description", "body"),
        ),
    },
    "pipedrive": {
        "contact": (
            ("Person - Name", "name"),
            ("Person - First name", "given"),
            ("Person - Last name", "family"),
            ("Person - Email (Work)", "email"),
            ("Person - Email (Home)", "email.home"),
            ("Person - Phone", "phone"),
            ("Person - Label", "status"),
            ("Person - Creation date", "created"),
            ("Organization - Name", "company/name"),
            ("Note - Content", "body"),
        ),
        "company": (
            ("Organization - Name", "name"),
            ("Organization - Address", "address"),
            ("Organization - City/town/village/locality of Address", "city"),
            ("Organization - Country of Address", "country"),
            ("Organization - Label", "status"),
            ("Organization - Creation date", "created"),
            ("Note - Content", "body"),
        ),
        "deal": (
            ("Deal - Title", "name"),
            ("Deal - Value", "value:amount"),
            ("Deal - Currency of value", "value:currency"),
            ("Deal - Pipeline", "pipeline"),
            ("Deal - Stage", "stage"),
            ("Deal - Status", "outcome"),
            ("Deal - Probability", "probability"),
            ("Deal - Expected close date", "close_date"),
            ("Deal - Closed on", "closed"),
            ("Deal - Lost reason", "lost_reason"),
            ("Deal - Creation date", "created"),
            ("Person - Name", "contact/name"),
            ("Person - Email (Work)", "contact/email"),
            ("Organization - Name", "company/name"),
            ("Note - Content", "body"),
        ),
    },
}
"""By shape and kind: the header, and what stands in the cell: a field, `field.label`,
`link/field`, `=words`.
"""
_NUMBER = re.compile(r"[+-]?[\d\s().,/-]+(?:[Ee]?xt?\.?\s*\d+)?")


def write(shape: Shape, kind: str, records: Iterable[Record], context: Context) -> Iterator[str]:
    """The lines of the file. Raises KeyError for a kind that the shape does not have."""
    columns = SHAPES[shape][kind]
    yield line(header for header, _ in columns)
    for record in records:
        yield line(_safe(_cell(record, source, context)) for _, source in columns)


def _safe(cell: str) -> str:
    """A mark where the cell would begin a formula; phone numbers stay numbers, whose plus begins
    none.
    """
    return cell if _NUMBER.fullmatch(cell) else neutralise(cell[:1]) + cell[1:]


def _cell(record: Record, source: str, context: Context) -> str:
    if source.startswith("="):
        return source[1:]
    link, slash, name = source.partition("/")
    if slash:
        target = next(iter(context.store.follow(record, link)), None)
        return _cell(target, name, context) if target else ""
    match source:
        case "id":
            return record.id
        case "body":
            return record.body.strip()
        case "given" | "family":
            given, _, family = record.title.rpartition(" ")
            return given if source == "given" else family
        case "outcome":
            return str(context.fact(record, "stage_status") or "open").capitalize()
        case "ending":
            return record.text("closed") or record.text("close_date")
    return _value(record, source, context)


def _value(record: Record, source: str, context: Context) -> str:
    name, _, label = source.partition(".")
    field, _, part = name.partition(":")
    if part:
        money = record.value(field, context.settings.currency)
        if not isinstance(money, Money):
            return ""
        return plain(money.amount) if part == "amount" else money.currency
    found = [item for item in record.items(field) if not label or item.label == label]
    return found[0].text if found else ""

"""Campaigns: a new one, and writing its mails as drafts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, BinaryIO

from plaincrm.core.records.edits import Edit, SetField, logged
from plaincrm.core.records.record import Record
from plaincrm.core.text.fold import fold
from plaincrm.core.values.raw import Raw
from plaincrm.crm.campaign_audience import CampaignAudience
from plaincrm.crm.mailing.render import Letter
from plaincrm.crm.mailing.template_files import Templates
from plaincrm.crm.staged import Staged, staged
from plaincrm.errors import Refused
from plaincrm.interchange.csv.analytics import visits
from plaincrm.interchange.csv.table import read as read_table

if TYPE_CHECKING:
    from plaincrm.crm.book import Book


def new(
    book: Book,
    name: str,
    segment: str,
    template: str = "",
    variants: Mapping[str, str] | None = None,
    *,
    cost: str = "",
    control: str = "",
) -> Staged:
    """Stage a new campaign. Raises NotFound for a template or segment that there is not, Refused
    without any template, and for values that the schema refuses.
    """
    templates = Templates(book)
    forms: dict[str, Raw] = dict(variants or {})
    if not template and not forms:
        raise Refused("a campaign needs a template", "--template NAME, or --variant a=NAME")
    for each in (template, *(variants or {}).values()):
        if each:
            templates.find(each)
    found = book.segments.named(segment)
    change = book.change("", "campaign new")
    wanted: dict[str, Raw] = {
        "name": name,
        "template": "" if forms else template,
        "variants": forms,
        "segment": found.name,
        "status": "planned",
        "cost": cost,
        "control": control,
        "created": book.now.date().isoformat(),
    }
    fields = {key: raw for key, raw in wanted.items() if raw}
    record = change.create(book.schema.kinds["campaign"], fields)
    return staged(change, f"Add {record.ref}: {record.title}", [record])


def written(book: Book, audience: CampaignAudience) -> tuple[Staged, list[Letter]]:
    """Stage what the campaign's record says of its mails being written, and give the letters that
    are ready. `crm.mailing.write.to_outbox` writes these.
    """
    letters = [each.letter for each in audience.members if each.letter is not None]
    ready = [letter for letter in letters if letter.status == "ready"]
    change = book.change("", "campaign write")
    after: list[Record] = []
    if ready:
        edits = _edits(book, audience)
        after.append(change.edit(audience.campaign, edits))
    return staged(change, f"Write {audience.campaign.ref}", after), ready


def visited(book: Book, stream: BinaryIO) -> tuple[Staged, list[str]]:
    """Stage the visits that a counter of one's own web site has for each campaign, and name the
    campaigns that are not here. Raises Refused for a table that can't be read as that.

    A campaign is found by its id, a former one or its name; the latest count stands, so that the
    same file twice changes nothing.
    """
    table = read_table(stream)
    found = visits(table.header, table.rows)
    known: dict[str, Record] = {}
    for record in book.store.records("campaign"):
        for name in (record.title, *record.aliases(), record.id):
            known[fold(name)] = record
    counts: Counter[str] = Counter()
    for name, count in found.items():
        if fold(name) in known:
            counts[known[fold(name)].id] += count
    change = book.change("", "campaign visits")
    records = ((book.store.get("campaign", id), str(count)) for id, count in counts.items())
    after = [
        change.edit(record, [SetField("visits", count)])
        for record, count in records
        if record is not None and record.text("visits") != count
    ]
    others = [name for name in found if fold(name) not in known]
    told = ", ".join(f"{each.title} {each.text('visits')}" for each in after)
    return staged(change, f"Visits: {told}" if after else "Visits", after), others


def _edits(book: Book, audience: CampaignAudience) -> Sequence[Edit]:
    held = audience.held_back()
    said = _counted(audience)
    edits: list[Edit] = [logged(book.now, "note", f"Drafts written: {said}")]
    if held:
        edits.append(SetField("held_back", list(held)))
    if audience.campaign.text("status") != "running":
        edits.append(SetField("status", "running"))
    if not audience.campaign.raw("starts"):
        edits.append(SetField("starts", book.now.date().isoformat()))
    return edits


def _counted(audience: CampaignAudience) -> str:
    """`a 92, b 88, held back 20`."""
    counts: Counter[str] = Counter()
    counts.update(audience.sizes())
    held = counts.pop("control", 0)
    parts = [f"{name} {count}" for name, count in counts.items()]
    return ", ".join([*parts, *([f"held back {held}"] if held else [])])

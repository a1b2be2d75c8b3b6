"""Links that follow a record: when it gets another id, and when it goes."""

from __future__ import annotations

from plaincrm.core.records.edits import DeleteField, Edit, SetField
from plaincrm.core.records.record import Record
from plaincrm.core.records.store import Store
from plaincrm.core.schema.kinds import Field
from plaincrm.core.text.fold import fold
from plaincrm.core.values.raw import Raw
from plaincrm.core.values.record_link import leading_elsewhere, link_key


def links_from_others(store: Store, record: Record) -> list[tuple[Record, str]]:
    """The other records that link to `record`, and by which field."""
    found = store.links_to(record)
    return [(source, field.name) for source, field in found if source.ref != record.ref]


def relink(source: Record, field: Field, target: Record, id: str | None) -> list[Edit]:
    """The edit after which links of `source` to `target` lead to `id`, or are gone."""
    former = {fold(target.id), *(fold(alias) for alias in target.aliases())}
    raw = _relinked(source.fields.get(field.name, ""), former, id)
    return [SetField(field.name, raw) if raw else DeleteField(field.name)]


def _relinked(raw: Raw, former: set[str], id: str | None) -> Raw:
    """`raw` with every link to one of `former` leading to `id`, or taken out."""
    if isinstance(raw, str):
        if link_key(raw) not in former:
            return raw
        return leading_elsewhere(raw, id) if id else ""
    if isinstance(raw, list):
        found = [each for each in (_relinked(item, former, id) for item in raw) if each]
        return [each for n, each in enumerate(found) if each not in found[:n]]
    links = {key: _relinked(each, former, id) for key, each in raw.items()}
    return {key: each for key, each in links.items() if each}

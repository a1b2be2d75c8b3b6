"""The fields of two records that become one: the first's values win, the second's fill its blanks.

Fields that may hold several hold those of both. Of a life cycle the further step counts, of consent
the less permissive: a flag that one has raised is raised. What finds no place is handed back, so
that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Field, refusal
from plaincrm.core.text.fold import fold
from plaincrm.core.values import phones
from plaincrm.core.values.raw import Raw, RawItem, items
from plaincrm.marketing.consent import flag

FLAGS = ("unsubscribed", "do_not_email")
CYCLE = ("other", "lead", "prospect", "customer", "former")  # a partner stays one


@dataclass
class JoinedFields:
    """`fields`: what the first record gets; `lost`: the names and texts of the second that found no
    place.
    """

    fields: dict[str, Raw] = field(default_factory=dict)
    lost: list[tuple[str, str]] = field(default_factory=list)


def join(keep: Record, other: Record, region: str, computed: Callable[[str], bool]) -> JoinedFields:
    """Both records' fields. `region` is the country of local phone numbers; `computed(name)` says
    whether a field is one that no file may hold."""
    joined = JoinedFields()
    for name, raw in _offered(keep, other).items():
        mine = keep.fields.get(name, "")
        value = _value(keep, name, mine, raw, region)
        if value is None or computed(name) or not _fits(keep, other, name, value, mine):
            joined.lost.append((name, said(raw)))
        elif value != mine:
            joined.fields[name] = value
    return joined


def said(raw: Raw) -> str:
    """A field's value in one line: `work: a@x.example, b@x.example`."""
    return ", ".join(
        f"{item.label}: {item.text}" if item.label else item.text for item in items(raw)
    )


def _offered(keep: Record, other: Record) -> dict[str, Raw]:
    """What the second has to say: no blanks, no links to itself or to the first, each bounced
    address by name.
    """
    both = {fold(id) for record in (keep, other) for id in (record.id, *record.aliases())}
    found = {name: raw for name, raw in other.fields.items() if name != "aliases"}
    for each in other.kind.refs:
        if each.to == other.kind.name and each.name in found:
            found[each.name] = _without(found[each.name], both)
    if "bounced" in found and flag(found["bounced"]) and "@" not in said(found["bounced"]):
        found["bounced"] = [item.text for item in items(found.get("email"))]
    return {name: raw for name, raw in found.items() if any(items(raw))}


def _without(raw: Raw, ids: set[str]) -> Raw:
    if isinstance(raw, str):
        return "" if fold(raw) in ids else raw
    if isinstance(raw, list):
        return [each for each in (_without(item, ids) for item in raw) if each]
    return {label: each for label, item in raw.items() if (each := _without(item, ids))}


def _value(keep: Record, name: str, mine: Raw, theirs: Raw, region: str) -> Raw | None:
    """What the field is to hold; None where the first record's value stands and the second's
    differs.
    """
    kind_field = keep.kind.fields.get(name)
    if name in FLAGS:
        return theirs if flag(theirs) and not flag(mine) else mine or theirs
    if not any(items(mine)):
        return theirs
    if name == "snoozed" and isinstance(mine, dict) and isinstance(theirs, dict):
        return {**theirs, **mine}
    if kind_field.many if kind_field else isinstance(mine, list) and isinstance(theirs, list):
        return union(mine, theirs, lambda text: _form(kind_field, text, region))
    if name == "status" and keep.kind.name in ("contact", "company"):
        return _further(mine, theirs)
    same = [fold(item.text) for item in items(mine)] == [fold(item.text) for item in items(theirs)]
    return mine if same else None


def _further(mine: Raw, theirs: Raw) -> Raw | None:
    steps = [
        CYCLE.index(fold(said(each))) if fold(said(each)) in CYCLE else -1
        for each in (mine, theirs)
    ]
    if min(steps) < 0:
        return mine if fold(said(mine)) == fold(said(theirs)) else None
    return theirs if steps[1] > steps[0] else mine


def _form(kind_field: Field | None, text: str, region: str) -> str:
    """The form in which two items are the same."""
    number = phones.e164(text, region) if kind_field and kind_field.value_type.regional else ""
    return number or fold(text.strip())


def union(mine: Raw, theirs: Raw, form: Callable[[str], str] = fold) -> Raw:
    """`mine` with those items of `theirs` that it lacks; once there are labels, all get one."""
    extra = list(_extra(mine, theirs, form))
    if not isinstance(mine, dict) and not any(item.label for item in extra):
        return [*_listed(mine), *(item.text for item in extra)] if extra else mine
    found: dict[str, Raw] = dict(mine) if isinstance(mine, dict) else {"main": mine}
    for item in extra:
        label = item.label or "other"
        found[label] = [*_listed(found[label]), item.text] if label in found else item.text
    return found


def _extra(mine: Raw, theirs: Raw, form: Callable[[str], str]) -> Iterator[RawItem]:
    known = {form(item.text) for item in items(mine)}
    for item in items(theirs):
        if form(item.text) not in known:
            known.add(form(item.text))
            yield item


def _listed(raw: Raw) -> list[Raw]:
    return list(raw) if isinstance(raw, list) else [raw]


def _fits(keep: Record, other: Record, name: str, value: Raw, mine: Raw) -> bool:
    """Whether the schema takes what the second record adds."""
    kind_field = keep.kind.fields.get(name)
    if kind_field is None:
        return True
    if not kind_field.many and not isinstance(value, str):
        return False
    beside = keep.text(kind_field.by) or other.text(kind_field.by) if kind_field.by else ""
    known = {item.text for item in items(mine)}
    return not any(
        refusal(kind_field, item.text, beside) for item in items(value) if item.text not in known
    )

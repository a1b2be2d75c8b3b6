"""The links of a row: hints become ids of records, of the book or of this import; what is unsure
stays text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from plaincrm.core.schema.kinds import Kind, Schema
from plaincrm.core.values.raw import Raw
from plaincrm.crm.importing.identity_map import KnownRecord, RecordIndex
from plaincrm.interchange.csv.draft import LinkHint

_MADE = ("company", "contact")  # links whose records are made if only a name is known


@dataclass
class Linker:
    """`make(kind, fields)` stages a record of which a row says no more than the name; None if it
    can't be.
    """

    schema: Schema
    index: RecordIndex
    make: Callable[[Kind, dict[str, Raw]], KnownRecord | None]
    warnings: list[str] = field(default_factory=list)

    def learn(self, named_by: Iterable[tuple[str, str]]) -> None:
        """The kinds, with the field of their external id, by which rows name records: before there
        are any, so that all are found by it."""
        for kind, name in named_by:
            if kind in self.schema.kinds:
                self.index.learn(self.schema.kinds[kind], name)

    def fields(
        self, where: str, kind: Kind, links: Mapping[str, tuple[LinkHint, ...]]
    ) -> dict[str, Raw]:
        """The link fields; a link that fits no record, or several, goes to an own field and is told
        of.
        """
        found: dict[str, Raw] = {}
        for name, hints in links.items():
            ids: dict[str, None] = {}
            lost = []
            for hint in hints:
                target = self.resolve(where, name, hint, make=name in _MADE)
                if target:
                    ids[target.id] = None
                else:
                    lost.append(hint.value)
            if ids:
                found[name] = (
                    list(ids) if len(ids) > 1 and kind.fields[name].many else next(iter(ids))
                )
            if lost:
                found[f"{name}_imported"] = "; ".join(dict.fromkeys(lost))
        return found

    def resolve(
        self, where: str, name: str, hint: LinkHint, *, make: bool = False
    ) -> KnownRecord | None:
        """The one record that a hint names. Says so where there is none, or several."""
        kind = self.schema.kinds[hint.kind]
        several: list[KnownRecord] = []
        for each in (hint, *hint.others):
            found = self.index.find(kind, each.by, each.value)
            if len(found) == 1:
                return found[0]
            several = several or found
        if several:
            fits = " or ".join(t.ref for t in several[:3])
            self.warnings.append(
                f"{where}: {name} “{hint.value}” may be {fits}; left open, see {name}_imported"
            )
            return None
        made = self.make(kind, _known(kind, hint)) if make else None
        if made is None:
            self.warnings.append(
                f"{where}: {name} “{hint.value}” is not here; kept in {name}_imported"
            )
        return made


def _known(kind: Kind, hint: LinkHint) -> dict[str, Raw]:
    """What the hints say of a record: its name, and what else they name it by. Numbers are no
    names.
    """
    fields: dict[str, Raw] = {}
    for each in (hint, *hint.others):
        if each.by in ("name", "id"):
            if any(char.isalpha() for char in each.value):
                fields.setdefault(kind.title, each.value)
        else:
            fields.setdefault(each.by, each.value)
    return fields if kind.title in fields else {}

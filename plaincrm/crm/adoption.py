"""What a folder of Markdown notes would be as a book: `plaincrm adopt`.

Nothing is written here. A folder is a kind by its name, or because its notes say so (`type:
person`); a key is a field by the schema's name for it, or by the words that people use
(`interchange/csv/names.py`). What is not sure is left as it is and told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from plaincrm.book import inside
from plaincrm.core.records.field_keys import FILE_NAME
from plaincrm.core.records.file_names import records_among
from plaincrm.core.schema import builtin
from plaincrm.core.schema.kinds import Field, Kind, refusal
from plaincrm.core.text.text_file import decode
from plaincrm.core.values.raw import items
from plaincrm.core.yaml import front_matter
from plaincrm.crm.adoption_places import KindPlace, Note, activity_kind, placed, texts
from plaincrm.errors import Refused
from plaincrm.interchange.csv import names, target

SAMPLES = 3
ENOUGH = 0.5  # the share of the values that has to fit a field before a key is taken for it


@dataclass(frozen=True, slots=True)
class KindProposal:
    """Folders as a kind. `loose`: fields whose values are read as text, or as these values.
    `told_by`: the words of `type:` or tags by which its notes are told from others beside them.
    """

    kind: Kind
    folders: tuple[str, ...]
    notes: Sequence[Note]
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    loose: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    told_by: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        return self.folders[0]

    @property
    def samples(self) -> list[str]:
        return [note.path for note in self.notes[:SAMPLES]]

    def values(self, name: str) -> list[str]:
        """What the notes hold for the field."""
        key = self.keys.get(name, (name,))[0]
        return [item.text for note in self.notes for item in items(note.fields.get(key))]


@dataclass(frozen=True, slots=True)
class Proposal:
    """`left`: folders of notes that stay notes, with their counts. `told`: what is not sure."""

    kinds: Sequence[KindProposal]
    left: Mapping[str, int]
    told: Sequence[str]

    def of(self, kind: str) -> KindProposal | None:
        return next((each for each in self.kinds if each.kind.name == kind), None)


def propose(root: Path) -> Proposal:
    """What the notes below `root` would be. Raises OSError where the folder can't be read."""
    notes = list(_notes(root))
    told: list[str] = []
    places = placed(notes, told)
    schema = builtin.schema().with_kinds([activity_kind(places, notes)])
    kinds = [
        _proposal(schema.kinds[name], found)
        for name in schema.kinds
        if (found := places.get(name)) is not None
    ]
    taken = {note.path for each in kinds for note in each.notes}
    left = Counter(note.folder for note in notes if note.path not in taken)
    return Proposal(kinds, dict(sorted(left.items())), told)


def _notes(root: Path) -> Iterator[Note]:
    """The notes below `root`, sorted; hidden folders and links are left out."""
    paths = [path for path, _ in inside.files(root, "")]
    for path in sorted(each.lstrip("/") for each in records_among(paths)):
        try:
            text = decode(inside.read(root, path) or b"", path)[0]
        except (OSError, Refused):  # a link, or not ours to read: it stays as it is
            continue
        yield Note(path, front_matter.parse(text, path).fields)


def _proposal(kind: Kind, place: KindPlace) -> KindProposal:
    notes = place.notes
    carried = Counter(key for note in notes for key in note.fields)
    keys = _keys(kind, notes, [key for key, _ in carried.most_common()])
    titles = {kind.title, *keys.get(kind.title, ())}
    if any(titles.isdisjoint(note.fields) for note in notes):
        keys[kind.title] = (*keys.get(kind.title, ()), FILE_NAME)
    found = KindProposal(kind, place.folders, notes, keys)
    loose = {
        name: way
        for name, each in kind.fields.items()
        if name not in ("stage", kind.title)
        if (way := _loosened(each, found.values(name))) is not None
    }
    return KindProposal(kind, place.folders, notes, keys, loose, place.told_by)


def _keys(kind: Kind, notes: Sequence[Note], present: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Field to the keys that the notes have for it; keys that are a field's own name need none."""
    words = names.aliases(kind.name)
    meant = {
        key: target.parse(words[names.fold(key)])
        for key in present
        if key not in kind.fields and names.fold(key) in words
    }
    found: dict[str, tuple[str, ...]] = {}
    for part in ("given", "family"):
        for key, each in meant.items():
            if each.field == "name" and each.part == part and not _beside(notes, key, "name"):
                found["name"] = (*found.get("name", ()), key)
                break
    whole = sorted(meant.items(), key=lambda pair: bool(pair[1].part))
    for key, each in whole:
        known = kind.fields.get(each.field)
        taken = each.field in found or _beside(notes, key, each.field)
        if known is None or taken or (each.field == "name" and each.part):
            continue
        if known.value_type.choice or _fits(known, _values(notes, key)):
            found[each.field] = (key,)
    return found


def _beside(notes: Iterable[Note], key: str, name: str) -> bool:
    """Whether each note that has the key has the field under its own name too."""
    return all(name in note.fields for note in notes if key in note.fields)


def _values(notes: Iterable[Note], key: str) -> list[str]:
    return [text for note in notes for text in texts(note.fields.get(key))]


def _fits(known: Field, values: Sequence[str]) -> bool:
    """Whether enough of the values are what the field takes."""
    good = sum(known.by != "" or not refusal(known, text) for text in values)
    return bool(values) and good >= len(values) * ENOUGH


def _loosened(known: Field, values: Sequence[str]) -> tuple[str, ...] | None:
    """For a field whose type does not fit the notes: the values that they have, for an enum; none
    for any text. None where it fits.
    """
    if known.value_type.choice and not known.by:
        new = dict.fromkeys(text for text in values if refusal(known, text))
        return (*known.values, *new) if new else None
    return () if values and not known.by and not _fits(known, values) else None

"""Where the notes of each kind lie in a folder of notes that is to be a book.

By the name of a folder, in any of several; or by what the notes say in `type:` or a tag, where
notes of several kinds lie in one folder.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from plaincrm.core.schema import builtin
from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.core.schema.settings_schema import OTHER_FOLDERS
from plaincrm.core.text.text_file import lies_in
from plaincrm.core.values.raw import Raw, items
from plaincrm.core.values.record_link import link_key
from plaincrm.crm.adoption_words import ACTIVITY, kind_of_folder, said_kind
from plaincrm.interchange.csv.column_words import word_set
from plaincrm.interchange.csv.names import fold

_WITH_WHOM = word_set(
    "contacts contact people person persons attendees participants with who kontakte kontakt"
    " teilnehmer personen mit contactos con contatti partecipanti deelnemers"
)
"""Keys in which a note of a call or meeting names those whom it was with."""
_BLANK_FORMS = word_set("templates template vorlagen modèles plantillas modelli sjablonen")
_WHEN = word_set("date when day datum tag fecha data")


@dataclass(frozen=True, slots=True)
class Note:
    """A Markdown file with its front matter; `path` is relative to the folder."""

    path: str
    fields: Mapping[str, Raw]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def said(self) -> tuple[str, str]:
        """The kind that it names in `type:` or a tag, and by which word; empty for none."""
        return said_kind([*texts(self.fields.get("type")), *texts(self.fields.get("tags"))])


@dataclass(frozen=True, slots=True)
class KindPlace:
    """The folders of a kind, the one with most notes first, and its notes there. `told_by`: the
    words that tell them from other notes; none where all notes of the folders are of the kind."""

    folders: tuple[str, ...]
    notes: Sequence[Note]
    told_by: tuple[str, ...] = ()


def placed(notes: Sequence[Note], told: list[str]) -> dict[str, KindPlace]:
    """The place of each kind that there is; what is left out goes to `told`."""
    whole: dict[str, list[str]] = defaultdict(list)
    mixed: dict[str, list[Note]] = defaultdict(list)
    for folder, inside in _by_folder(notes).items():
        if _is_apart(folder):
            continue
        kind, place = _kind_above(folder)
        said = {note.said[0] for note in inside}
        if not kind and len(said) == 1 and folder:
            kind, place = said.pop(), folder
        if kind:
            whole[kind] += [place] * (place not in whole[kind])
        else:
            for note in inside:
                if note.said[0]:
                    mixed[note.said[0]].append(note)
    names = dict.fromkeys([*builtin.schema().kinds, ACTIVITY])
    found = {name: _place(name, notes, whole[name], mixed[name], told) for name in names}
    return {name: place for name, place in found.items() if place is not None}


def _place(
    kind: str, notes: Sequence[Note], whole: list[str], mixed: list[Note], told: list[str]
) -> KindPlace | None:
    own = [note for note in notes if any(lies_in(note.path, each) for each in whole)]
    loose = [note for note in mixed if note not in own]
    if loose and all(note.said[0] == kind for note in own):
        folders = [*whole, *dict.fromkeys(_top(note, loose) for note in loose)]
        words = tuple(dict.fromkeys(note.said[1] for note in (*own, *loose)))
        return KindPlace(_most_first(folders, notes), [*own, *loose], words)
    if loose:
        told.append(
            f"{len(loose)} notes name {kind} in `type:` but lie among others; put them into"
            f" {whole[0]}/, or give those there a `type:` too"
        )
    return KindPlace(_most_first(whole, notes), own) if own else None


def _top(note: Note, others: Iterable[Note]) -> str:
    """The topmost folder of a note that others of its kind lie below too."""
    folders = {each.folder for each in others}
    steps = note.folder.split("/")
    ways = ("/".join(steps[:number]) for number in range(1, len(steps) + 1))
    return next(way for way in ways if way in folders)


def _most_first(folders: Iterable[str], notes: Sequence[Note]) -> tuple[str, ...]:
    def count(folder: str) -> int:
        return sum(lies_in(note.path, folder) for note in notes)

    return tuple(sorted(dict.fromkeys(folders), key=lambda folder: (-count(folder), folder)))


def _by_folder(notes: Iterable[Note]) -> dict[str, list[Note]]:
    found: dict[str, list[Note]] = defaultdict(list)
    for note in notes:
        found[note.folder].append(note)
    return found


def _is_apart(folder: str) -> bool:
    """Whether it is a folder that the book needs for other things, or one of blank forms."""
    steps = folder.split("/")
    return steps[0] in OTHER_FOLDERS or any(fold(step) in _BLANK_FORMS for step in steps)


def _kind_above(folder: str) -> tuple[str, str]:
    """The first folder on the way that is a kind by its name, and that kind."""
    steps = folder.split("/")
    for number, step in enumerate(steps, 1):
        if kind := kind_of_folder(step):
            return kind, "/".join(steps[:number])
    return "", ""


def texts(raw: Raw | None) -> list[str]:
    """The scalars of a key."""
    return [item.text for item in items(raw)]


def activity_kind(places: dict[str, KindPlace], notes: Sequence[Note]) -> Kind:
    """The kind of notes of calls and meetings: each is an entry of the log of those it names. Where
    none names anybody, they stay notes."""
    found = places.get(ACTIVITY)
    every = found.notes if found else ()
    keys = list(dict.fromkeys(key for note in every for key in note.fields))
    people = {link_key(note.path.rpartition("/")[2].removesuffix(".md")) for note in notes}
    named = [key for key in keys if fold(key) in _WITH_WHOM and _names(every, key, people)]
    if not named:
        places.pop(ACTIVITY, None)
    whom = [Field(key, "ref", "With whom", many=True, to="contact") for key in named]
    when = [Field(key, "date", "When it was") for key in keys if fold(key) in _WHEN][:1]
    fields = {each.name: each for each in (Field("name", required=True), *when, *whom)}
    return Kind(ACTIVITY, "activities", "activities", "name", fields, entry=True)


def _names(notes: Iterable[Note], key: str, people: set[str]) -> bool:
    """Whether a key leads to notes."""
    return any(link_key(text) in people for note in notes for text in texts(note.fields.get(key)))

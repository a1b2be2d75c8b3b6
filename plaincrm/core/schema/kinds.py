"""The schema: which kinds of record there are, which fields they have, and of what type.

It is data: `builtin.py` has a row a field, the book's `fields:` and `kinds:` add more. One row
makes a field known everywhere: typing, checking, columns, completion, JSON Schema, docs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from plaincrm.core.text.fold import fold
from plaincrm.core.text.text_file import lies_in
from plaincrm.core.value_class import changed, fresh, value
from plaincrm.core.values.raw import Raw, items
from plaincrm.core.values.record_link import link_id
from plaincrm.core.values.types import TEXT, TYPES
from plaincrm.core.values.value_type import Type


@value
class Field:
    """One field of a kind. `many`: one value, a list, or a map of labels. `to`: the kind a `ref`
    leads to.
    """

    name: str
    type: str = "text"
    doc: str = ""
    many: bool = False
    required: bool = False
    default: str = ""
    values: tuple[str, ...] = ()
    to: str = ""
    future: bool = False  # about the future: a past `10-31` typed for it is next year's
    by: str = ""  # an enum whose values depend on another field: a deal's stage on its pipeline
    sum_of: str = ""  # where nothing is written it is the sum of that field's items
    cases: Mapping[str, tuple[str, ...]] = fresh(factory=dict)

    @property
    def value_type(self) -> Type:
        """What its values are: how they are read, compared, shown and stored."""
        return TYPES[self.type]

    @property
    def all_values(self) -> tuple[str, ...]:
        """The values of an enum, in whatever case."""
        by_case = (value for values in self.cases.values() for value in values)
        return self.values or tuple(dict.fromkeys(by_case))

    @property
    def spelled(self) -> str:
        """The type as docs and errors name it: `many(ref(contact))`."""
        inner = f"ref({self.to})" if self.value_type.links else self.type
        return f"many({inner})" if self.many else inner


@value
class Kind:
    """A kind of record: its singular name, plural, folder, the field that is its title, and its
    fields.

    `columns`: what `list` shows of it. `keys`: for a field that the files keep under other names,
    these names (`keys:` of the settings). `more_folders`: where files of it lie too. `told_by`: the
    words, one of which a file has to have in `type:` or among its tags (`types:`); none, if every
    file in its folders is one. The folder without a name is the book's own, without those below it.
    `entry`: each record is an entry of the log of those it links to.
    """

    name: str
    plural: str
    folder: str
    title: str
    fields: Mapping[str, Field] = fresh(factory=dict)
    doc: str = ""
    columns: tuple[str, ...] = ()
    keys: Mapping[str, tuple[str, ...]] = fresh(factory=dict)
    more_folders: tuple[str, ...] = ()
    told_by: tuple[str, ...] = ()
    entry: bool = False

    @property
    def places(self) -> tuple[str, ...]:
        """Every folder that its files lie in; new ones go to the first."""
        return (self.folder, *self.more_folders)

    def holds(self, path: str) -> bool:
        """Whether a path (relative to the book, posix) lies in its folders."""
        return any(lies_in(path, place) for place in self.places)

    def is_told(self, kind: Raw | None, tags: Raw | None) -> bool:
        """Whether a file of this `type:` and these tags is of the kind: `#crm/person` is a
        person."""
        if not self.told_by:
            return True
        said = (item.text for raw in (kind, tags) for item in items(raw))
        return any(fold(link_id(text).lstrip("#")) in self.told_by for text in said)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Field names in the order in which new keys are written."""
        return tuple(self.fields)

    @cached_property
    def required(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields.values() if f.required)

    @cached_property
    def refs(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields.values() if f.value_type.links)

    @cached_property
    def defaulted(self) -> tuple[Field, ...]:
        """The fields that have a value even where the file says nothing."""
        return tuple(f for f in self.fields.values() if f.default or f.cases or f.sum_of)

    def with_fields(self, fields: Iterable[Field]) -> Kind:
        return changed(self, fields={**self.fields, **{f.name: f for f in fields}})


@value
class Schema:
    """All kinds of a book, by singular name, in the order in which views list them."""

    kinds: Mapping[str, Kind]

    @cached_property
    def _by_word(self) -> Mapping[str, Kind]:
        words = {kind.plural.casefold(): kind for kind in self.kinds.values()}
        return words | {name.casefold(): kind for name, kind in self.kinds.items()}

    @cached_property
    def folders(self) -> Mapping[str, str]:
        """Kind name to folder."""
        return {kind.name: kind.folder for kind in self.kinds.values()}

    def find(self, word: str) -> Kind | None:
        """The kind of that singular or plural name, in any case."""
        return self._by_word.get(word.casefold())

    def links_to(self, target: str) -> Iterable[tuple[Kind, Field]]:
        """Every field of every kind that leads to the kind `target`."""
        for kind in self.kinds.values():
            for ref in kind.refs:
                if ref.to == target:
                    yield kind, ref

    def of_path(self, path: str, text: str | None = None) -> Kind | None:
        """The kind whose folder the path (relative to the book, posix) lies in; of several kinds
        that share a folder, and of notes that are none, the `text` of the file tells."""
        found = [kind for kind in self.kinds.values() if kind.holds(path)]
        if text is None or not any(kind.told_by for kind in found):
            return next(iter(found), None)
        from plaincrm.core.yaml import front_matter

        fields = front_matter.parse(text, path).fields
        said = fields.get("type"), fields.get("tags")
        return next((kind for kind in found if kind.is_told(*said)), None)

    def with_kinds(self, kinds: Iterable[Kind]) -> Schema:
        return Schema({**self.kinds, **{kind.name: kind for kind in kinds}})


def refusal(field: Field, text: str, beside: str = "") -> str:
    """Why `field` can't hold `text`, as a sentence; empty if it can.

    `beside` is the value of the field that an enum's values depend on (a stage's pipeline).
    """
    if field.value_type is TEXT:
        return ""
    try:
        field.value_type.read(text, "XXX")  # any currency will do
    except ValueError as error:
        return str(error)
    allowed = field.cases.get(beside, ()) if field.by else field.values
    if allowed and text.casefold() not in {value.casefold() for value in allowed}:
        return f'"{text}" is no {field.name}; it is one of {", ".join(allowed)}'
    return ""

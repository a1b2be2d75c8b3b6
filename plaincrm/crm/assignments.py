"""What `field=value` on the command line means for a record: edits, with links resolved and dates
spelled out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from plaincrm.core.records.edits import AddItem, DeleteField, Edit, RemoveItem, SetField
from plaincrm.core.records.record import Record
from plaincrm.core.schema.kinds import Field, Kind, refusal
from plaincrm.core.text.fold import fold
from plaincrm.core.values.dates import Leaning
from plaincrm.core.values.raw import Raw, items
from plaincrm.core.values.record_link import link_key
from plaincrm.crm.date_values import DateValues
from plaincrm.crm.reference_match import Sureness
from plaincrm.crm.references import one
from plaincrm.errors import NotFound, Refused, UsageError

if TYPE_CHECKING:
    from plaincrm.crm.book_data import BookData
    from plaincrm.crm.change import Change

Assignment = tuple[str, str, str]
NEAR = 0.75  # how alike (0 to 1) a new key may be to a known field before it is taken for a slip
SHORT = 3  # letters from which on the beginning of a field's name is taken for the field
_BRACKETS = re.compile(r"\[(?!\[).*", re.DOTALL)
_YEAR = re.compile(r"\d{4}")
_WORDS = ("tags", "aliases", "domain", "bounced")


@dataclass
class Assigner:
    """Turns assignments into edits. `echo` gathers what was understood: date words, resolved links.

    `make(kind, name)` creates a record for `company=+"Fjord AS"` and gives its id. `own`: a new key
    is meant, however near it is to a field's name.
    """

    book: BookData
    make: Callable[[Kind, str], str]
    own: bool = False
    echo: list[str] = field(default_factory=list)

    def edits(
        self, kind: Kind, assignments: Iterable[Assignment], present: Record | None = None
    ) -> list[Edit]:
        """The edits that `assignments` ask for. Raises UsageError, Refused, NotFound, Ambiguous."""
        found: list[Edit] = []
        for each in assignments:
            found += self._edits(kind, each, present, found)
        return found

    def _edits(
        self, kind: Kind, assignment: Assignment, present: Record | None, before: Sequence[Edit]
    ) -> Iterator[Edit]:
        name, operator, text = assignment
        field_name, dot, label = name.partition(".")
        if dot and not self._is_one_name(kind, name, present):
            self._known(kind, field_name)
            standing = present.fields.get(field_name, "") if present else ""
            for edit in before:  # several keys of one map in one command
                if isinstance(edit, SetField) and edit.field == field_name:
                    standing = edit.value
                elif isinstance(edit, DeleteField) and edit.field == field_name:
                    standing = ""
            key = LabelledKey(kind.fields.get(field_name), field_name, label)
            yield self._labelled(key, operator, text, standing)
            return
        self._known(kind, name)
        declared = kind.fields.get(name)
        if operator == "=":
            yield self._setting(declared, name, text)
        elif operator == "+=":
            self._listable(kind, declared, name, text)
            yield from (
                AddItem(name, self.value(declared, each)) for each in _split(declared, text)
            )
        else:
            for each in _split(declared, text):
                yield RemoveItem(name, self._standing(declared, present, name, each))

    def _is_one_name(self, kind: Kind, name: str, present: Record | None) -> bool:
        """Whether a name with a dot is a key as it stands, and no key of a map."""
        computed = self.book.context.facts.find(kind.name, name) is not None
        return computed or bool(present and name in present.fields)

    def _setting(self, declared: Field | None, name: str, text: str) -> Edit:
        if not text:
            return DeleteField(name)
        parts = _split(declared, text)
        if not parts:
            return DeleteField(name)
        if len(parts) > 1 or name == "tags" or _BRACKETS.fullmatch(text.strip()):
            return SetField(name, [self.value(declared, each) for each in parts])
        return SetField(name, self.value(declared, text))

    def _labelled(self, key: LabelledKey, operator: str, text: str, raw: Raw) -> Edit:
        """`email.work=x` sets one key of a map, `raw`; a single value that stood there keeps its
        place as `main`.
        """
        declared, name, label = key
        single_valued = declared is not None and not declared.many
        if single_valued or not label or operator != "=":
            one = f"{name} holds one value"
            raise Refused(f"{name}.{label} can't be set: {one}", f"{name}={text} sets it")
        if isinstance(raw, list) and len(raw) > 1:
            hint = "plaincrm edit REF gives them labels"
            raise Refused(f"{name} is a list; it is not clear which labels its values have", hint)
        single = next((item.text for item in items(raw)), "")
        standing: dict[str, Raw] = {"main": single} if single else {}
        if isinstance(raw, dict):
            standing = raw
        labels = _with_key(standing, label.split("."), text and self.value(declared, text))
        return SetField(name, labels) if labels else DeleteField(name)

    def _known(self, kind: Kind, name: str) -> None:
        """A new key of one's own is legal; one that looks like a slip is not taken unasked."""
        if self.own or name in kind.fields or self.book.context.facts.find(kind.name, name):
            return
        if name in ("is", "has", "no"):
            raise UsageError(
                f'"{name}:…" asks; it can\'t be set',
                f"plaincrm list {kind.plural} {name}:… finds them",
            )
        near = _near(kind, name.casefold())
        if near and not any(name in record.fields for record in self.book.store.records(kind.name)):
            meant = " or ".join(f'"{each}"' for each in near)
            hint = f"did you mean {meant}? --own makes it a field of your own"
            raise UsageError(f'{kind.plural} have no field "{name}"', hint)

    def value(self, declared: Field | None, text: str) -> str:
        """`text` in the form in which a file stores it: ISO dates, ids for links."""
        if declared is None:
            return text
        kind = declared.value_type
        if kind.links:
            return self._link(declared, text)
        if kind.dated:
            return DateValues.of(self.book, self.echo).field(declared, text)
        if kind.yearly:
            return self._yearly(declared, text)
        if kind.choice:
            return _spelled(declared, text)
        if kind.monetary:
            return self._money(declared, text)
        if declared.name in ("country", "language"):
            return self._code(declared, text)
        return text

    def _code(self, declared: Field, text: str) -> str:
        """A country or a language. What is neither a code nor known by name is refused: letters go
        out in the language, and phone numbers are read by the country.
        """
        from plaincrm.crm.place_codes import country, language

        try:
            found = language(text) if declared.name == "language" else country(text)
        except ValueError as error:
            raise Refused(f"{declared.name}: {error}") from None
        if found != text:
            self.echo.append(f"{declared.name}: {text} is {found}")
        return found

    def _money(self, declared: Field, text: str) -> str:
        """An amount as it was typed, `1,500 €`, in the form of files; the echo says how it is
        read.
        """
        from plaincrm.core.values import typed_money

        settings = self.book.settings
        try:
            found = typed_money.written(text, settings.currency, settings.language)
        except ValueError as error:
            raise Refused(
                f"{declared.name}: {error}", f'{declared.name}="1500 EUR" is a form that is sure'
            ) from None
        if found != text:
            self.echo.append(f"{declared.name}: {text} is {found}")
        return found

    def _yearly(self, declared: Field, text: str) -> str:
        """A day of the year from date words: `31.10.` is 10-31, `31.10.1985` keeps its year."""
        if not refusal(declared, text):
            return text
        try:
            day = DateValues.of(self.book).day(declared.name, text, Leaning.NEAREST)
        except Refused:
            return text
        found = day.isoformat() if _YEAR.search(text) else f"{day:%m-%d}"
        self.echo.append(f"{declared.name}: {text} is {found}")
        return found

    def _link(self, declared: Field, text: str) -> str:
        if not declared.to:
            return text
        if text.startswith("+"):
            made = self.make(self.book.schema.kinds[declared.to], text[1:].strip())
            self.echo.append(f"{declared.name}: made {declared.to}/{made}")
            return made
        try:
            target = one(self.book, text, [declared.to], Sureness.PREFIX)
        except NotFound as error:
            raise NotFound(
                f"{declared.name}: {error}", f'{declared.name}=+"{text}" makes it'
            ) from None
        if target.id != text:
            self.echo.append(f"{declared.name}: {text} is {target.ref}")
        return target.id

    def _listable(self, kind: Kind, declared: Field | None, name: str, text: str) -> None:
        if declared is not None and not declared.many:
            raise Refused(f"{kind.name}.{name} holds one value", f"{name}={text} replaces it")

    def _standing(
        self, declared: Field | None, present: Record | None, name: str, text: str
    ) -> str:
        """The item of the record that is meant: as typed, a dangling link too, else what the words
        lead to.
        """
        found = [item.text for item in items(present.fields.get(name))] if present else []
        same = next((each for each in found if fold(each) == fold(text)), None)
        if same is not None or declared is None or not declared.value_type.links:
            return text if same is None else same
        target = one(self.book, text, [declared.to], Sureness.PREFIX)
        former = {fold(target.id), *map(fold, target.aliases())}
        return next((each for each in found if link_key(each) in former), target.id)


class LabelledKey(NamedTuple):
    """One key of a map: of a field of the schema, or of one's own (`declared` None)."""

    declared: Field | None
    name: str
    label: str


def _with_key(standing: dict[str, Raw], names: Sequence[str], text: str) -> dict[str, Raw]:
    """A map with the value at `names` in it; without it, where `text` is empty."""
    first, *rest = names
    below = standing.get(first)
    inner: Raw = text
    if rest:
        inner = _with_key(below if isinstance(below, dict) else {}, rest, text)
    changed = {**standing, first: inner}
    return changed if inner else {key: each for key, each in standing.items() if key != first}


_ASSIGNMENT = re.compile(r"([^\W\d][\w.-]*?)(\+=|-=|=|:)(.*)", re.DOTALL)


def is_assignment(word: str) -> bool:
    return _ASSIGNMENT.fullmatch(word) is not None


def parsed(words: Sequence[str]) -> list[Assignment]:
    """`field=value`, `field:value`, `field+=v`, `field-=v`, `field=` as (field, operator, value);
    operator is one of `= += -=`. Raises UsageError for a word that is none.
    """
    found = []
    for word in words:
        match = _ASSIGNMENT.fullmatch(word)
        if not match:
            raise UsageError(
                f'"{word}" sets nothing', "write field=value, field+=value, field-=value or field="
            )
        name, operator, value = match.groups()
        found.append((name, "=" if operator == ":" else operator, value))
    return found


def _near(kind: Kind, name: str) -> list[str]:
    """The fields that a new key may be a slip for: those that it begins, or one spelled alike."""
    begun = [field for field in kind.fields if len(name) >= SHORT and field.startswith(name)]
    return begun or get_close_matches(name, list(kind.fields), n=1, cutoff=NEAR)


def assigner(book: BookData, change: Change, *, own: bool = False) -> Assigner:
    """An Assigner whose `+NAME` makes the record in the same change."""
    made: dict[tuple[str, str], str] = {}

    def make(kind: Kind, name: str) -> str:
        if (kind.name, name) not in made:
            fields: dict[str, Raw] = {kind.title: name, "created": book.now.date().isoformat()}
            made[kind.name, name] = change.create(kind, fields).id
        return made[kind.name, name]

    return Assigner(book, make, own)


def fields_of(edits: Sequence[Edit]) -> dict[str, Raw]:
    """The front matter that edits give a new record."""
    fields: dict[str, Raw] = {}
    for edit in edits:
        if isinstance(edit, SetField):
            fields[edit.field] = edit.value
        elif isinstance(edit, DeleteField):
            fields.pop(edit.field, None)
        elif isinstance(edit, AddItem):
            present = fields.get(edit.field, [])
            fields[edit.field] = [*(present if isinstance(present, list) else [present]), edit.item]
    return fields


def _split(declared: Field | None, text: str) -> list[str]:
    """`a,b` as two values where commas part the values of the field, `[a, b]` everywhere."""
    if (declared is None or declared.many) and _BRACKETS.fullmatch(text.strip()):
        return _listed(text.strip())
    if declared is None or not declared.many:
        return [text]
    if not declared.value_type.commas_part and declared.name not in _WORDS:
        return [text]
    return [each.strip() for each in text.split(",") if each.strip()]


def _listed(text: str) -> list[str]:
    """The items of a list as files write it. Raises Refused where it can't be read."""
    from plaincrm.core.yaml.front_matter import read_mapping

    read = read_mapping(f"value: {text}\n")
    if read.problems:
        raise Refused(f"{text} can't be read as a list", "write it as [a, b]")
    return [item.text for item in items(read.fields["value"])]


def _spelled(declared: Field, text: str) -> str:
    every = (*declared.values, *(value for case in declared.cases.values() for value in case))
    return next((value for value in every if value.casefold() == text.casefold()), text)

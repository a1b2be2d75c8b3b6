"""A record: one Markdown file, read.

There is one generic `Record` and no class per kind, so own kinds and fields are treated like the
built-in ones everywhere. Fields are text as typed in the file, under the schema's names (see
`field_keys`); `values` gives them the types of the schema. The body, log and tasks are read from
the file's text when first asked for, so that a store can hold records whose bodies nobody needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from plaincrm.core.schema.kinds import Field, Kind
from plaincrm.core.schema.log_settings import LogSettings
from plaincrm.core.values import types
from plaincrm.core.values.raw import Raw, RawItem, items, with_tags
from plaincrm.core.values.types import Value
from plaincrm.core.values.wall_clock import wall_clock

if TYPE_CHECKING:  # readers of files are imported by whoever reads one: the cache has most
    from plaincrm.core.timeline.log import Entry
    from plaincrm.core.timeline.parse import Timeline
    from plaincrm.core.timeline.tasks import Task
    from plaincrm.core.values.sold_item import SoldItem
    from plaincrm.core.yaml.front_matter import Document
    from plaincrm.core.yaml.positions import FieldPlaces
    from plaincrm.errors import Problem

_AS_WRITTEN = LogSettings()


class KeptRows(Protocol):
    """What a record of the cache takes its values from: see `columns`."""

    @property
    def damaged(self) -> frozenset[int]: ...
    def column(self, name: str) -> list[Raw | None]: ...
    def facts(self, name: str) -> list[Any]: ...
    def fields(self, row: int) -> dict[str, Raw]: ...
    def text(self, path: str) -> str: ...


def _named_fields(kind: Kind, document: Document, path: str) -> dict[str, Raw]:
    """The fields of a file under the schema's names."""
    if not kind.keys:
        return with_tags(document.fields)
    from plaincrm.core.records.field_keys import named

    return with_tags(named(kind.keys, document.fields, path))


class Record:
    """One record. `fields` is the front matter as text; `load()` gives the text of the file.

    One that the cache keeps is the `row` of `kept`, and takes from it what was read of the file
    before. `known` is what rests on the file and the settings, as it is worked out: see
    `Context.once`.
    """

    __slots__ = (
        "_document",
        "_fields",
        "_timeline",
        "id",
        "kept",
        "kind",
        "known",
        "load",
        "log_settings",
        "path",
        "row",
    )

    def __init__(
        self,
        kind: Kind,
        id: str,
        path: str,
        fields: dict[str, Raw] | None,
        load: Callable[[], str],
        log_settings: LogSettings = _AS_WRITTEN,
    ) -> None:
        self.kind = kind
        self.id = id
        self.path = path
        self.log_settings = log_settings
        self.kept: KeptRows | None = None
        self.row = -1
        self.known: dict[str, Any] = {}
        self._fields: dict[str, Raw] | None = fields
        self.load = load
        self._document: Document | None = None
        self._timeline: Timeline | None = None

    @classmethod
    def read(
        cls,
        kind: Kind,
        id: str,
        path: str,
        text: str,
        log_settings: LogSettings = _AS_WRITTEN,
        document: Document | None = None,
    ) -> Record:
        """The record that `text`, the whole of a file, holds. Whatever is wrong with it is in
        `problems`. `document` is the text where it was read already, without a problem.
        """
        if document is None or document.problems:
            from plaincrm.core.yaml import front_matter

            document = front_matter.parse(text, path)
        fields = _named_fields(kind, document, path)
        record = cls(kind, id, path, fields, lambda: text, log_settings)
        record._document = document
        return record

    @classmethod
    def of_file(
        cls, kind: Kind, path: str, text: str, log_settings: LogSettings = _AS_WRITTEN
    ) -> Record:
        """Like `read`; the id is the stem of the path."""
        return cls.read(kind, path.rpartition("/")[2].removesuffix(".md"), path, text, log_settings)

    @classmethod
    def of_row(
        cls,
        kind: Kind,
        id: str,
        path: str,
        kept: KeptRows,
        row: int,
        log_settings: LogSettings = _AS_WRITTEN,
    ) -> Record:
        """The record of a row; its file is read only when its body is asked for."""
        record = cls(kind, id, path, None, lambda: kept.text(path), log_settings)
        record.kept = kept
        record.row = row
        return record

    def read_whole(self) -> None:
        """Take everything from the file from now on. Where all of one record is asked for, its
        file costs less than a column of each of its fields and facts.
        """
        if self.kept is not None:
            self._fields = _named_fields(self.kind, self.document, self.path)
            self.kept = None

    def __repr__(self) -> str:
        return f"<{self.ref}>"

    @property
    def fields(self) -> dict[str, Raw]:
        if self._fields is None:
            assert self.kept is not None
            self._fields = self.kept.fields(self.row)
        return self._fields

    def raw(self, name: str) -> Raw | None:
        """Field `name` as it stands in the file, None where it does not: cheaper than `fields` for
        one of many.
        """
        if self._fields is not None:
            return self._fields.get(name)
        assert self.kept is not None
        return self.kept.column(name)[self.row]

    @property
    def ref(self) -> str:
        return f"{self.kind.name}/{self.id}"

    @property
    def title(self) -> str:
        """The name to show: the title field, or the id where it is missing."""
        return next((item.text for item in items(self.raw(self.kind.title))), self.id)

    @property
    def document(self) -> Document:
        if self._document is None:
            from plaincrm.core.yaml import front_matter

            self._document = front_matter.parse(self.load(), self.path)
        return self._document

    @property
    def places(self) -> FieldPlaces:
        """Where its fields stand in its file, each under the key that the file has for it."""
        from plaincrm.core.yaml.positions import FieldPlaces

        if not self.kind.keys:
            return FieldPlaces(self.load())
        from plaincrm.core.records.field_keys import key_of

        there = self.document.fields
        return FieldPlaces(self.load(), lambda name: key_of(self.kind.keys, there, name))

    @property
    def comma_tags(self) -> str:
        """Its tags as the file has them, where that is one text with commas: `vip, newsletter`."""
        raw = self.document.fields.get("tags")
        return raw if isinstance(raw, str) and "," in raw else ""

    @property
    def damaged(self) -> bool:
        """Whether its front matter could not be read whole."""
        if self.kept is not None:
            return self.row in self.kept.damaged
        return any(problem.level == "error" for problem in self.problems)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with its front matter. A note that needs none, since its title is the name
        of its file, may have none.
        """
        bare = "_filename" in self.kind.keys.get(self.kind.title, ())
        found = self.document.problems
        return [each for each in found if not (bare and each.code == "yaml-missing-fence")]

    @property
    def body(self) -> str:
        return self.document.body

    @property
    def timeline(self) -> Timeline:
        if self._timeline is None:
            from plaincrm.core.timeline import parse as timeline

            document = self.document
            types, zone = self.log_settings.types, self.log_settings.zone
            found = timeline.read(document.body, document.body_line, self.path, types, zone)
            if self.kind.entry:
                from plaincrm.core.records.entry_note import with_entry

                found = with_entry(self, found)
            self._timeline = found
        return self._timeline

    @property
    def log(self) -> tuple[Entry, ...]:
        return self.timeline.entries

    @property
    def tasks(self) -> tuple[Task, ...]:
        return self.timeline.tasks

    def items(self, name: str, currency: str = "") -> list[RawItem]:
        """The scalars of field `name` as text, its default where the file says nothing; `currency`
        is that of items that name none.
        """
        raw = self.raw(name)
        if isinstance(raw, str) and raw:
            return [RawItem("", raw)]
        if found := list(items(raw)):
            return found
        default = self.default(name, currency)
        return [RawItem("", default)] if default else []

    def text(self, name: str) -> str:
        """The first scalar of field `name`; empty where it is missing."""
        raw = self.raw(name)
        if isinstance(raw, str) and raw:
            return raw
        if raw is None and not self._has_default(name):
            return ""
        return next((item.text for item in self.items(name)), "")

    def _has_default(self, name: str) -> bool:
        """Whether field `name` may have a value where the file says nothing."""
        field = self.kind.fields.get(name)
        return field is not None and bool(field.default or field.by or field.sum_of)

    def default(self, name: str, currency: str = "") -> str:
        field = self.kind.fields.get(name)
        if field is None:
            return ""
        if field.by:
            return next(iter(field.cases.get(self.text(field.by), ())), "")
        return self._sum(field.sum_of, currency) if field.sum_of else field.default

    def sold_items(self, name: str = "items", currency: str = "") -> list[SoldItem]:
        """The items in field `name`; a line that is none is left out (`check` tells of it)."""
        from plaincrm.core.values import sold_item

        found = []
        for item in items(self.raw(name)):
            try:
                found.append(sold_item.parse(item.text, currency))
            except ValueError:
                continue
        return found

    def _sum(self, name: str, currency: str) -> str:
        """What the items in field `name` come to; empty where there are none, or no one sum."""
        if self.raw(name) is None:
            return ""
        from plaincrm.core.values import sold_item

        found = self.sold_items(name, currency)
        whole = sold_item.total(found) if all(item.price for item in found) else None
        return str(whole or "").strip()

    def values(self, name: str, currency: str = "") -> list[Value]:
        """The typed values of field `name`, moments by the clock of the book's zone; a scalar that
        its type refuses is left out (`check` tells of it).
        """
        return list(self._typed(name, currency))

    def value(self, name: str, currency: str = "") -> Value | None:
        if self.raw(name) is None and not self._has_default(name):
            return None  # of most fields that a fact asks for, a file says nothing
        return next(self._typed(name, currency), None)

    def _typed(self, name: str, currency: str) -> Iterator[Value]:
        zone = self.log_settings.zone
        for found in typed(self.kind.fields.get(name), self.items(name, currency), currency):
            if zone is not None and isinstance(found, datetime):
                yield wall_clock(found, zone)
            else:
                yield found

    def aliases(self) -> list[str]:
        return [item.text for item in items(self.raw("aliases"))]

    @property
    def first_id(self) -> str:
        """The id that it had first: what other programs know it by, whatever it is called today."""
        return next(iter(self.aliases()), self.id)


def typed(field: Field | None, scalars: list[RawItem], currency: str) -> Iterator[Value]:
    for item in scalars:
        try:
            yield types.read(field.type if field else "text", item.text, currency)
        except ValueError:
            continue

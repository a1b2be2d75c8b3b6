"""The schema of a book: the built-in kinds with its stages, its own kinds and fields (`kinds:`,
`fields:`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from plaincrm.core.schema import builtin
from plaincrm.core.schema.kinds import Field, Kind, Schema
from plaincrm.core.schema.settings import Pipeline
from plaincrm.core.schema.settings_reader import Keys, SettingsReader, one_of
from plaincrm.core.text.fold import fold
from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import changed
from plaincrm.core.values.raw import Raw, items
from plaincrm.core.values.types import TYPES
from plaincrm.errors import did_you_mean

_FIELD_KEYS = ("type", "values", "doc", "many", "required", "default", "to")
_KIND_KEYS = ("folder", "title", "plural", "fields", "doc", "entry")
OTHER_FOLDERS = (  # of a book's folders those that hold no records
    "templates",
    "segments",
    "sequences",
    "reports",
    "inbox",
    "outbox",
)
_NAME = pattern(r"[^\W\d][\w-]*")


def schema(reader: SettingsReader, pipelines: Mapping[str, Pipeline]) -> Schema:
    """The schema that the settings declare; what they declare wrongly is left out and told."""
    found = builtin.schema()
    stage = found.kinds["deal"].fields["stage"]
    cases = {name: tuple(s.name for s in pipeline.stages) for name, pipeline in pipelines.items()}
    staged = changed(stage, cases=cases)
    found = found.with_kinds([found.kinds["deal"].with_fields([staged])])
    found = found.with_kinds(_own_kinds(reader, found))
    found = found.with_kinds(_own_fields(reader, found))
    found = found.with_kinds(_told(reader, found))
    found = found.with_kinds(_moved(reader, found))
    return _led(reader, found.with_kinds(_renamed(reader, found)))


def _moved(reader: SettingsReader, schema: Schema) -> list[Kind]:
    """The kinds whose files lie in another folder: `folders:`."""
    kinds: list[Kind] = []
    taken = set(OTHER_FOLDERS)
    for name, raw in reader.map(reader.fields.get("folders"), ("folders",)).items():
        at: Keys = ("folders", name)
        kind = _named(reader, schema, name, at)
        if kind is None:
            continue
        free: list[str] = []
        for item in items(raw):
            folder = reader.optional(at, item.text, _folder)
            if folder == "" and not kind.told_by:
                reader.problem(at, "settings-value", f"types: has to say which notes are {name}s")
            elif folder is not None and _is_taken(folder, taken | _others(schema, kind)):
                reader.problem(at, "settings-value", f'"{folder}" is taken by something else')
            elif folder is not None:
                free.append(folder)
        if not kind.told_by:
            taken.update(free)
        if free:
            kinds.append(changed(kind, folder=free[0], more_folders=tuple(free[1:])))
    return kinds


def _others(schema: Schema, kind: Kind) -> set[str]:
    """The folders of other kinds. Kinds that `types:` tells apart may share one."""
    every = (each for each in schema.kinds.values() if each.name != kind.name)
    return {each.folder for each in every if not (kind.told_by and each.told_by)}


def _told(reader: SettingsReader, schema: Schema) -> list[Kind]:
    """The kinds whose files say in `type:` or a tag that they are such: `types:`."""
    kinds: list[Kind] = []
    for name, raw in reader.map(reader.fields.get("types"), ("types",)).items():
        kind = _named(reader, schema, name, ("types", name))
        words = tuple(fold(item.text) for item in items(raw))
        if kind is not None and words:
            kinds.append(changed(kind, told_by=words))
    return kinds


def _folder(text: str) -> str:
    """A folder of the book; `.`, the book's own, has no name."""
    folder = text.strip().strip("/")
    if folder == ".":
        return ""
    parts = folder.split("/")
    if not all(parts) or any(part[0] in "._" or "\\" in part for part in parts):
        raise ValueError(f'"{text}" can\'t be the folder of a kind')
    return folder


def _is_taken(folder: str, others: set[str]) -> bool:
    return any(_overlap(folder, other) for other in others)


def _overlap(one: str, other: str) -> bool:
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def _renamed(reader: SettingsReader, schema: Schema) -> list[Kind]:
    """The kinds whose files keep fields under other names: `keys:`."""
    kinds = []
    for name, raw in reader.map(reader.fields.get("keys"), ("keys",)).items():
        kind = _named(reader, schema, name, ("keys", name))
        if kind is None:
            continue
        keys: dict[str, tuple[str, ...]] = {}
        for field, value in reader.map(raw, ("keys", name)).items():
            if field not in kind.fields:
                wrong = f'"{field}" is no field of {kind.plural}'
                hint = did_you_mean(field, kind.fields)
                reader.problem(("keys", name, field), "settings-key", wrong, hint)
            elif found := tuple(item.text for item in items(value)):
                keys[field] = found
        kinds.append(changed(kind, keys=keys))
    return kinds


def _named(reader: SettingsReader, schema: Schema, name: str, at: Keys) -> Kind | None:
    kind = schema.find(name)
    if kind is None:
        hint = did_you_mean(name, schema.kinds) or one_of(tuple(schema.kinds))
        reader.problem(at, "settings-key", f'unknown kind "{name}"', hint)
    return kind


def _led(reader: SettingsReader, schema: Schema) -> Schema:
    """The schema with its refs led to kinds that exist; one that leads nowhere is plain text, and
    told.
    """
    kinds = []
    for kind in schema.kinds.values():
        lost = [field for field in kind.refs if schema.find(field.to) is None]
        for field in lost:
            at: Keys = (
                "kinds" if ("kinds", kind.name) in reader.positions else "fields",
                kind.name,
            )
            keys = (*at, "fields", field.name) if at[0] == "kinds" else (*at, field.name)
            wrong = f'"{field.name}" leads to "{field.to}", which is no kind'
            reader.problem(keys, "settings-value", wrong, f"to: {one_of(tuple(schema.kinds))}")
        kinds.append(
            kind.with_fields(changed(field, type="text", to="") for field in lost) if lost else kind
        )
    return schema.with_kinds(kinds)


def _own_kinds(reader: SettingsReader, schema: Schema) -> list[Kind]:
    kinds = []
    for name, raw in reader.map(reader.fields.get("kinds"), ("kinds",)).items():
        at: Keys = ("kinds", name)
        found = reader.map(raw, at)
        reader.known(at, found, _KIND_KEYS)
        if not _NAME.fullmatch(name) or schema.find(name) or name in ("log", "task", "tasks"):
            reader.problem(
                at, "settings-value", f'"{name}" can\'t be the name of a kind of your own'
            )
            continue
        plural = str(found.get("plural") or f"{name}s")
        folder, title = str(found.get("folder") or plural), str(found.get("title") or "name")
        if not re.fullmatch(r"[\w-]+", folder) or folder in schema.folders.values():
            reader.problem(
                (*at, "folder"), "settings-value", f'"{folder}" can\'t be the folder of a kind'
            )
            continue
        kind = Kind(
            name,
            plural,
            folder,
            title,
            {title: Field(title, required=True)},
            str(found.get("doc") or ""),
            entry=reader.flag((*at, "entry"), found.get("entry")),
        )
        declared = _declared(reader, found.get("fields"), (*at, "fields"))
        kinds.append(kind.with_fields([*declared, *builtin.every_kind_fields()]))
    return kinds


def _own_fields(reader: SettingsReader, schema: Schema) -> list[Kind]:
    kinds = []
    for name, raw in reader.map(reader.fields.get("fields"), ("fields",)).items():
        kind = _named(reader, schema, name, ("fields", name))
        if kind is None:
            continue
        kinds.append(kind.with_fields(_declared(reader, raw, ("fields", name))))
    return kinds


def _declared(reader: SettingsReader, raw: Raw | None, at: Keys) -> list[Field]:
    found = reader.map(raw, at)
    return [
        field for name, row in found.items() if (field := _field(reader, name, row, (*at, name)))
    ]


def _field(reader: SettingsReader, name: str, raw: Raw, at: Keys) -> Field | None:
    row = {"type": raw} if isinstance(raw, str) else reader.map(raw, at)
    reader.known(at, row, _FIELD_KEYS)
    type_name = str(row.get("type") or "text")
    values = tuple(item.text for item in items(row.get("values")))
    if type_name not in TYPES or not _NAME.fullmatch(name) or name.startswith("_"):
        wrong = (
            f'unknown type "{type_name}"'
            if type_name not in TYPES
            else f'"{name}" can\'t be a field name'
        )
        reader.problem(
            at, "settings-value", wrong, did_you_mean(type_name, TYPES) or one_of(tuple(TYPES))
        )
        return None
    if TYPES[type_name].choice and not values:
        reader.problem(at, "settings-value", f'the enum "{name}" lists no values', "values: [a, b]")
        type_name = "text"
    many, required = (reader.flag((*at, key), row.get(key)) for key in ("many", "required"))
    return Field(
        name,
        type_name,
        str(row.get("doc") or ""),
        many,
        required,
        str(row.get("default") or ""),
        values,
        str(row.get("to") or ""),
    )

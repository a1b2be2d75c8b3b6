"""A mapping as a YAML file that a user keeps and changes: `--save-map`, `--map`.

kind: contact
key: {Contact ID: hubspot_id}
columns:
  First Name: name.given
  Company: company@name
  Lead Score: ""            # dropped
values: {status: {customer: customer, subscriber: lead}}
stages: {Closed Won: won}
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Map

from plaincrm.core.schema.kinds import Schema
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml.front_matter import read_mapping
from plaincrm.errors import Refused, did_you_mean
from plaincrm.interchange.csv.mapping import ColumnMapping
from plaincrm.interchange.csv.names import fold
from plaincrm.interchange.csv.target import BODY, kinds, parse

_TABLES = ("columns", "constants", "labels", "stages", "skip")
_WORDS = ("closed", "won", "outcome")


def save(mapping: ColumnMapping) -> str:
    """The text of the file."""
    lines = [f"kind: {_quoted(mapping.kind)}"]
    if mapping.key[1]:
        lines.append(f"key: {{{_quoted(mapping.key[1])}: {_quoted(mapping.key[0])}}}")
    for name in _TABLES:
        lines += _block(name, getattr(mapping, name))
    for field, table in mapping.values.items():
        lines += ["values:"] * ("values:" not in lines)
        lines += [f"  {line}" for line in _block(field, table)]
    lines += [
        f"{name}: {_quoted(getattr(mapping, name))}" for name in _WORDS if getattr(mapping, name)
    ]
    return "\n".join(lines) + "\n"


def _block(name: str, table: Map[str, str]) -> list[str]:
    lines = (f"  {_quoted(key)}: {_quoted(value)}" for key, value in table.items())
    return [f"{name}:", *lines] if table else []


def _quoted(text: str) -> str:
    plain = text and all(c.isalnum() or c in "_.@~" for c in text) and text[0] not in "@~"
    return text if plain else json.dumps(text, ensure_ascii=False)


def load(text: str, header: Sequence[str], schema: Schema, path: str = "") -> ColumnMapping:
    """The mapping for a table with that header. Columns that the file doesn't name are dropped.

    Raises Refused, naming file and line, for what can't be meant.
    """
    read = read_mapping(text, path)
    fail = next((problem for problem in read.problems if problem.level == "error"), None)
    if fail:
        raise Refused(f"{path}:{fail.line}: {fail.message}", fail.hint)
    tables = {name: _table(read.fields.get(name, {}), name, path) for name in (*_TABLES, "key")}
    kind = str(read.fields.get("kind", ""))
    columns = _columns(tables["columns"], header, kind, schema, path)
    key = next(((field, name) for name, field in tables["key"].items()), ("", ""))
    if key[1] and key[1] in columns:
        columns[key[1]] = key[0]
    return ColumnMapping(
        kind,
        columns,
        key=key if key[1] in columns else ("", ""),
        preset=path,
        constants=tables["constants"],
        labels=tables["labels"],
        skip=tables["skip"],
        stages={name.casefold(): role for name, role in tables["stages"].items()},
        values=_values(read.fields.get("values", {}), path),
        closed=str(read.fields.get("closed", "")),
        won=str(read.fields.get("won", "")),
        outcome=str(read.fields.get("outcome", "")),
    )


def _table(raw: Raw, name: str, path: str) -> dict[str, str]:
    if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
        raise Refused(f"{path}: {name} has to be a map of words to words")
    return {key: str(value) for key, value in raw.items()}


def _values(raw: Raw, path: str) -> dict[str, dict[str, str]]:
    if not isinstance(raw, dict):
        raise Refused(f"{path}: values has to be a map of fields")
    tables = {field: _table(table, field, path) for field, table in raw.items()}
    return {
        field: {word.casefold(): ours for word, ours in table.items()}
        for field, table in tables.items()
    }


def _columns(
    table: Map[str, str], header: Iterable[str], kind: str, schema: Schema, path: str
) -> dict[str, str]:
    known = kinds(schema)
    if kind not in known:
        raise Refused(f'{path}: there is no kind "{kind}"', did_you_mean(kind, known))
    columns = dict.fromkeys(header, "")
    present = {fold(name): name for name in columns}
    for name, word in table.items():
        at = name if name in columns else present.get(fold(name), "")
        if not at:
            raise Refused(f'{path}: the file has no column "{name}"', did_you_mean(name, columns))
        columns[at] = _checked(word, kind, schema, path)
    return columns


def _checked(word: str, kind: str, schema: Schema, path: str) -> str:
    """Any name may be an own field; only a link has to be one of the schema's."""
    if not word:
        return ""
    try:
        target = parse(word)
    except ValueError as error:
        raise Refused(f"{path}: {error}") from None
    of = kinds(schema).get(target.kind or kind)
    field = of.fields.get(target.field) if of else None
    if of is None or (target.by and (field is None or not field.value_type.links)):
        raise Refused(
            f'{path}: "{word}" leads to no record',
            f"the fields of a {kind}: plaincrm schema {kind}",
        )
    return word if target.field != BODY else BODY

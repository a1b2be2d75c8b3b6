"""The text of a new record's file."""

from __future__ import annotations

from collections.abc import Mapping

from plaincrm.core.records.field_keys import new_filed
from plaincrm.core.schema.kinds import Kind
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import write


def arranged(kind: Kind, fields: Mapping[str, Raw], body: str = "") -> str:
    """The file of a new record, its fields in the schema's order. Raises Refused if it would not
    read back so.
    """
    if not kind.is_told(fields.get("type"), fields.get("tags")):
        fields = {**fields, "type": kind.told_by[0]}  # else nobody would know what the file is
    present = [name for name in kind.order if fields.get(name)]
    own = [name for name, raw in fields.items() if raw and name not in kind.fields]
    found = {name: fields[name] for name in (*present, *own)}
    if kind.keys:
        found = new_filed(kind.keys, found)
    return write.new_file(found, body)

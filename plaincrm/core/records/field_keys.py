"""Fields that a book's files keep under other names than the schema's: `keys:` of the settings.

The files keep their names and the program uses its own: `named` turns the keys of a file into
fields, `filed` turns values of fields into those of the file's keys. A kind without `keys:` never
comes here. The schema's own name, where a file has it, goes before any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plaincrm.core.values.raw import Raw, items
from plaincrm.errors import Refused

FieldKeys = Mapping[str, Sequence[str]]
"""Field to the keys that stand for it: one; or several, which are joined."""
FILE_NAME = "_filename"
"""As the last key: the field is the name of the file, where the file says nothing."""


def named(keys: FieldKeys, fields: Mapping[str, Raw], path: str) -> dict[str, Raw]:
    """The fields that the keys of a file stand for. Keys that are joined stay beside the whole."""
    names = _single(keys, fields)
    found = {names.get(key, key): raw for key, raw in fields.items()}
    for name, parts in keys.items():
        whole = "" if name in found else _joined(_real(parts), fields)
        if not whole and name not in found and FILE_NAME in parts:
            whole = path.rpartition("/")[2].removesuffix(".md")
        if whole:
            found[name] = whole
    return found


def key_of(keys: FieldKeys, fields: Mapping[str, Raw], name: str) -> str:
    """The key under which field `name` stands in a file with the keys `fields`, or would stand."""
    parts = _real(keys.get(name, ()))
    if name in fields and name not in _single(keys, fields):
        return name
    if len(parts) == 1:
        return parts[0]
    return next((part for part in parts if part in fields), name)


def filed(
    keys: FieldKeys, fields: Mapping[str, Raw], values: Mapping[str, Raw | None]
) -> dict[str, Raw | None]:
    """What each key of a file is to hold so that its fields hold `values`; None takes one out.

    `fields` are the keys of the file now. Raises Refused for a whole that can't be split surely.
    """
    found: dict[str, Raw | None] = {}
    for name, raw in values.items():
        every = _real(keys.get(name, ()))
        parts = [part for part in every if part in fields]
        if len(every) < 2 or not parts or name in fields:
            found[key_of(keys, fields, name)] = raw
        else:
            found.update(_split(name, parts, fields, raw))
    return found


def new_filed(keys: FieldKeys, fields: Mapping[str, Raw]) -> dict[str, Raw]:
    """The keys of a new file with these fields. A whole is split where it has a word for each
    part.
    """
    found: dict[str, Raw] = {}
    for name, raw in fields.items():
        parts = _real(keys.get(name, ()))
        words = raw.split() if isinstance(raw, str) else []
        if len(parts) > 1 and len(words) == len(parts):
            found.update(zip(parts, words, strict=True))
        else:
            found[key_of(keys, {}, name) if len(parts) == 1 else name] = raw
    return found


def _single(keys: FieldKeys, fields: Mapping[str, Raw]) -> dict[str, str]:
    """The keys of a file that stand for a field alone, and that field."""
    every = ((name, _real(parts)) for name, parts in keys.items())
    found = {parts[0]: name for name, parts in every if len(parts) == 1}
    return {key: name for key, name in found.items() if name not in fields or name in found}


def _real(parts: Sequence[str]) -> list[str]:
    """Those that a file may have."""
    return [part for part in parts if part != FILE_NAME]


def _joined(parts: Sequence[str], fields: Mapping[str, Raw]) -> str:
    if len(parts) < 2:
        return ""
    texts = (item.text.strip() for part in parts for item in items(fields.get(part)))
    return " ".join(filter(None, texts))


def _split(
    name: str, parts: Sequence[str], fields: Mapping[str, Raw], raw: Raw | None
) -> dict[str, Raw | None]:
    """The parts of a whole: word by word, or with one part as it was."""
    if raw is None:
        return dict.fromkeys(parts)
    words = raw.split() if isinstance(raw, str) else []
    if len(words) == len(parts):
        return dict(zip(parts, words, strict=True))
    if len(parts) == 2 and isinstance(raw, str):
        first, last = (" ".join(item.text for item in items(fields[part])) for part in parts)
        if last and raw.endswith(f" {last}"):
            return {parts[0]: raw.removesuffix(f" {last}"), parts[1]: last}
        if first and raw.startswith(f"{first} "):
            return {parts[0]: first, parts[1]: raw.removeprefix(f"{first} ")}
    raise Refused(
        f'"{name}" is made of {" and ".join(parts)}, and it is not sure how "{raw}" is split',
        f"set them: {' '.join(f'{part}=…' for part in parts)}",
    )

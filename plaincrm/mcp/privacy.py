"""What a program is not told: the fields and kinds under `private:` of the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from plaincrm.errors import Refused

if TYPE_CHECKING:
    from plaincrm.core.schema.kinds import Kind, Schema
    from plaincrm.core.schema.settings import PrivateSettings

_PARTS = re.compile(r"[^\W_]+")


def refuse_kind(kind: Kind, private: PrivateSettings) -> None:
    """Raises Refused for a kind that is kept from programs."""
    if kind.name in private.kinds:
        raise Refused(f"{kind.plural} are private: the settings keep them from programs")


def refuse_words(words: Iterable[str], schema: Schema, private: PrivateSettings) -> None:
    """Raises Refused for a query that names a private field or kind: its answer would tell of it,
    even without showing it.
    """
    kinds = [schema.kinds[name] for name in private.kinds if name in schema.kinds]
    hidden = {*private.fields, *(name for kind in kinds for name in (kind.name, kind.plural))}
    for word in words:
        for name in hidden:
            if re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", word):
                raise Refused(f'"{name}" is private: the settings keep it from programs')


def scrubbed(found: Any, private: PrivateSettings) -> Any:
    """The answer without private fields, what is computed of them (`next_birthday`), and whatever
    is about a record of a private kind.
    """
    if not private.fields and not private.kinds:
        return found
    if isinstance(found, dict):
        kept = {name: each for name, each in found.items() if not _names(name, private)}
        return {name: scrubbed(each, private) for name, each in kept.items()}
    if isinstance(found, list):
        return [scrubbed(each, private) for each in found if not _about(each, private)]
    return found


def _names(name: str, private: PrivateSettings) -> bool:
    parts = set(_PARTS.findall(name))
    return name in private.fields or any(set(_PARTS.findall(f)) <= parts for f in private.fields)


def _about(found: Any, private: PrivateSettings) -> bool:
    """Whether an item of a list is about a private kind, or is a line about a private field."""
    if isinstance(found, str):
        return found.partition("/")[0] in private.kinds and "/" in found
    if not isinstance(found, dict):
        return False
    if found.get("kind") in private.kinds:
        return True
    named = {found.get(key) for key in ("where", "field", "reason")}
    refs = (each for each in found.values() if isinstance(each, str) and "/" in each)
    about = any(each.partition("/")[0] in private.kinds for each in refs)
    return bool(named & private.fields) or about

"""A folder that another program changes too, one file for each thing: what a phone and a server are
kept in step with. A list in it remembers each file as both sides last agreed on it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from plaincrm.book import atomic, inside
from plaincrm.core.value_class import value
from plaincrm.errors import Refused

LIST = ".plaincrm-sync.json"
_UNSAFE = re.compile(r"[^\w.-]")


@value
class KeptFile:
    """What a file is about, such as `contact/ada`, and its text as both sides last agreed on it."""

    about: str
    base: str


class KeptFolder:
    """`files` are those in the folder now, by name: regular ones that end in `suffix`, hidden ones
    aside. `kept` is the list, by name. Raises Refused for a list that can't be read.
    """

    def __init__(self, place: Path, suffix: str) -> None:
        self.place = place
        self.suffix = suffix
        self.files = _present(place, suffix)
        self._listed = atomic.present(place / LIST)
        every = _read(place / LIST, self._listed)
        self.kept = {name: each for name, each in every.items() if name.endswith(suffix)}
        self._others = {name: each for name, each in every.items() if name not in self.kept}

    def free_name(self, wanted: str, taken: Mapping[str, Any]) -> str:
        """A name for a new file, which no file has."""
        stem = _UNSAFE.sub("_", wanted).lstrip(".") or "card"
        number, name = 1, f"{stem}{self.suffix}"
        while name in taken or name in self.files or name in self.kept:
            number += 1
            name = f"{stem}-{number}{self.suffix}"
        return name

    def save(self, changes: Mapping[str, bytes | None], kept: Mapping[str, KeptFile]) -> None:
        """Write the files that differ, take those away that are None, and remember `kept`. Raises
        Conflict where a file changed since it was read.
        """
        atomic.make_folder(self.place, durable=False)
        for name, data in changes.items():
            before = self.files.get(name)
            if data is None:
                atomic.remove(self.place / name, before or b"")
            elif data != before:
                atomic.replace(self.place / name, data, before)
        self._remember(kept)

    def _remember(self, kept: Mapping[str, KeptFile]) -> None:
        every = {**self._others, **kept}
        shown = {name: {"about": each.about, "base": each.base} for name, each in every.items()}
        text = json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        data = text.encode("utf-8", "surrogateescape")
        if data != self._listed:
            atomic.replace(self.place / LIST, data, self._listed)


def _present(place: Path, suffix: str) -> dict[str, bytes]:
    if not place.is_dir():
        return {}
    found = {}
    for entry in sorted(inside.listed(place, ""), key=lambda each: each.name):
        wanted = entry.name.endswith(suffix) and not entry.name.startswith(".")
        if wanted and entry.is_file(follow_symlinks=False):
            found[entry.name] = atomic.read(entry.path)
    return found


def _read(path: Path, data: bytes | None) -> dict[str, KeptFile]:
    if data is None:
        return {}
    try:
        held = json.loads(data)
        return {str(name): KeptFile(str(e["about"]), str(e["base"])) for name, e in held.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        hint = "move the file away; what differs is then told as a conflict"
        raise Refused(f"{path} can't be read: {error}", hint) from None

"""A small reader of the example book, independent of the program, for `test_example.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STUDIO = Path(__file__).parents[1] / "examples" / "studio"

ENTRY = re.compile(
    r"- (\d{4}-\d\d-\d\d)(?: \d\d:\d\d)? (\w+)(?: (in|out))?(?: with ([\w,-]+))?: (.+)"
)
KEY = re.compile(r"([^\s#:][^:]*):(?:\s+(.*))?$")


@dataclass
class File:
    """A record as text: `fields` are the keys of the front matter, each with the words of its
    value.
    """

    path: str
    keys: list[str]
    fields: dict[str, list[str]]
    body: str

    @property
    def folder(self) -> str:
        return self.path.split("/")[0]

    def one(self, key: str, default: str = "") -> str:
        return (self.fields.get(key) or [default])[0]

    def log(self) -> Iterator[re.Match[str]]:
        section = self.body.partition("## Log\n")[2]
        for line in section.splitlines():
            if line.startswith("- "):
                entry = ENTRY.fullmatch(line)
                assert entry, f"{self.path}: not a log entry: {line}"
                yield entry

    def open_tasks(self) -> list[str]:
        return re.findall(r"^[-*] \[ \] (.*)", self.body, re.MULTILINE)


def scalar(text: str) -> str:
    """Without its comment and quotes."""
    return re.sub(r"(^|\s)#.*$", "", text).strip().strip("\"'")


def values(text: str) -> list[str]:
    """A scalar, or the values of a flow list or a flow map."""
    text = re.sub(r"(^|\s)#.*$", "", text).strip()
    if text[:1] not in ("[", "{"):
        return [scalar(text)] if text else []
    parts = [part.strip() for part in text[1:-1].split(",") if part.strip()]
    return [scalar(part.split(": ", 1)[-1]) for part in parts]


def records(folder: str) -> list[Path]:
    """The files of a kind, at any depth; a name that begins with `_` is none of them."""
    return sorted(path for path in (STUDIO / folder).rglob("*.md") if not path.name.startswith("_"))


def read(path: Path) -> File:
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    fence, front, body = re.split(r"^---$\n?", text, maxsplit=2, flags=re.MULTILINE)
    assert not fence, f"{path}: something stands before the front matter"
    keys: list[str] = []
    fields: dict[str, list[str]] = {}
    for line in front.splitlines():
        if found := KEY.match(line):
            keys.append(found[1])
            fields.setdefault(found[1], []).extend(values(found[2] or ""))
        elif keys and line.strip() and not line.startswith("#"):
            fields[keys[-1]].append(scalar(re.sub(r"^\s*(- |\w+: )", "", line)))
    return File(path.relative_to(STUDIO).as_posix(), keys, fields, body)

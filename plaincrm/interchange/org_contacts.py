"""The people of an Org file as org-contacts keeps them: a heading with a drawer of properties.

* Ada Byron                                  :customer:
:PROPERTIES:
:EMAIL: ada@acme.example ada@home.example
:PHONE: +44 20 7946 0018
:BIRTHDAY: 1815-12-10
:END:
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from plaincrm.core.schema.kinds import Field, Schema, refusal
from plaincrm.core.values.raw import Raw
from plaincrm.interchange.csv.draft import Draft, LinkHint, Outcome, SkippedRow
from plaincrm.interchange.csv.names import aliases, fold, key_of
from plaincrm.interchange.csv.target import parse

_HEADING = re.compile(r"(\*+)[ \t]+(.*?)[ \t]*(:[\w@#%:]+:)?[ \t]*")
_STATE = re.compile(r"^(?:TODO|DONE|NEXT|WAITING|\[#[A-Z]\]|COMMENT)\s+")
_PROPERTY = re.compile(r"[ \t]*:([^:\s]+):[ \t]*(.*?)[ \t]*")
_LINK = re.compile(r"\[\[(mailto:|tel:)?([^\]]*?)\](?:\[([^\]]*)\])?\]")
_STAMP = re.compile(r"[<\[](\d{4}-\d\d-\d\d)[^>\]]*[>\]]")
_WORDS = {"birthday": "birthday", "alias": "nickname", "org": "company", "note": "body"}
_PARTED = frozenset({"email", "phone"})


@dataclass
class _Heading:
    line: int
    title: str
    tags: list[str]
    properties: list[tuple[str, str]] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)


def is_org(text: str) -> bool:
    """Whether a text is an Org file with drawers of properties."""
    return bool(re.search(r"^\*+ ", text, re.M) and re.search(r"^\s*:PROPERTIES:", text, re.M))


def drafts(text: str, schema: Schema) -> Iterator[tuple[Outcome, tuple[str, ...]]]:
    """Each heading with properties as a contact; its text below is the body. The others are skipped
    as what they are: headings over groups of people."""
    for heading in _headings(text):
        cells = ("\n".join(heading.raw),)
        if not heading.properties:
            yield SkippedRow(heading.line, "a heading without properties"), cells
        else:
            yield _contact(heading, schema), cells


def before_headings(text: str) -> list[tuple[int, str]]:
    """The lines, by number, above the first heading, which are nobody's; settings of Org (`#+…`)
    are none."""
    found = []
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if _HEADING.fullmatch(line):
            break
        if line.strip() and not line.startswith("#"):
            found.append((number, line))
    return found


def _headings(text: str) -> Iterator[_Heading]:
    found: _Heading | None = None
    drawer = False
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if match := _HEADING.fullmatch(line):
            if found:
                yield found
            title = _STATE.sub("", _bare(match[2]))
            found = _Heading(number, title, (match[3] or "").strip(":").split(":"))
            drawer = False
        if found is None:
            continue
        found.raw.append(line)
        mark = line.strip().upper()
        if mark in (":PROPERTIES:", ":END:"):
            drawer = mark == ":PROPERTIES:"
        elif drawer and (match := _PROPERTY.fullmatch(line)):
            found.properties.append((match[1], match[2]))
        elif not _HEADING.fullmatch(line):
            found.body.append(line)
    if found:
        yield found


def _contact(heading: _Heading, schema: Schema) -> Draft:
    kind = schema.kinds["contact"]
    fields: dict[str, Raw] = {"name": heading.title or "?"}
    links: dict[str, tuple[LinkHint, ...]] = {}
    notes: list[str] = []
    numbers = Counter[str]()
    for name, text in heading.properties:
        word = _word(name)
        target = parse(word) if word else None
        values = _values(text, word)
        known = kind.fields.get(target.field) if target else None
        if not values:
            continue
        if word == "body":
            notes.append(text)
        elif known is not None and known.value_type.links:
            links[known.name] = tuple(LinkHint(known.to, "name", each) for each in values)
        elif target and known and _fits(fields, target.field, known, values):
            _add(fields, target.field, target.part, values)
        else:
            _keep(fields, numbers, key_of(name), text)
    tags: list[Raw] = [tag for tag in heading.tags if tag]
    fields |= {"tags": tags} if tags else {}
    uid = str(fields.pop("id", ""))
    fields |= {"org_id": uid} if uid else {}
    body = "\n".join([*notes, *heading.body]).strip()
    key = ("org_id" if uid else "", uid)
    return Draft(
        "contact", heading.line, key[1], key[0], fields, links, f"{body}\n" if body else ""
    )


def _fits(fields: Mapping[str, Raw], name: str, known: Field, values: Sequence[str]) -> bool:
    """Whether a field can take these values: they are of its sort, and it has none yet or takes
    several."""
    if name not in _PARTED and name in fields:
        return False
    return not any(refusal(known, each) for each in values)


def _keep(fields: dict[str, Raw], numbers: Counter[str], name: str, text: str) -> None:
    """A field of one's own; a name that is taken gets a number, the next of `numbers`."""
    place = name
    while place in fields:
        numbers[name] += 1
        place = f"{name}_{numbers[name] + 1}"
    fields[place] = text


def _word(name: str) -> str:
    """What a property means: `PHONE_WORK` is a phone of work."""
    folded = fold(name)
    found = _WORDS.get(folded) or aliases("contact").get(folded, "")
    if not found and folded.split()[0] in _PARTED:
        head, *rest = folded.split()
        found = f"{head}.{' '.join(rest)}"
    return found


def _values(text: str, word: str) -> list[str]:
    bare = _bare(text)
    if word.split(".")[0] == "email":
        return [each for each in re.split(r"[\s,;]+", bare) if each]
    if word.split(".")[0] == "phone":
        return [each.strip() for each in re.split(r"[,;]", bare) if each.strip()]
    return [bare] if bare else []


def _bare(text: str) -> str:
    """Text without the marks of links and of timestamps."""
    shown = _LINK.sub(lambda match: match[2] if match[1] else match[3] or match[2], text)
    return _STAMP.sub(r"\1", shown).strip()


def _add(fields: dict[str, Raw], name: str, part: str, values: list[str]) -> None:
    there = fields.get(name)
    if name not in _PARTED:
        fields.setdefault(name, values[0])
    elif part:
        labelled = there if isinstance(there, dict) else {}
        if there and not labelled:
            labelled = {"main": there}
        fields[name] = {**labelled, part: values[0] if len(values) == 1 else list(values)}
    elif isinstance(there, dict):
        fields[name] = {**there, "main": list(values)}
    else:
        known = there if isinstance(there, list) else list(filter(None, [there]))
        every: list[Raw] = [*known, *values]
        fields[name] = every[0] if len(every) == 1 else every

"""Front matter merged as text: each field is a piece with its own lines, and so is each comment
between them.

What a field holds comes from `values`; how it is written, from the side that wrote it that way:
only where no side's lines say what is wanted is a value set, by `splice`, in the larger of them. A
comment that somebody put inside a field's lines and that is not in the lines chosen is put above
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from plaincrm.core.merge.values import CONFLICTS, Values, present
from plaincrm.core.merge.weave import Id, Rank, Token, larger, pick, tokens_by_id, weave
from plaincrm.core.schema.kinds import Field
from plaincrm.core.text.pattern import pattern
from plaincrm.core.text.text_file import LINE_END
from plaincrm.core.values.raw import Raw
from plaincrm.core.yaml import field_edit, write
from plaincrm.core.yaml.document import FrontMatterPage, refusal
from plaincrm.core.yaml.extents import line_start
from plaincrm.core.yaml.flat import parse_flat
from plaincrm.core.yaml.nodes import Node
from plaincrm.errors import Refused

_COMMENT = pattern(r"(?:(?<=\s)|(?<=^))#[^\r\n]*", re.MULTILINE)
_FIELD = "field"


@dataclass(frozen=True, slots=True)
class SideFields:
    """The fields of one side: blank lines at the top, a token for each field and each comment, and
    values.

    The identity of a field is ("field", NAME, N), N counting those of one name; the first holds the
    value.
    """

    head: str
    tokens: tuple[Token, ...]
    values: Mapping[Id, Raw]

    @property
    def fields(self) -> dict[str, Raw]:
        return {str(id[1]): raw for id, raw in self.values.items() if id[2] == 0}


EMPTY = SideFields("", (), {})


def read(region: str, eol: str) -> SideFields:
    """The lines between the fences (each with its end) in pieces. Raises Refused where that is not
    sure.
    """
    flat = parse_flat(region, 0) if eol != "\r" and CONFLICTS not in region else None
    return (
        _read_flat(region, *flat)
        if flat is not None
        else _read_yaml(f"---{eol}{region}---{eol}", eol)
    )


def _read_flat(region: str, fields: dict[str, Raw], lines: dict[str, int]) -> SideFields:
    """Most front matter: a field begins on each line that is no comment, blank or item of a
    list.
    """
    texts = LINE_END.split(region)
    starts = [0, *(found.end() for found in LINE_END.finditer(region))]
    spans: list[tuple[int, int, Id]] = []
    values: dict[Id, Raw] = {}
    bounds = [*lines.values(), len(starts) - 1]
    for name, first, following in zip(lines, bounds, bounds[1:], strict=False):
        last = max(
            (n for n in range(first + 1, following) if texts[n].lstrip(" ").startswith("- ")),
            default=first,
        )
        id: Id = (_FIELD, name, 0)
        spans.append((starts[first], starts[last + 1], id))
        values[id] = fields[name]
    return _assembled(region, 0, len(region), spans, values)


def _read_yaml(text: str, eol: str) -> SideFields:
    page = FrontMatterPage(text)
    start, end = page.fences.start, page.fences.end
    if text[end:] != f"---{eol}":
        raise refusal("a line of the front matter looks like its end", 1)
    values: dict[Id, Raw] = {}
    spans: list[tuple[int, int, Id]] = []
    at = start
    for key, value in page.root.pairs:
        first, last = line_start(text, key.start), page.lines_end(key, value)
        if key.kind != "scalar" or first < at or text[first : key.start].strip() or last > end:
            raise refusal(f'the key "{key.text}" does not stand on lines of its own', key.line)
        if key.text == CONFLICTS and value.raw and value.kind != "map":
            raise refusal(f'"{CONFLICTS}" is not a map', key.line)
        id = _numbered((_FIELD, key.text), values)
        spans.append((first, last, id))
        values[id] = value.raw
        at = last
    return _assembled(text, start, end, spans, values)


def _assembled(
    text: str, at: int, end: int, spans: list[tuple[int, int, Id]], values: dict[Id, Raw]
) -> SideFields:
    head, tokens = "", list[Token]()
    ids: dict[Id, None] = {}
    for first, last, id in [*spans, (end, end, ())]:
        for line in _lines(text[at:first]) if at < first else ():
            if line.strip():
                if not line.strip().startswith("#"):
                    raise refusal("a line of the front matter belongs to no field", 1)
                comment = _numbered(("line", line.strip()), ids)
                ids[comment] = None
                tokens.append(Token(comment, line))
            elif tokens:
                tokens[-1] = replace(tokens[-1], gap=tokens[-1].gap + line)
            else:
                head += line
        if id:
            tokens.append(Token(id, text[first:last]))
        at = last
    return SideFields(head, tuple(tokens), values)


def merge(
    versions: Sequence[SideFields], fields: Mapping[str, Field], eol: str
) -> tuple[str, dict[str, Raw], tuple[str, ...]]:
    """The merged lines, the fields that they hold, and the names of those that are contested."""
    values = Values([side.fields for side in versions], fields)
    merged = values.merge()
    sides = [tokens_by_id(side.tokens) for side in versions]
    indent = _indent(versions)
    wanted: dict[Id, Token] = {}
    for id in dict.fromkeys(id for side in sides for id in side):
        found = [side.get(id) for side in sides]
        value = _value(id, versions, merged)
        token = found[0]
        if (
            token is None
            or found[1:] != [token, token]
            or value != present(versions[0].values.get(id))
        ):
            token = _merged(id, found, versions, value, eol)
        if token is not None:
            wanted[id] = token
    order = weave(sides, wanted, _ranked(fields))
    tokens = [wanted[id] for id in order]
    contests: Id = (_FIELD, CONFLICTS, 0)
    if CONFLICTS in merged and contests not in wanted:
        lines = write.pairs({CONFLICTS: merged[CONFLICTS]}, indent, eol)
        tokens.append(Token(contests, "".join(line + eol for line in lines)))
    head = pick((side.head for side in versions), max)
    text = head + "".join(token.text + token.gap for token in tokens)
    return text, merged, tuple(sorted(values.contests))


def _value(id: Id, versions: Sequence[SideFields], merged: Mapping[str, Raw]) -> Raw | None:
    """What a field holds afterwards; of a name that stands twice, the second is merged on its
    own.
    """
    if id[0] != _FIELD:
        return None
    if id[2] == 0:
        return merged.get(str(id[1]))
    return Values([{"": side.values.get(id, "")} for side in versions], {}).merge().get("")


def _merged(
    id: Id,
    found: Sequence[Token | None],
    versions: Sequence[SideFields],
    value: Raw | None,
    eol: str,
) -> Token | None:
    texts = [token.text if token else None for token in found]
    if id[0] == _FIELD:
        text = _written(str(id[1]), value, texts, [side.values.get(id) for side in versions], eol)
    else:
        text = pick(texts, larger)
    gap = pick((token.gap if token else None for token in found), larger)
    return None if text is None else Token(id, text, gap or "")


def _written(
    name: str, value: Raw | None, texts: list[str | None], raws: Sequence[Raw | None], eol: str
) -> str | None:
    """The lines of one field that hold `value`; None for a field that is to go."""
    fits = [present(raw) == value for raw in raws]
    base, left, right = texts
    kept: str | None
    deleted = base is not None and (left is None or right is None)
    if value is None and (deleted or not (fits[1] or fits[2])):
        kept = ""  # one side deleted it, and the other did not give it another value
    elif fits[1] and fits[2]:
        kept = pick(texts, larger)
    elif fits[1] or fits[2]:
        kept = left if fits[1] else right
    elif fits[0] and base is not None:
        kept = base
    else:
        kept = _set(name, value, larger(left, right) or base or "", eol)
    return None if kept is None else _with_comments(kept, base, (left, right), eol) or None


def _set(name: str, value: Raw | None, text: str, eol: str) -> str:
    assert value is not None and text
    opening = f"---{eol}"
    try:
        document = field_edit.set_field(f"{opening}{text}{opening}", name, value)
        return document[len(opening) : -len(opening)]
    except Refused:
        margin = len(text) - len(text.lstrip(" "))
        fresh = "".join(line + eol for line in write.pairs({name: value}, margin, eol))
        return _with_comments(fresh, None, (text,), eol)


def _with_comments(kept: str, base: str | None, sides: Sequence[str | None], eol: str) -> str:
    """The lines, below those comments that a side put into its own and that are not in them."""
    if not any(side and "#" in side for side in sides):
        return kept
    known = {*_comments(base or "", eol), *_comments(kept, eol)}
    lost = {comment for side in sides for comment in _comments(side or "", eol)} - known
    return "".join(comment + eol for comment in sorted(lost)) + kept


def _comments(text: str, eol: str) -> Iterator[str]:
    if "#" not in text:
        return
    try:
        nodes = list(FrontMatterPage(f"---{eol}{text}---{eol}").root.walk())
    except Refused:
        nodes = []
    offset = len(f"---{eol}")
    solid = [(n.start - offset, n.end - offset) for n in nodes if _is_text(n)]
    for found in _COMMENT.finditer(text):
        if not any(start <= found.start() < end for start, end in solid):
            yield found[0].rstrip()


def _is_text(node: Node) -> bool:
    return node.kind == "scalar" and node.end > node.start


def _ranked(fields: Mapping[str, Field]) -> Rank:
    places = {name: number for number, name in enumerate(fields)}

    def rank(id: Id) -> tuple[object, ...]:
        return (places.get(str(id[1]), len(places)), str(id[1])) if id[0] == _FIELD else ()

    return rank


def _indent(sides: Sequence[SideFields]) -> int:
    texts = [token.text for side in sides for token in side.tokens if token.id[0] == _FIELD]
    return min((len(text) - len(text.lstrip(" ")) for text in texts), default=0)


def _numbered(id: Id, taken: Mapping[Id, object]) -> Id:
    number = 0
    while (*id, number) in taken:
        number += 1
    return (*id, number)


def _lines(text: str) -> list[str]:
    ends = [found.end() for found in LINE_END.finditer(text)]
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]

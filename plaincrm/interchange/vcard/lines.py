"""The lines of a vCard file: unfolded, decoded, with group and parameters, card by card.

Written after what real programs export, not only after the RFCs: `\\r\\r\\n`, quoted-printable over
several lines, base64 ended by a blank line, parameters without a name (`TEL;CELL:`), files that end
in mid-line.
"""

from __future__ import annotations

import binascii
import codecs
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from plaincrm.errors import Refused
from plaincrm.interchange.csv.encoding import sniff

LONGEST = 1 << 24
"""Characters that a line may have unfolded, pictures included."""
_LINE = re.compile(r'\s*(?:([\w-]+)\.)?([\w-]+)((?:;(?:"[^"]*"|\\.|[^":;\\])*)*):(.*)', re.DOTALL)
_NO_COLON = re.compile(r"\s*(?:([\w-]+)\.)?(TEL|EMAIL|FN|URL|TITLE)((?:;[^:;]*)*);([^:;=]+)", re.I)
"""`TEL;TYPE="HOME";+316…`: the last part is the value, the colon before it was lost."""
_BEGINS = re.compile(
    r"(?:[\w-]+\.)?(?:BEGIN|END|VERSION|N|FN|NICKNAME|TEL|EMAIL|ADR|LABEL|ORG|TITLE|ROLE|URL|NOTE|BDAY"
    r"|UID|REV|PHOTO|LOGO|CATEGORIES|ANNIVERSARY|GEO|TZ|KEY|SOUND|X-[A-Z-]+)[;:]"
)
"""A line that begins so is no continuation, even if the one before asks for one."""
_PICTURES = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
_PARAM = re.compile(r';((?:"[^"]*"|\\.|[^";\\])*)')
_MOST_PARAMS = 100  # of one line; programs write three
_ENCODINGS = frozenset({"QUOTED-PRINTABLE", "BASE64", "B", "7BIT", "8BIT"})
_AGAIN = "export the contacts again, as .vcf in UTF-8"
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_CARETS = {"^n": "\n", "^^": "^", "^'": '"'}


@dataclass(frozen=True, slots=True)
class CardLine:
    """`value` is decoded but not yet unescaped: `texts` does that. `params` by upper-case name."""

    name: str
    value: str
    params: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    group: str = ""
    old: bool = False  # of a 2.1 card, where a backslash means itself

    @property
    def types(self) -> tuple[str, ...]:
        """The words of `TYPE`, in lower case."""
        return tuple(word.strip().casefold() for word in self.params.get("TYPE", ()))

    @property
    def text(self) -> str:
        """The value as one text, whatever separators it has."""
        return unescape(self.value, self.old)

    def texts(self, mark: str) -> list[str]:
        """The parts of a value that `;` or `,` separates."""
        marks = re.finditer(rf"\\.|{mark}", self.value, re.DOTALL)
        ends = [found.start() for found in marks if found[0] == mark]
        spans = zip([0, *(end + 1 for end in ends)], [*ends, len(self.value)], strict=True)
        return [unescape(self.value[start:end], self.old) for start, end in spans]


@dataclass(frozen=True, slots=True)
class Card:
    """The lines of one card; `line` is where it begins in the file."""

    line: int
    lines: tuple[CardLine, ...]
    unread: tuple[tuple[int, str], ...] = ()  # what is no line of the format, with its number
    raw: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The card as the file has it, its lines unfolded."""
        return "\n".join(["BEGIN:VCARD", *self.raw, "END:VCARD", ""])

    def all(self, *names: str) -> list[CardLine]:
        return [line for line in self.lines if line.name in names]

    def first(self, *names: str) -> str:
        """The first text of these properties, not empty; names given first go first."""
        found = (line.text.strip() for name in names for line in self.all(name))
        return next(filter(None, found), "")


def unescape(text: str, old: bool = False) -> str:
    if "\\" not in text:
        return text
    special = ",;\\" if old else ',;:\\"'

    def meant(match: re.Match[str]) -> str:
        if match[1] in "nN" and not old:
            return "\n"
        return match[1] if match[1] in special else match[0]

    return _ESCAPE.sub(meant, text)


def cards(stream: BinaryIO) -> Iterator[Card]:
    """The cards of a seekable stream, one at a time. Raises Refused for what is no vCard file."""
    text = io.TextIOWrapper(stream, encoding=_encoding(stream), newline="\n")
    try:
        yield from _cards(_unfolded(_physical(text)))
    finally:
        with suppress(ValueError):  # whoever opened the stream has closed it
            text.detach()


def _encoding(stream: BinaryIO) -> str:
    stream.seek(0)
    if b"BEGIN:VCARD" not in stream.read(1 << 16).replace(b"\0", b"").upper():
        raise Refused("This is no vCard file: it has no BEGIN:VCARD", _AGAIN)
    try:
        return sniff(stream).name
    except Refused as error:
        raise Refused(error.message, _AGAIN) from None


def _physical(text: io.TextIOWrapper) -> Iterator[tuple[int, str]]:
    number = 0
    while line := text.readline(LONGEST):
        number += 1
        if len(line) == LONGEST:
            raise _too_long(number)
        line = line.rstrip("\r\n")
        for part in line.split("\r") if "\r" in line else (line,):
            yield number, part.removeprefix("\ufeff")


def _unfolded(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Lines put together again: by a leading blank, or in quoted-printable by a trailing `=`."""
    start, parts, size = 0, [""], 0
    for number, line in lines:
        soft = parts[-1].endswith("=") and _quoted(parts[0]) and not _BEGINS.match(line)
        if soft:
            parts[-1] = parts[-1][:-1]
        elif not line:
            continue
        elif line[0] not in " \t":
            if parts[-1].endswith("=") and _quoted(parts[0]):
                parts[-1] = parts[-1][:-1]
            yield start, "".join(parts)
            start, parts, size = number, [line], len(line)
            continue
        else:
            line = line[1:]
        parts.append(line)
        size += len(line)
        if size > LONGEST:
            raise _too_long(number)
    yield start, "".join(parts)


def _too_long(number: int) -> Refused:
    return Refused(f"Line {number} of the vCard file is longer than any contact", _AGAIN)


def _quoted(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def _cards(lines: Iterable[tuple[int, str]]) -> Iterator[Card]:
    """Cards within cards (2.1 knows them as AGENT) are left out with what they hold; another card
    that begins within one only ends it, since its own end is missing."""
    depth, open = 0, _OpenCard()
    for number, text in lines:
        word = text.strip().upper()
        if word.startswith("BEGIN:"):
            if depth == 1 and word == "BEGIN:VCARD" and not open.has_agent:
                yield open.card()
                depth = 0
            depth += 1
            if depth == 1:
                open = _OpenCard(number)
        elif word.startswith("END:"):
            if depth == 1:
                yield open.card()
            depth = max(0, depth - 1)
        elif depth == 1 and text.strip():
            open.add(number, text)
    if depth:
        yield open.card()


@dataclass(slots=True)
class _OpenCard:
    """A card whose end has not come yet."""

    start: int = 0
    old: bool = False
    lines: list[CardLine] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)

    @property
    def has_agent(self) -> bool:
        """Whether the last line was AGENT, below which a whole card may stand."""
        return bool(self.raw) and self.raw[-1].upper().startswith("AGENT")

    def add(self, number: int, text: str) -> None:
        word = text.strip().upper()
        self.old = self.old or word in ("VERSION:2.1", "VERSION:2.0")
        self.raw.append(text)
        line = parse(text, self.old)
        if line:
            self.lines.append(line)
        else:
            self.unread.append((number, text))

    def card(self) -> Card:
        return Card(self.start, tuple(self.lines), tuple(self.unread), tuple(self.raw))


def parse(text: str, old: bool = False) -> CardLine | None:
    """One unfolded line; None if it is none."""
    match = _LINE.match(text) or _NO_COLON.fullmatch(text)
    if not match:
        return None
    params = _params(match[3])
    name = match[2].upper().replace("_", "-")
    value = _decoded(match[4], params, name)
    return CardLine(name, value, params, (match[1] or "").casefold(), old)


def _params(text: str) -> dict[str, tuple[str, ...]]:
    params: dict[str, tuple[str, ...]] = {}
    for found in islice(_PARAM.finditer(text), _MOST_PARAMS):
        param = found[1]
        name, equals, value = param.partition("=")
        if not equals:
            name, value = ("ENCODING" if name.strip().upper() in _ENCODINGS else "TYPE"), name
        words = (word.strip().strip('"') for word in value.split(","))
        key = name.strip().upper()
        params[key] = params.get(key, ()) + tuple(_careted(word) for word in words if word)
    return params


def _careted(word: str) -> str:
    """RFC 6868: what a parameter can't hold stands as `^n`, `^'` or `^^`."""
    return re.sub(r"\^[n^']", lambda match: _CARETS[match[0]], word)


def _decoded(value: str, params: Mapping[str, tuple[str, ...]], name: str) -> str:
    encoding = {word.upper() for word in params.get("ENCODING", ())}
    if "QUOTED-PRINTABLE" in encoding:
        return _read(binascii.a2b_qp(value.encode("utf-8")), params)
    if encoding & {"B", "BASE64"} and name not in _PICTURES:
        try:
            return _read(binascii.a2b_base64(value.encode("ascii"), strict_mode=False), params)
        except ValueError:
            return value
    return value


def _read(data: bytes, params: Mapping[str, tuple[str, ...]]) -> str:
    """Bytes by the charset that the line names, else as UTF-8, else as old Windows programs."""
    for charset in (next(iter(params.get("CHARSET", ())), "utf-8"), "utf-8", "cp1252"):
        with suppress(LookupError, ValueError):
            return data.decode(codecs.lookup(charset).name).replace("\r\n", "\n")
    return data.decode("utf-8", "replace").replace("\r\n", "\n")

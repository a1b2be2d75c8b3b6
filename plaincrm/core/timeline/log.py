"""The grammar of one log entry.

    - DATE[ TIME[Z|±hh:mm]] TYPE[ in|out][ with ID,…]: TEXT
      indented lines continue the text

    - 2026-11-20 14:30 call with ada,ola: Talked about scope.
    - 2026-11-21 email out: Sent the proposal. <20261121.1@analytical.example>
    - 2026-11-22 stage: lead -> proposal

A type that the book does not know is read as a note whose text begins with it, so that nothing is
lost. Backslashes before punctuation are read as Markdown reads them. So a continuation line that
would be a check-box is written with one (`\\- [ ] so`): it is a quotation, not a task.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import TypeAlias

from plaincrm.core.text.markdown_escape import escape, unescape
from plaincrm.core.text.pattern import pattern
from plaincrm.core.value_class import changed, value
from plaincrm.core.values.wall_clock import wall_clock

_PEOPLE = ("call", "email", "meeting", "message", "note", "reply")
_CHANGES = ("stage", "status", "close_date")  # their text is `OLD -> NEW`
_RECORD = (*_CHANGES, "order", "task", "sequence", "rule", "consent")
_RATINGS = ("csat", "nps")
TYPES = frozenset((*_PEOPLE, *_RECORD, *_RATINGS))

_HEAD = pattern(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[ \tT]+(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?)?"
    r"[ \t]+(?P<type>[^\s:,\[\]]+)"
    r"(?:[ \t]+(?P<direction>in|out))?"
    r"(?:[ \t]+with[ \t]+(?P<people>[^:\n]*[^:\s]))?"
    r"[ \t]*:(?P<text>.*)",
    re.DOTALL,
)
_DATE = pattern(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9])")
_BULK = ".bulk.plaincrm@"  # in the id of a mail to many: see marketing/message_ids.py
_MESSAGE_ID = pattern(r"<[^<>\s@]+@[^<>\s]+>$")
_QUOTABLE = pattern(r"^([ \t]*[0-9]{0,9})([-*+.)][ \t]+\[[ xX]\](?=[ \t\r]|$))", re.MULTILINE)
_BLANKS = " \t\r"
_INDENT = ("", " ", "\t")


class LogError(ValueError):
    """An entry that can't be read; `code` is that of the Problem it becomes."""

    def __init__(self, message: str, code: str = "log-entry") -> None:
        super().__init__(message)
        self.code = code


WrittenMoment: TypeAlias = tuple[dt.date, dt.time, str]


@value
class Entry:
    """One dated fact. `text` is `canonical`; `line` and `end_line` are lines of the file, 0 when
    new. `written` is its moment as it stands in the file, where `in_zone` has changed it.
    """

    date: dt.date
    type: str = "note"
    text: str = ""
    time: dt.time | None = None
    zone: str = ""
    direction: str = ""
    people: tuple[str, ...] = ()
    line: int = 0
    end_line: int = 0
    written: WrittenMoment | None = None

    def __init__(
        self,
        date: dt.date,
        type: str = "note",
        text: str = "",
        time: dt.time | None = None,
        zone: str = "",
        direction: str = "",
        people: tuple[str, ...] = (),
        line: int = 0,
        end_line: int = 0,
        written: WrittenMoment | None = None,
    ) -> None:
        # Written out, since a book has half a million of them.
        self.__dict__.update(
            date=date,
            type=type,
            text=text,
            time=time,
            zone=zone,
            direction=direction,
            people=people,
            line=line,
            end_line=end_line,
            written=written,
        )

    @property
    def at(self) -> dt.datetime:
        """Sort key: date and time, midnight without a time. A zone of its own does not count: it is
        `in_zone` that makes entries comparable.
        """
        return dt.datetime.combine(self.date, self.time or dt.time.min)

    @property
    def message_id(self) -> str:
        """The trailing `<…@…>` with its brackets, or an empty string."""
        match = _MESSAGE_ID.search(self.text)
        return match[0] if match else ""

    @property
    def bulk(self) -> bool:
        """Whether it tells of a mail of a bulk template, as its message id says."""
        return _BULK in self.text and _BULK in self.message_id

    @property
    def change(self) -> tuple[str, str] | None:
        """`(old, new)` of a stage, status or close_date entry, old empty if not given; None for
        all others.
        """
        if self.type not in _CHANGES:
            return None
        first = self.text.split("\n", 1)[0].replace("→", "->")
        old, arrow, new = first.partition("->")
        return (old.strip(), new.strip()) if arrow and new.strip() else None

    @property
    def key(self) -> tuple[str, ...]:
        """The identity of an entry: everything but its place and where its lines are broken."""
        clock = self.time.isoformat() if self.time else ""
        people = ",".join(self.people)
        return (
            self.date.isoformat(),
            clock,
            self.zone,
            self.type,
            self.direction,
            people,
            " ".join(self.text.split()),
        )


def parse(text: str, types: Collection[str] | None = ()) -> Entry:
    """Reads an entry: its first line, with or without the list marker, and its continuation lines.

    `types` are the book's own beside TYPES, None takes any. A type not known makes a note. Raises
    LogError.
    """
    head, _, rest = text.partition("\n")
    head = re.sub(r"^[ \t]*[-*+][ \t]+", "", head)
    return read(head, rest.split("\n") if rest else [], types)


def read(head: str, rest: list[str], types: Collection[str] | None = (), line: int = 0) -> Entry:
    """`parse` for a scanner that has the lines apart: `head` without its marker, `rest` as they
    stand.
    """
    match = _HEAD.fullmatch(head.strip(_BLANKS))
    if match is None:
        raise _error(head)
    date, time, offset, kind, direction, people, text = match.groups()
    day, clock, zone = _day(date), _clock(time), _zone(offset or "")
    kind = unescape(kind).casefold()  # a formatter writes close\_date
    if types is not None and kind not in TYPES and kind not in types:
        kind, text = "note", head.strip(_BLANKS)[match.start("type") :]
        direction = people = None
    if rest:
        text += "\n" + "\n".join(_dedent([line.rstrip(_BLANKS) for line in rest]))
    who = _people(unescape(people)) if people else ()
    return Entry(
        day,
        kind,
        unescape(canonical(text)),
        clock,
        zone,
        direction or "",
        who,
        line,
        line and line + len(rest),
    )


def canonical(text: str) -> str:
    """How an entry's text reads back: no outer blanks, no trailing spaces, continuation lines
    dedented.
    """
    if "\n" not in text and "\r" not in text:
        return text.strip(_BLANKS)
    lines = [
        line.rstrip(_BLANKS) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ]
    lines = _trimmed(lines)
    if not lines:
        return ""
    rest = (
        _dedent(lines[1:])
        if all(line[:1] in _INDENT for line in lines[1:])
        else map(_spaces, lines[1:])
    )
    return "\n".join([lines[0].lstrip(_BLANKS), *rest])


def in_zone(entry: Entry, zone: dt.tzinfo | None) -> Entry:
    """The entry with the day and the clock of `zone`, the book's. One that names no zone of its own
    has them already.
    """
    if zone is None or entry.time is None or not entry.zone:
        return entry
    offset = entry.zone.replace("Z", "+00:00")
    stamp = f"{entry.date.isoformat()}T{entry.time.isoformat()}{offset}"
    at = wall_clock(dt.datetime.fromisoformat(stamp), zone)
    written = entry.date, entry.time, entry.zone
    return changed(entry, date=at.date(), time=at.time(), zone="", written=written)


def as_written(entry: Entry) -> Entry:
    """The entry with its moment as it stands in the file."""
    if entry.written is None:
        return entry
    date, time, zone = entry.written
    return changed(entry, date=date, time=time, zone=zone, written=None)


def normal(entry: Entry) -> Entry:
    """The entry as it will read back: its moment as written, canonical text, a time of whole
    seconds without a zone of its own.
    """
    entry = as_written(entry)
    clock = entry.time and entry.time.replace(microsecond=0, tzinfo=None, fold=0)
    return changed(entry, text=canonical(entry.text), time=clock, line=0, end_line=0)


def format(entry: Entry, eol: str = "\n") -> str:
    """The entry as it stands in a file, its lines joined by `eol`. Does not judge the values."""
    entry = as_written(entry)
    clock = ""
    if entry.time is not None:
        clock = f" {entry.time:%H:%M:%S}" if entry.time.second else f" {entry.time:%H:%M}"
    words = [
        f"{entry.date.isoformat()}{clock}{entry.zone if clock else ''}",
        entry.type,
        entry.direction,
    ]
    people = f"with {','.join(entry.people)}" if entry.people else ""
    first, *rest = escape(canonical(entry.text)).split("\n")
    head = " ".join(filter(None, ("-", *words, people))) + f": {first}".rstrip(" ")
    quoted = _QUOTABLE.sub(r"\1\\\2", "\n".join(rest)).split("\n") if rest else []
    return eol.join([head, *(f"  {line}" if line else "" for line in quoted)])


def _trimmed(lines: list[str]) -> list[str]:
    filled = [n for n, line in enumerate(lines) if line]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _dedent(lines: list[str]) -> list[str]:
    """Takes the common indent off; lines without any go on with the text all the same."""
    spaced = [_spaces(line) for line in lines]
    margin = min(
        (len(line) - len(line.lstrip(" ")) for line in spaced if line[:1] == " "), default=0
    )
    return [line[margin:] if line[:1] == " " else line for line in spaced]


def _spaces(line: str) -> str:
    bare = line.lstrip(" \t")
    return line[: len(line) - len(bare)].expandtabs(4) + bare


def _error(head: str) -> LogError:
    day = _DATE.match(head)
    if day is None:
        return LogError("a log entry begins with a date such as 2026-11-20", "log-date")
    _day(day[0])
    return LogError("a log entry reads `DATE TYPE: text`")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise LogError(f"{text} is not a date", "log-date") from None


def _clock(text: str | None) -> dt.time | None:
    if text is None:
        return None
    try:
        return dt.time.fromisoformat(text.zfill(8 if text.count(":") > 1 else 5))
    except ValueError:
        raise LogError(f"{text} is not a time of day", "log-date") from None


def _zone(text: str) -> str:
    if text not in ("", "Z") and (int(text[1:3]) > 23 or int(text[4:]) > 59):
        raise LogError(f"{text} is not a zone", "log-date")
    return text


def _people(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in text.split(","))))

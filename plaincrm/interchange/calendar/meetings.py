"""Meetings out of a calendar file (RFC 5545), as values: what a series has of them is bounded, and
what can't be read is told.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

from plaincrm.errors import Refused
from plaincrm.interchange.calendar.left_out import of_calendar, of_event
from plaincrm.interchange.calendar.write import printable
from plaincrm.interchange.calendar.zones import zone_named
from plaincrm.interchange.mail.html_text import to_text

_ZONES = re.compile(rb"^(?=(?:BEGIN|END):VTIMEZONE)", re.MULTILINE | re.IGNORECASE)
_BESIDE = re.compile(rb"^BEGIN:V(?!CALENDAR|EVENT|TIMEZONE|ALARM)", re.MULTILINE | re.IGNORECASE)
_MOST_CHANGES = 300  # of the clock, listed one by one: some programs list those since 1900
_MOST_A_DAY = 24
"""Dates that a rule may give on one day; beyond it no meeting is meant."""
_ADDRESS = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+")
_MARKUP = re.compile(r"<(?:p|br|div|html|body|span|a|b|ul|table)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One date of an event. `number` counts the events of the file from 1.

    `at`: a day if it lasts all day, a datetime with a zone, or a naive one that floats; None if it
    can't be told, with the reason in `problem`. `people`: addresses in lower case, the organiser's
    first. `occurrence` tells the dates of a series apart; empty for a single event. `unread`: those
    invited who have no address. `source`: the event's text, where it has a problem. `left_out`: the
    names and texts of what it says beyond that.
    """

    number: int
    uid: str
    at: date | datetime | None
    summary: str = ""
    place: str = ""
    description: str = ""
    people: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    cancelled: bool = False
    occurrence: str = ""
    problem: str = ""
    unknown_zone: str = ""
    unread: tuple[str, ...] = ()
    source: str = ""
    left_out: tuple[tuple[str, str], ...] = ()


def meetings(data: bytes, since: datetime, until: datetime) -> list[Meeting]:
    """The events of a file; of a series each date between the two moments.

    Raises Refused with a sentence for what is no calendar, or a damaged one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # guesses about zones with vendor names
        return list(_meetings(data, since, until))


def beside_meetings(data: bytes) -> list[tuple[str, str]]:
    """The names and titles of what a calendar holds that is no meeting."""
    if not _BESIDE.search(data):
        return []
    return [found for calendar in _parsed(data) for found in of_calendar(calendar)]


def _meetings(data: bytes, since: datetime, until: datetime) -> Iterator[Meeting]:
    number = 0
    for calendar in _parsed(data):
        cancelled = str(calendar.get("METHOD", "")).upper() == "CANCEL"
        for series in _series(calendar):
            number += 1
            yield from _dates(calendar, series, number, cancelled, since, until)


def _parsed(data: bytes) -> list[Any]:
    import icalendar

    head = data[: 1 << 16].lstrip(b"\xef\xbb\xbf\r\n\t ")
    if not head.upper().startswith(b"BEGIN:"):
        raise Refused(
            "This is no calendar: it has no BEGIN:VCALENDAR", "export the calendar as .ics again"
        )
    try:
        found = list(icalendar.Calendar.from_ical(_bounded(data), multiple=True))
    except (
        Exception
    ) as error:  # the library's own, of many kinds, on what no calendar program writes
        why = " ".join(str(error).split())[:200]
        raise Refused(
            f"The calendar is damaged: {why}", "export the calendar as .ics again"
        ) from None
    if not found:
        raise Refused(
            "The calendar breaks off: it has no END:VCALENDAR", "export the calendar as .ics again"
        )
    return found


def _bounded(data: bytes) -> bytes:
    """The calendar without definitions of time zones that have no end in sight: the library lists
    each change of the clock. Such a zone is known by its name, or not at all.
    """
    kept: list[bytes] = []
    dropped = False
    for part in _ZONES.split(data):
        if part[:15].upper() == b"BEGIN:VTIMEZONE":
            dropped = not _ends_soon(part.upper())
            kept.append(b"" if dropped else part)
        elif dropped:
            dropped = False
            kept.append(part.partition(b"\n")[2])
        else:
            kept.append(part)
    return b"".join(kept)


def _ends_soon(zone: bytes) -> bool:
    few = zone.count(b"BEGIN:STANDARD") + zone.count(b"BEGIN:DAYLIGHT") <= _MOST_CHANGES
    return few and zone.count(b"RRULE") == zone.count(b"FREQ=YEARLY")


def _series(calendar: Any) -> Iterator[list[Any]]:
    """The events of one UID together: a series and the dates of it that were changed."""
    by_uid: dict[str, list[Any]] = {}
    for number, event in enumerate(calendar.walk("VEVENT")):
        by_uid.setdefault(str(event.get("UID", "")) or f"#{number}", []).append(event)
    yield from by_uid.values()


def _dates(
    calendar: Any, series: list[Any], number: int, cancelled: bool, since: datetime, until: datetime
) -> Iterator[Meeting]:
    first = series[0]
    repeated = len(series) > 1 or any(
        event.get(name) for event in series for name in ("RRULE", "RDATE")
    )
    if _start(first) is None:
        yield _meeting(first, number, cancelled, "", "the event has no date that can be read")
    elif not repeated:
        yield _meeting(first, number, cancelled)
    elif any(_too_often(event) for event in series):
        yield _meeting(first, number, cancelled, "", "the event is repeated more often than daily")
    else:
        yield from _repeated(calendar, series, number, cancelled, since, until)


def _too_often(event: Any) -> bool:
    """Whether a rule fires more often than meetings can be; to find its dates would never end."""
    rule = _rule(event).upper()
    if any(f"FREQ={word}" in rule for word in ("SECONDLY", "MINUTELY", "HOURLY")):
        return True
    several = (re.findall(rf"{name}=([\d,]+)", rule) for name in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    times = [found[0].count(",") + 1 for found in several if found]
    product = 1
    for count in times:
        product *= count
    return product > _MOST_A_DAY


def _rule(event: Any) -> str:
    rules = event.get("RRULE")
    return " ".join(
        str(each.to_ical()) for each in (rules if isinstance(rules, list) else [rules]) if each
    )


def _repeated(
    calendar: Any, series: list[Any], number: int, cancelled: bool, since: datetime, until: datetime
) -> Iterator[Meeting]:
    import icalendar
    import recurring_ical_events  # type: ignore[import-untyped,unused-ignore]

    part = icalendar.Calendar()
    for component in [*calendar.walk("VTIMEZONE"), *series]:
        part.add_component(component)
    try:
        found = recurring_ical_events.of(part, skip_bad_series=True).between(since, until)
    except Exception:  # anything, on rules that contradict themselves
        yield _meeting(
            series[0], number, cancelled, "", "the dates of the series contradict each other"
        )
        return
    for event in found:
        start = _start(event)
        yield _meeting(event, number, cancelled, f"{start:%Y%m%dT%H%M}" if start else "")


def _meeting(
    event: Any, number: int, cancelled: bool, occurrence: str = "", problem: str = ""
) -> Meeting:
    people = [each for name in ("ORGANIZER", "ATTENDEE") for each in _all(event, name)]
    addresses = {address: each for each in people if (address := _address(each))}
    declined = [a for a, each in addresses.items() if _partstat(each) == "DECLINED"]
    return Meeting(
        number,
        _uid(event),
        None if problem else _start(event),
        _text(event, "SUMMARY"),
        _text(event, "LOCATION"),
        _text(event, "DESCRIPTION"),
        tuple(addresses),
        tuple(declined),
        cancelled or _text(event, "STATUS").upper() == "CANCELLED",
        occurrence,
        problem,
        _unknown_zone(event),
        tuple(_unread(person) for person in people if not _address(person)),
        _source(event) if problem else "",
        tuple(of_event(event)),
    )


def _source(event: Any) -> str:
    """The event as it stands in the file, as far as the library can say it."""
    try:
        return str(event.to_ical().decode("utf-8", "replace")).strip()
    except Exception:  # of a property that it could not read
        return f"BEGIN:VEVENT\r\nSUMMARY:{_text(event, 'SUMMARY')}\r\nEND:VEVENT"


def _uid(event: Any) -> str:
    """The event's own identity, else one made of what it says: some programs leave it empty."""
    named = str(event.get("UID", "")).strip()
    if named:
        return named
    said = "\0".join(str(event.get(name, "")) for name in ("SUMMARY", "LOCATION"))
    start = _start(event)
    digest = hashlib.sha256(f"{start}\0{said}".encode("utf-8", "replace")).hexdigest()[:32]
    return f"{digest}@no-uid.invalid"


def _start(event: Any) -> date | datetime | None:
    value = event.get("DTSTART")
    found = _get(value, "dt")
    if not isinstance(found, date):
        return None
    if isinstance(found, datetime) and found.tzinfo is None and (name := _param(value, "TZID")):
        return found.replace(tzinfo=zone_named(name))
    return found


def _unknown_zone(event: Any) -> str:
    """The name of a time zone that nobody knows; such a time is taken for the book's."""
    start, name = _start(event), _param(event.get("DTSTART"), "TZID")
    return name if isinstance(start, datetime) and start.tzinfo is None else ""


def _unread(person: Any) -> str:
    return printable(" ".join(str(person).split()))[:200]


def _get(value: Any, name: str) -> Any:
    """An attribute of a value that may be missing, doubled or broken."""
    from icalendar.error import BrokenCalendarProperty

    try:
        return getattr(value, name, None)
    except BrokenCalendarProperty:
        return None


def _all(event: Any, name: str) -> list[Any]:
    found = event.get(name, [])
    return found if isinstance(found, list) else [found]


def _partstat(person: Any) -> str:
    return _param(person, "PARTSTAT").upper()


def _param(person: Any, name: str) -> str:
    return str((_get(person, "params") or {}).get(name, ""))


def _address(person: Any) -> str:
    """The e-mail of somebody invited: in `EMAIL=`, in `mailto:` with or without a name, in `CN=`;
    empty for one that has none."""
    for named in (_param(person, "EMAIL"), str(person), _param(person, "CN")):
        bare = re.sub("^mailto:", "", unquote(named).strip(), flags=re.IGNORECASE)
        found = _ADDRESS.search(bare)
        if found and not bare.casefold().startswith(("urn:", "invalid:", "http")):
            return found[0].casefold()
    return ""


def _text(event: Any, name: str) -> str:
    text = printable(" ".join(str(each) for each in _all(event, name))).strip()
    return to_text(text) if name == "DESCRIPTION" and _MARKUP.search(text) else text

"""iCalendar (RFC 5545): dated things out, for any calendar program to subscribe to; meetings in, as
values.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from plaincrm.core.values.duration import DAY
from plaincrm.errors import Refused

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. `when`: a day makes it all day, a datetime is a moment. `alarm`: how long before
    it to ring.

    `uid` says what the entry is about and never when, so that a calendar moves it instead of
    doubling it.
    """

    uid: str
    when: date | datetime
    summary: str
    description: str = ""
    alarm: timedelta | None = None


def uid(*about: str) -> str:
    """A stable identity made from what an entry is about, such as its reason, kind and id."""
    return (
        hashlib.sha256("\0".join(about).encode("utf-8", "replace")).hexdigest()[:32] + "@plaincrm"
    )


def calendar(events: Iterable[Event], stamp: datetime) -> bytes:
    """The events as one VCALENDAR; `stamp` is the moment it is made. A naive one is taken for UTC.

    Events of one uid come once, the first of them.
    """
    import icalendar

    whole = icalendar.Calendar()
    whole.add("prodid", "-//plaincrm//plaincrm//EN")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    first: dict[str, Event] = {}
    for event in events:
        first.setdefault(event.uid, event)
    for event in first.values():
        whole.add_component(_component(event, _utc(stamp)))
    return bytes(whole.to_ical())


def _component(event: Event, stamp: datetime) -> Any:
    import icalendar

    found = icalendar.Event()
    found.add("uid", event.uid)
    found.add("dtstamp", stamp)
    found.add("summary", _clean(event.summary))
    found.add("dtstart", _utc(event.when) if _aware(event.when) else event.when)
    if not isinstance(event.when, datetime):
        found.add("dtend", DAY.clamped(event.when))
        found.add("transp", "TRANSPARENT")
    if event.description:
        found.add("description", _clean(event.description))
    if event.alarm is not None:
        found.add_component(_alarm(event))
    return found


def _alarm(event: Event) -> Any:
    import icalendar

    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _clean(event.summary))
    alarm.add("trigger", -(event.alarm or timedelta()))
    return alarm


def _clean(text: str) -> str:
    """Without what no calendar may hold; the library escapes the rest."""
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _aware(when: date | datetime) -> bool:
    return isinstance(when, datetime) and when.tzinfo is not None


def _utc(when: date | datetime) -> Any:
    if not isinstance(when, datetime):
        return when
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One date of an event. `number` counts the events of the file from 1.

    `at`: a day if it lasts all day, a datetime with a zone, or a naive one that floats; None if it
    can't be told, with the reason in `problem`. `people`: addresses in lower case, the organiser's
    first. `occurrence` tells the dates of a series apart; empty for a single event.
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


def meetings(data: bytes, since: datetime, until: datetime) -> list[Meeting]:
    """The events of a file; of a series each date between the two moments.

    Raises Refused with a sentence for what is no calendar, or a damaged one.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # guesses about zones with vendor names
        return list(_meetings(data, since, until))


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
        found = list(icalendar.Calendar.from_ical(data, multiple=True))
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
    elif any(
        f"FREQ={word}" in _rule(event)
        for event in series
        for word in ("SECONDLY", "MINUTELY", "HOURLY")
    ):
        yield _meeting(first, number, cancelled, "", "the event is repeated more often than daily")
    else:
        yield from _repeated(calendar, series, number, cancelled, since, until)


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
        str(event.get("UID", "")),
        None if problem else _start(event),
        _text(event, "SUMMARY"),
        _text(event, "LOCATION"),
        _text(event, "DESCRIPTION"),
        tuple(addresses),
        tuple(declined),
        cancelled or _text(event, "STATUS").upper() == "CANCELLED",
        occurrence,
        problem,
    )


def _start(event: Any) -> date | datetime | None:
    found = _get(event.get("DTSTART"), "dt")
    return found if isinstance(found, date) else None


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
    """`mailto:` or `EMAIL=` of a calendar's user; empty for one that has no e-mail."""
    named = _param(person, "EMAIL") or str(person)
    address = re.sub("^mailto:", "", named.strip(), flags=re.IGNORECASE).casefold()
    return address if re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", address) else ""


def _text(event: Any, name: str) -> str:
    return _clean(" ".join(str(each) for each in _all(event, name))).strip()

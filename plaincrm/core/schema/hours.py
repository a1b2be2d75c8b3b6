"""The section `hours:` of the settings: when the owner of the book works.

    hours:
      office: {zone: Europe/Berlin, days: 'Mon-Thu 09:00-17:00, Fri 09:00-15:00', holidays: DE-BE}
      summer: {days: 'Mon-Fri 08:00-13:00', off: [2026-08-03..2026-08-14]}

The first schedule is the default. `zone` is the book's where it is missing, `holidays` those of the
book's country; `holidays: none` keeps none. `away:` counts for every schedule. A book without
`hours:` works Mon-Fri 09:00-17:00.
"""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from plaincrm.core.schema.settings import Settings, SettingsSection
from plaincrm.core.schema.settings_file import days_span
from plaincrm.core.schema.settings_reader import Keys, SettingsReader
from plaincrm.core.values.hours import Schedule, WorkingTime
from plaincrm.core.values.public_holidays import is_place
from plaincrm.core.values.raw import Raw, items
from plaincrm.core.values.week_text import parse_week

USUAL_WEEK = "Mon-Fri 09:00-17:00"
_KEYS = ("zone", "days", "holidays", "off")
_NONE = ("none", "no", "false")


def _read(reader: SettingsReader, raw: Raw | None, settings: Settings) -> Mapping[str, WorkingTime]:
    found = {}
    for name, row in reader.map(raw, ("hours",)).items():
        schedule = _schedule(reader, name, row, settings)
        if schedule is not None:
            found[name] = WorkingTime(schedule)
    return found or {"": WorkingTime(_usual(settings))}


def _usual(settings: Settings) -> Schedule:
    country = settings.country if is_place(settings.country) else ""
    return Schedule("", settings.timezone, parse_week(USUAL_WEEK), country, settings.away)


def _schedule(reader: SettingsReader, name: str, raw: Raw, settings: Settings) -> Schedule | None:
    at: Keys = ("hours", name)
    found = reader.map({"days": raw} if isinstance(raw, str) else raw, at)
    reader.known(at, found, _KEYS)
    week = reader.optional((*at, "days"), found.get("days"), parse_week)
    if week is None:
        if not found.get("days"):
            wrong = f'the hours "{name}" name no days'
            reader.problem(at, "settings-value", wrong, f"days: {USUAL_WEEK}")
        return None
    zone = reader.optional((*at, "zone"), found.get("zone"), _zone) or settings.timezone
    off = tuple(
        span
        for item in items(found.get("off"))
        if (span := reader.optional((*at, "off"), item.text, days_span))
    )
    return Schedule(name, zone, week, _holidays(reader, at, found, settings), settings.away + off)


def _holidays(
    reader: SettingsReader, at: Keys, found: Mapping[str, Raw], settings: Settings
) -> str:
    if "holidays" not in found:
        return settings.country if is_place(settings.country) else ""
    return reader.optional((*at, "holidays"), found["holidays"], _place) or ""


def _place(text: str) -> str:
    if text.casefold() in _NONE:
        return ""
    place = text.upper()
    if not is_place(place):
        raise ValueError(f'"{text}" is no country or region: write DE, DE-BE, US-CA or none')
    return place


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'unknown time zone "{text}": write one such as Europe/Berlin') from None
    return text


HOURS: SettingsSection[Mapping[str, WorkingTime]] = SettingsSection("hours", _read)


def working_time(settings: Settings, name: str = "") -> WorkingTime:
    """The schedule of that name, else the first of the book."""
    found = settings.section(HOURS)
    return found.get(name) or next(iter(found.values()))

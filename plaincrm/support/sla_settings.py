"""The section `sla:` of the settings: what is promised, for which tickets.

    sla:
      urgent: {first_reply: 2h, next_reply: 2h, resolution: 8h}
      normal: {first_reply: 8h, resolution: 3bd}
      company.tags:vip: {first_reply: 1h, hours: weekend}
      pauses: [pending, hold]

A key is a priority or a query. The first query that fits a ticket decides, else its priority.
`pauses` are the statuses in which the clocks stand still; `pending` alone if nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping

from plaincrm.core.schema.hours import HOURS
from plaincrm.core.schema.settings import Settings, SettingsSection
from plaincrm.core.schema.settings_reader import Keys, SettingsReader, one_of
from plaincrm.core.value_class import fresh, value
from plaincrm.core.values import duration
from plaincrm.core.values.duration import Duration
from plaincrm.core.values.raw import Raw, items

PRIORITIES = ("low", "normal", "high", "urgent")
CLOCKS = ("first_reply", "next_reply", "resolution")
PAUSES = frozenset({"pending"})
_MAY_PAUSE = ("pending", "hold")
_KEYS = (*CLOCKS, "hours")
_LENGTHS = ("min", "h", "bd")


@value
class ServiceTarget:
    """What is promised for some tickets, in business hours. `name` is the key in the settings: a
    priority or a query. `hours` names a schedule; empty: the book's first.
    """

    name: str
    first_reply: Duration | None = None
    next_reply: Duration | None = None
    resolution: Duration | None = None
    hours: str = ""

    def of(self, clock: str) -> Duration | None:
        """The target of one of `CLOCKS`."""
        return {
            "first_reply": self.first_reply,
            "next_reply": self.next_reply,
            "resolution": self.resolution,
        }[clock]


NO_TARGET = ServiceTarget("")


@value
class ServiceLevels:
    """All of `sla:`. `by_query` in the order of the file; `pauses`: statuses that stop the
    clocks.
    """

    by_query: tuple[ServiceTarget, ...] = ()
    by_priority: Mapping[str, ServiceTarget] = fresh(factory=dict)
    pauses: frozenset[str] = PAUSES


def _read(reader: SettingsReader, raw: Raw | None, settings: Settings) -> ServiceLevels:
    queries, priorities = [], {}
    pauses = PAUSES
    for name, row in reader.map(raw, ("sla",)).items():
        if name == "pauses":
            pauses = _pauses(reader, row)
            continue
        target = _target(reader, name, row, settings)
        if name.casefold() in PRIORITIES:
            priorities[name.casefold()] = target
        elif _asks_itself(name):
            wrong = f'"{name}" asks for what the service levels decide'
            reader.problem(("sla", name), "settings-value", wrong, "choose tickets by a field")
        else:
            queries.append(target)
    return ServiceLevels(tuple(queries), priorities, pauses)


def _asks_itself(query: str) -> bool:
    return "sla." in query or "breached" in query


def _pauses(reader: SettingsReader, raw: Raw) -> frozenset[str]:
    found = {item.text.casefold() for item in items(raw)}
    for name in sorted(found - set(_MAY_PAUSE)):
        wrong = f'"{name}" is no status in which a clock can stand still'
        reader.problem(("sla", "pauses"), "settings-value", wrong, one_of(_MAY_PAUSE))
    return frozenset(found & set(_MAY_PAUSE))


def _target(reader: SettingsReader, name: str, raw: Raw, settings: Settings) -> ServiceTarget:
    at: Keys = ("sla", name)
    found = reader.map(raw, at)
    reader.known(at, found, _KEYS)
    first, following, resolution = (
        reader.optional((*at, clock), found.get(clock), _length) for clock in CLOCKS
    )
    hours = str(found.get("hours") or "")
    known = settings.section(HOURS)
    if hours and hours not in known:
        wrong = f'there are no hours "{hours}"'
        reader.problem((*at, "hours"), "settings-value", wrong, one_of(tuple(known)))
        hours = ""
    return ServiceTarget(name, first, following, resolution, hours)


def _length(text: str) -> Duration:
    found = duration.parse(text)
    if found.unit not in _LENGTHS:
        raise ValueError(f'"{text}" is no length of working time: write 90min, 4h or 2bd')
    return found


SLA: SettingsSection[ServiceLevels] = SettingsSection("sla", _read)

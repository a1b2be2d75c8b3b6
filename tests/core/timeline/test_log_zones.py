"""Times with zones: whatever zone a time is written in, every answer is that of the book's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core import query
from plaincrm.core.records import line_records
from plaincrm.core.records.timeline_facts import chronological
from plaincrm.core.timeline import log, parse
from plaincrm.core.timeline.line_edit import add_entry
from plaincrm.core.timeline.log import Entry
from tests.contexts import context

ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu", "Pacific/Kiritimati")
KINDS = ("call", "email in", "email out", "reply in", "reply out", "note", "meeting")
# Two winters and summers, but for the nights on which a clock of ZONES changes.
moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 20)).filter(
    lambda at: at.month not in (3, 10, 11)
)
entries = st.lists(st.tuples(moments, st.sampled_from(KINDS)), min_size=1, max_size=8)


def text_of(moment: datetime, zone: str, random: Random | None) -> str:
    """The moment, which is by the clock of `zone`: without a zone, or by some other clock."""
    if random is None:
        return f"{moment:%Y-%m-%d %H:%M:%S}"
    offset = timezone(timedelta(minutes=random.choice((0, 60, -480, 345, 840, -720, 1439))))
    at = moment.replace(microsecond=0, tzinfo=ZoneInfo(zone)).astimezone(offset)
    shown = f"{at:%z}"
    return f"{at:%Y-%m-%d %H:%M:%S}{shown[:3]}:{shown[3:]}"


def files(found: list[tuple[datetime, str]], zone: str, random: Random | None) -> dict[str, str]:
    lines = "".join(
        f"- {text_of(at, zone, random)} {kind}: n{n}\n" for n, (at, kind) in enumerate(found)
    )
    opened = text_of(min(at for at, _ in found), zone, random)
    due = text_of(max(at for at, _ in found), zone, random)
    body = f"---\n\n## Log\n{lines}"
    return {
        "contacts/ada.md": f"---\nname: Ada\n{body}",
        "tickets/broken-k7m2.md": (
            f"---\nsubject: Broken\ncontact: ada\nstatus: open\nopened: {opened}\ndue: {due}\n{body}"
        ),
    }


def answers(found: list[tuple[datetime, str]], zone: str, random: Random | None) -> object:
    """All that the book says: every fact of each record, the lines, their order, some queries."""
    here = context(files(found, zone, random), "2026-11-21T12:00", f"timezone: {zone}\n")
    said: list[object] = []
    for record in here.store.all():
        for name in here.facts.of(record.kind.name):
            said.append((record.ref, name, str(here.fact(record, name))))
        said.append([entry.text for entry in chronological(record)])
        said += [(row.text("at"), row.text("text")) for row in line_records.rows(record, "log")]
        for at, _ in found:
            words = f"log(at:{at:%Y-%m-%d}).count:1.."
            said.append(query.compile([words], record.kind, here).matches(record))
    return said


@given(entries, st.sampled_from(ZONES), st.integers(0, 99))
def test_every_answer_is_the_same_in_whatever_zone_times_are_written(
    found: list[tuple[datetime, str]], zone: str, seed: int
) -> None:
    assert answers(found, zone, Random(seed)) == answers(found, zone, None)


@given(entries, st.sampled_from(ZONES), st.integers(0, 99))
def test_entries_go_into_the_log_by_the_clock_of_the_book(
    found: list[tuple[datetime, str]], zone: str, seed: int
) -> None:
    random, text = Random(seed), "---\nname: Ada\n---\n\n## Log\n- 2023-05-01 note: First\n"
    for n, (at, kind) in enumerate(found):
        written = log.parse(f"{text_of(at, zone, random)} {kind}: n{n}")
        text = add_entry(text, written, zone=ZoneInfo(zone))
        assert f"{written.time}"[:5] in text
    here = parse.read(text.split("---\n", 2)[2], zone=ZoneInfo(zone))
    times = [entry.at for entry in here.entries]
    assert times == sorted(times)
    assert len(times) == len(found) + 1


@pytest.mark.parametrize("zone", ["Z", "+05:45", "-08:00"])
def test_what_was_written_is_written_again(zone: str) -> None:
    entry = log.parse(f"2026-11-20 23:30{zone} call out: Hm")
    shown = log.in_zone(entry, ZoneInfo("Europe/Berlin"))
    assert (shown.zone, shown.at) != (entry.zone, entry.at)
    assert log.format(shown) == log.format(entry)
    assert log.as_written(shown) == entry == log.normal(shown)


def test_the_hour_that_comes_twice_keeps_its_moments() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before, after = (
        log.in_zone(log.parse(f"2026-10-25 0{hour}:30Z call: x"), berlin) for hour in (0, 1)
    )
    assert before.at == after.at == datetime(2026, 10, 25, 2, 30)
    spread = [each.at.replace(tzinfo=berlin).astimezone(UTC) for each in (before, after)]
    assert spread[1] - spread[0] == timedelta(hours=1)


def test_a_day_without_a_time_is_no_moment() -> None:
    entry = Entry(datetime(2026, 11, 20).date(), "call", "x")
    assert log.in_zone(entry, ZoneInfo("Pacific/Kiritimati")) is entry

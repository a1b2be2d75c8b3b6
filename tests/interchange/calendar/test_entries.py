from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.timeline import log
from plaincrm.core.values.dates import parse_stored
from plaincrm.errors import Refused
from plaincrm.interchange.calendar.entries import drafts, message_id
from plaincrm.interchange.calendar.write import Event, calendar, uid
from plaincrm.interchange.csv.draft import Draft, Outcome, Reject, SkippedRow

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
OLA = "ATTENDEE;CN=Ola:mailto:Ola@fjord.no"


def read(data: bytes) -> list[Outcome]:
    return list(drafts(data, ["Ada@studio.example"], NOW, BERLIN))


def event(*lines: str, outer: tuple[str, ...] = ()) -> list[Outcome]:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", *outer, "BEGIN:VEVENT"]
    return read("\r\n".join([*head, *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode())


def one(*lines: str) -> Draft:
    (found,) = event(*lines)
    assert isinstance(found, Draft), found
    return found


def test_a_meeting_is_an_entry_of_those_invited_on_the_books_clock() -> None:
    draft = one(
        "UID:abc@google.com",
        "DTSTART:20261120T133000Z",
        "SUMMARY:Kick-off",
        "LOCATION:Oslo\\, 2nd floor",
        "DESCRIPTION:Bring the\\nplans",
        "ORGANIZER:mailto:ada@studio.example",
        OLA,
        "ATTENDEE:mailto:kari@fjord.no",
    )
    assert (draft.kind, draft.fields["at"], draft.fields["type"]) == (
        "log",
        "2026-11-20 14:30",
        "meeting",
    )
    assert draft.fields["text"] == "Kick-off (Oslo, 2nd floor)\nBring the\nplans <abc@google.com>"
    assert [(hint.by, hint.value) for hint in draft.links["contact"]] == [
        ("email", "ola@fjord.no"),
        ("email", "kari@fjord.no"),
    ]
    assert draft.key == "<abc@google.com>"


@pytest.mark.parametrize(
    ("start", "at"),
    [
        ("DTSTART:20261120T090000", "2026-11-20 09:00"),
        ("DTSTART;TZID=America/New_York:20261120T090000", "2026-11-20 15:00"),
        ("DTSTART:20260720T090000Z", "2026-07-20 11:00"),
        ("DTSTART:20261119T233000Z", "2026-11-20 00:30"),
        ("DTSTART;VALUE=DATE:20261120", "2026-11-20"),
    ],
)
def test_zones_floating_times_and_whole_days(start: str, at: str) -> None:
    draft = one("UID:1", start, OLA)
    assert draft.fields["at"] == at
    assert isinstance(parse_stored(at), date)


def test_each_date_of_a_series_up_to_today_is_an_entry_of_its_own() -> None:
    found = event(
        "UID:s@x", "DTSTART:20261102T090000Z", "RRULE:FREQ=WEEKLY", "EXDATE:20261109T090000Z", OLA
    )
    dates = [(each.fields["at"], each.key) for each in found if isinstance(each, Draft)]
    assert dates == [
        ("2026-11-02 10:00", "<s/20261102T0900@x>"),
        ("2026-11-16 10:00", "<s/20261116T0900@x>"),
    ]


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["STATUS:CANCELLED", "DTSTART:20261101T090000Z", OLA], "cancelled"),
        (["DTSTART:20261122T090000Z", OLA], "still to come"),
        (["DTSTART;VALUE=DATE:20261122", OLA], "still to come"),
        (["DTSTART:20261101T090000Z"], "nobody else"),
        (
            [
                "DTSTART:20261101T090000Z",
                "ATTENDEE;PARTSTAT=DECLINED:mailto:ada@studio.example",
                OLA,
            ],
            "declined",
        ),
    ],
)
def test_what_did_not_take_place_is_skipped(lines: list[str], why: str) -> None:
    (found,) = event("UID:1", *lines)
    assert isinstance(found, SkippedRow) and why in found.reason


def test_a_calendar_of_cancellations_logs_nothing() -> None:
    (found,) = event("UID:1", "DTSTART:20261101T090000Z", OLA, outer=("METHOD:CANCEL",))
    assert isinstance(found, SkippedRow)


def test_our_own_calendar_is_not_read_back() -> None:
    data = calendar([Event(uid("task", "ada"), date(2026, 11, 1), "Call Ola")], NOW)
    (found,) = read(data)
    assert isinstance(found, SkippedRow)


@pytest.mark.parametrize(
    "lines", [["DTSTART:never"], [], ["DTSTART:20200101T000000Z", "RRULE:FREQ=SECONDLY"]]
)
def test_a_date_that_can_not_be_told_is_a_reject_with_a_reason(lines: list[str]) -> None:
    (found,) = event("UID:1", "SUMMARY:Talk", OLA, *lines)
    assert isinstance(found, Reject) and found.reason.startswith("Talk: ")


@pytest.mark.parametrize(
    "data", [b"", b"name,email", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\nX\nEND:VCALENDAR", b"BEGIN:"]
)
def test_what_is_no_calendar_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Refused):
        read(data)


def test_every_public_calendar_is_read_or_refused(shared_data: Path) -> None:
    paths = sorted((shared_data / "icalendar").rglob("*.ics"))
    refused = []
    for path in paths:
        try:
            found = read(path.read_bytes())
        except Refused as error:
            assert (
                error.message.startswith(("The calendar is damaged: ", "The calendar breaks off: "))
                and error.hint
            )
            refused.append(path.name)
            continue
        for each in found:
            if isinstance(each, Draft):
                assert isinstance(parse_stored(str(each.fields["at"])), date)
                assert log.Entry(NOW.date(), text=str(each.fields["text"])).message_id == each.key
    assert len(paths) == 163
    assert len(refused) == 8, refused


@given(st.text(), st.sampled_from(["", "20261120T0900"]))
def test_any_uid_is_a_message_id(text: str, occurrence: str) -> None:
    found = message_id(text, occurrence)
    assert log.Entry(NOW.date(), text=f"x {found}").message_id == found

"""Many entries added to a log at once: as if one after the other, and read only once."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plaincrm.core.timeline import document, line_edit
from plaincrm.core.timeline.log import Entry

HEAD = "---\nname: Ada\n---\nWords.\n"
LOGS = [
    HEAD,
    f"{HEAD}\n## Log\n",
    f"{HEAD}\n## Log\n- 2026-05-05 call: Old\n",
    f"{HEAD}\n## Log\n- 2026-05-05 call: Old\n  more\n- 2026-05-09 note: Newer\n",
    f"{HEAD}\n## Log\n- 2026-05-09 note: Newest first\n- 2026-05-05 call: Old",
    f"{HEAD}\n## Log\n\n* 2026-05-05 call: Loose\n\n* 2026-05-09 note: Newer\n\n## After\nWords\n",
    f"{HEAD}\n## Log\n- 2026-05-05 call: Old\n\n## Tasks\n- [ ] Send it\n",
]
entries = st.builds(
    Entry,
    date=st.dates(dt.date(2026, 5, 1), dt.date(2026, 5, 12)),
    type=st.sampled_from(["call", "note", "email"]),
    text=st.sampled_from(["One", "Two\nlines", "Three <a@b>"]),
    time=st.none() | st.builds(dt.time, st.integers(0, 23)),
)


@given(text=st.sampled_from(LOGS), crlf=st.booleans(), added=st.lists(entries, max_size=6))
def test_many_entries_stand_as_if_added_one_after_the_other(
    text: str, crlf: bool, added: list[Entry]
) -> None:
    text = text.replace("\n", "\r\n") if crlf else text
    one_by_one = text
    for entry in added:
        one_by_one = line_edit.add_entry(one_by_one, entry)
    assert line_edit.add_entries(text, added) == one_by_one


def test_the_file_is_read_no_oftener_for_more_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    read = document.read
    for number in (5, 50):
        seen: list[int] = []

        def counted(*words: object, seen: list[int] = seen) -> document.TimelinePage:
            seen.append(1)
            return read(*words)  # type: ignore[arg-type]

        monkeypatch.setattr(document, "read", counted)
        days = [Entry(dt.date(2026, 1, 1) + dt.timedelta(days=n), text="x") for n in range(number)]
        line_edit.add_entries(LOGS[2], days)
        counts.append(len(seen))
    assert counts[0] == counts[1]

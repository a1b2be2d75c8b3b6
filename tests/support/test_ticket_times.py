"""Public support data (Zendesk's tables, as dbt_zendesk has them): first reply, resolution, wait."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plaincrm.core.records.facts import Context
from plaincrm.core.records.record import Record
from plaincrm.support.ticket_history import history
from plaincrm.support.ticket_times import times_of
from tests.conftest import run_in
from tests.contexts import context

# Columns of ticket_data.csv to fields; all others are dropped. `deleted` is a status that there is
# not: such tickets are closed.
MAPPING = """
kind: ticket
key: {id: zendesk_id}
columns:
  id: zendesk_id
  subject: subject
  status: status
  priority: priority
  created_at: opened
  via_channel: channel
values: {status: {deleted: closed, on-hold: hold, closed: closed, solved: solved}}
"""
STATUSES = {"on-hold": "hold"}


def rows(data: Path, name: str) -> list[dict[str, str]]:
    with (data / "zendesk" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_tickets_are_imported_by_the_mapping(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = tmp_path / "book"
    run_in(monkeypatch, tmp_path, ["init", str(book)])
    (tmp_path / "map.yaml").write_text(MAPPING, "utf-8")
    source = shared_data / "zendesk" / "ticket_data.csv"
    ran = run_in(
        monkeypatch,
        book,
        ["import", str(source), "--map", str(tmp_path / "map.yaml"), "--json", "-y"],
    )
    assert (ran.json["rows"], ran.json["created"], ran.json["rejected"]) == (10, 10, 0), ran.err
    found = run_in(
        monkeypatch, book, ["list", "tickets", "zendesk_id:11071", "--columns", "opened,status"]
    )
    assert found.out.splitlines()[1].split() == ["2020-08-28", "18:06", "closed"]
    again = run_in(
        monkeypatch,
        book,
        ["import", str(source), "--map", str(tmp_path / "map.yaml"), "--json", "-y"],
    )
    assert again.json["unchanged"] == 10


def tickets(data: Path) -> tuple[dict[str, Record], Context]:
    """The tickets with their history of statuses and their public comments as a log.

    The comments' writers stand in no table of users, so their role is not known: the first of a
    ticket is the customer's, all others are answers.
    """
    logs: dict[str, list[tuple[str, str]]] = {}
    last: dict[str, str] = {}
    for row in sorted(rows(data, "ticket_field_history_data.csv"), key=lambda row: row["updated"]):
        if row["field_name"] == "status":
            old = last.get(row["ticket_id"], "new")
            new = last[row["ticket_id"]] = STATUSES.get(row["value"], row["value"])
            entry = row["updated"], f"status: {old} -> {new}"
            logs.setdefault(row["ticket_id"], []).append(entry)
    opened = {row["id"]: row for row in rows(data, "ticket_data.csv")}
    for row in sorted(rows(data, "ticket_comment_data.csv"), key=lambda row: row["created"]):
        known = logs.setdefault(row["ticket_id"], [])
        direction = "out" if any("reply" in text for _, text in known) else "in"
        known.append((row["created"], f"reply {direction}: {row['body']}"))
    files = {}
    for id in {*logs, *opened}:
        entries = sorted(logs.get(id, []))
        created = opened[id]["created_at"] if id in opened else entries[0][0]
        status = opened[id]["status"] if id in opened else "open"
        lines = "\n".join(f"- {at} {text}" for at, text in entries)
        files[f"tickets/t{id}.md"] = (
            f"---\nsubject: T{id}\nopened: {created}\nstatus: {status.replace('deleted', 'closed')}"
            f"\n---\n\n## Log\n{lines}\n"
        )
    here = context(files, "2021-01-01")
    return {each.id: each for each in here.store.records("ticket")}, here


def seconds(start: str, end: str) -> float:
    first, last = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end))
    return (last - first).total_seconds()


def test_first_reply_is_from_the_opening_to_the_first_answer(shared_data: Path) -> None:
    found, here = tickets(shared_data)
    times = times_of(found["t7367"], here)
    assert times.first_reply is not None
    assert times.first_reply.calendar == seconds("2020-07-20 20:16:47", "2020-07-21 17:07:54")
    assert times_of(found["t1966"], here).first_reply is None


def test_resolution_is_from_the_opening_to_the_last_solution(shared_data: Path) -> None:
    found, here = tickets(shared_data)
    times = times_of(found["t11071"], here)
    assert times.resolution is not None
    assert times.resolution.calendar == seconds("2020-08-28 18:06:36", "2020-11-14 11:01:27")
    assert times.reopens == 0


def test_what_is_dated_before_the_opening_is_left_out(shared_data: Path) -> None:
    """The first status of ticket 11071 is seven hours older than the ticket."""
    found, here = tickets(shared_data)
    assert len(history(found["t11071"], here.settings.zone).misplaced) == 1


def test_the_customer_waits_while_it_is_new_open_or_on_hold(shared_data: Path) -> None:
    """Of 11071 by hand: pending from 29 August to 2 September, 5 to 15 September, 30 September to
    1 October, 20 October to 2 November.
    """
    found, here = tickets(shared_data)
    waits = [
        ("2020-08-28 18:06:36", "2020-08-29 11:01:27"),
        ("2020-09-02 11:01:27", "2020-09-05 11:01:27"),
        ("2020-09-15 11:01:27", "2020-09-30 11:01:27"),
        ("2020-10-01 11:01:27", "2020-10-20 11:01:27"),
        ("2020-11-02 11:01:27", "2020-11-14 11:01:27"),
    ]
    times = times_of(found["t11071"], here)
    assert times.wait == sum(seconds(*each) for each in waits)

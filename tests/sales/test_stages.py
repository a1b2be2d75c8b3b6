from __future__ import annotations

from datetime import date

import pytest

from plaincrm.core.records.edits import AddEntry, DeleteField, Edit, SetField, apply
from plaincrm.errors import Refused, UsageError
from plaincrm.sales import stages
from tests.contexts import deal

SALESFORCE = 'pipelines: {default: {Prospecting: {}, "Closed Won": {status: won}, Id. Makers: {}}}'


def entries(edits: list[Edit]) -> list[str]:
    return [f"{edit.entry.type}: {edit.entry.text}" for edit in edits if isinstance(edit, AddEntry)]


def test_a_move_writes_the_stage_and_its_log_entry() -> None:
    record, context = deal("name: A\nstage: lead")
    edits = stages.move(record, "PROPOSAL", context)
    assert edits[0] == SetField("stage", "proposal")
    assert entries(edits) == ["stage: lead -> proposal"]


def test_the_unwritten_first_stage_is_named_in_the_log() -> None:
    record, context = deal("name: A")
    assert entries(stages.move(record, "proposal", context)) == ["stage: lead -> proposal"]


def test_the_file_reads_back_as_moved() -> None:
    text = "---\nname: A  # kept\nclose_date: 2026-12-01\n---\nWords.\n"
    record, context = deal(text)
    after = apply(text, stages.win(record, context), record.kind.order)
    moved, context = deal(after)
    assert context.fact(moved, "is:won")
    assert context.fact(moved, "ended") == date(2026, 11, 21)
    assert context.fact(moved, "last_stage_change") == date(2026, 11, 21)
    assert "name: A  # kept\n" in after
    assert moved.text("close_date") == "2026-12-01"


def test_names_with_spaces_are_found_without_case_and_with_hyphens() -> None:
    record, context = deal("name: A", settings=SALESFORCE)
    for word in ("Closed Won", "closed won", "closed-won", "CLOSED_WON"):
        assert stages.find(word, record, context).name == "Closed Won"
    assert stages.win(record, context)[0] == SetField("stage", "Closed Won")


def test_an_unknown_stage_is_refused_with_the_list_and_the_nearest() -> None:
    record, context = deal("name: A")
    with pytest.raises(Refused, match='no stage "propsal"') as refused:
        stages.move(record, "propsal", context)
    assert refused.value.hint.startswith('did you mean "proposal"?')
    assert "negotiation" in refused.value.hint


def test_an_unknown_pipeline_and_a_role_without_a_stage_are_refused() -> None:
    record, context = deal("name: A\npipeline: gone")
    with pytest.raises(Refused, match="unknown pipeline"):
        stages.move(record, "lead", context)
    record, context = deal("name: A", settings=SALESFORCE)
    with pytest.raises(Refused, match="no stage that means lost"):
        stages.lose(record, context)


def test_losing_keeps_the_reason_and_reopening_takes_it_away() -> None:
    record, context = deal("name: A\nstage: proposal")
    edits = stages.lose(record, context, "price")
    assert SetField("lost_reason", "price") in edits
    assert SetField("closed", "2026-11-21") in edits
    record, context = deal("name: A\nstage: lost\nclosed: 2026-11-01\nlost_reason: price")
    edits = stages.move(record, "proposal", context)
    assert DeleteField("closed") in edits
    assert DeleteField("lost_reason") in edits


def test_parking_until_a_day_sets_the_next_action() -> None:
    record, context = deal("name: A\nnext: 2026-11-22 Ask again")
    edits = stages.move(record, "parked", context, until=date(2027, 1, 7))
    assert SetField("next", "2027-01-07 Ask again") in edits
    record, context = deal("name: A\nstage: parked")
    assert stages.move(record, "parked", context, until=date(2027, 1, 7)) == [
        SetField("next", "2027-01-07 Take it up again")
    ]


def test_extras_that_do_not_fit_the_stage_are_refused() -> None:
    record, context = deal("name: A")
    with pytest.raises(UsageError, match="no parking stage"):
        stages.move(record, "proposal", context, until=date(2027, 1, 7))
    with pytest.raises(UsageError, match="does not mean lost"):
        stages.move(record, "won", context, reason="price")


def test_a_move_to_where_it_is_writes_nothing() -> None:
    record, context = deal("name: A\nstage: Lead")
    assert stages.move(record, "lead", context) == []


def test_the_entry_has_the_time_unless_the_day_is_pinned() -> None:
    record, context = deal("name: A", today="2026-11-21T14:30:12+01:00")
    (entry,) = [
        edit.entry for edit in stages.move(record, "won", context) if isinstance(edit, AddEntry)
    ]
    assert (entry.date, str(entry.time)) == (date(2026, 11, 21), "14:30:00")
    record, context = deal("name: A", today="2026-11-21")
    (entry,) = [
        edit.entry for edit in stages.move(record, "won", context) if isinstance(edit, AddEntry)
    ]
    assert entry.time is None

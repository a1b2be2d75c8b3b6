"""Order of words is forgiving where nothing is ambiguous, and what is missing is told with a line
to type.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.writes import changed_lines, commits, read
from tests.conftest import Crm


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["log", "kari-berg", "Rang her up"], "+- 2026-11-21 12:00 note: Rang her up"),
        (["log", "call", "kari-berg", "Hello"], "+- 2026-11-21 12:00 call: Hello"),
        (["note", "kari-berg", "Hello"], "+- 2026-11-21 12:00 note: Hello"),
        (["task", "kari-berg", "Ring up", "fri"], "+- [ ] Ring up due:2026-11-27"),
    ],
)
def test_a_line_means_what_it_can_only_mean(
    crm: Crm, studio: Path, words: list[str], line: str
) -> None:
    ran = crm(*words)
    assert ran.code == 0, ran.err
    assert line in changed_lines(studio)


def test_a_segment_of_contacts_needs_no_kind(crm: Crm, studio: Path) -> None:
    assert crm("segment", "save", "vips", "+vip").code == 0
    assert "kind: contact" in read(studio, "segments/vips.yaml")
    assert crm("segment", "save", "open-deals", "deals", "is:open").code == 0
    assert "kind: deal" in read(studio, "segments/open-deals.yaml")


def test_a_ticket_takes_fields_as_add_does(crm: Crm, studio: Path) -> None:
    ran = crm("ticket", "open", "Where is it", "contact=kari-berg", "priority=high")
    assert ran.code == 0, ran.err
    text = read(studio, f"tickets/{ran.out.strip().removeprefix('ticket/')}.md")
    assert "subject: Where is it\n" in text
    assert "priority: high\n" in text


def test_a_template_may_stand_behind_the_person(crm: Crm) -> None:
    assert crm("email", "kari-berg", "follow-up").out == crm("email", "follow-up", "kari-berg").out


def test_a_pipeline_is_named_by_its_word(crm: Crm) -> None:
    assert (
        crm("pipeline", "default", "--json").json
        == crm("pipeline", "--pipeline", "default", "--json").json
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "Ada"], '"Ada" is no kind; plaincrm add contact Ada'),
        (["add", "Ada B", "city=Oslo"], "plaincrm add contact 'Ada B' city=Oslo"),
        (["add", "contact"], 'a contact needs a name; plaincrm add contact "NAME"'),
        (["add", "contcat", "Ada"], "did you mean"),
        (["snooze", "c2e"], "snooze takes HANDLE… DATE; such as plaincrm snooze c5f mon"),
        (["move", "x"], "move takes DEAL STAGE; such as plaincrm move"),
        (["ticket", "opne"], 'ticket has no "opne"; did you mean "open"?'),
        (["ada"], "plaincrm find ada searches all text"),
        (["segment", "save", "x", "deals"], "plaincrm segment save x deals"),
        (["log", "kari-berg", "hello"], "quotes make a note of a text"),
        (["move", "x", "lost", "--reason", "price"], "plaincrm lose has it"),
    ],
)
def test_a_mistake_names_the_line_to_type(
    crm: Crm, studio: Path, words: list[str], said: str
) -> None:
    before = commits(studio)
    ran = crm(*words)
    assert ran.code == 2 or words[0] == "log"
    assert said in ran.err
    assert commits(studio) == before

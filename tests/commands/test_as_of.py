"""`--as-of DATE`: every reading command answers as it did in the book of that day."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.test_list import past
from tests.conftest import Crm, git

DAY = "2026-06-01"
READING = [
    ["list", "deals"],
    ["list", "contacts", "--columns", "id,last_touch,deals.count"],
    ["list", "tasks"],
    ["list", "log", "type:stage"],
    ["list", "deals", "stage:lead", "--ids"],
    ["show", "fjord-website-2027"],
    ["show", "ola-nordmann", "--brief"],
    ["find", "website"],
    ["pipeline"],
    ["pipeline", "--board"],
    ["pipeline", "--by", "company"],
    ["forecast", "--by", "quarter", "--json"],
    ["score", "--why"],
    ["invoice", "list", "--all"],
    ["report", "sales", "--why"],
    ["report", "money", "--json"],
    ["report", "customers"],
    ["report", "funnel", "--json"],
    ["report", "sources", "--why"],
    ["report", "products"],
    ["report", "activity"],
    ["report", "hygiene"],
    ["report", "closing"],
    ["report", "forecast-accuracy"],
    ["report", "workshops"],
    ["report", "health", "--json"],
    ["dashboard", "--json"],
    ["today"],
    ["agenda"],
    ["segment", "list"],
    ["segment", "show", "quiet-customers"],
    ["export", "csv", "deals"],
    ["export", "json"],
    ["ticket", "list"],
    ["report", "support", "--json"],
    ["sla", "explain", "favicon-old-z2c7"],
    ["kb", "search", "logo"],
    ["kb", "suggest", "favicon-old-z2c7", "--json"],
    ["kb", "gaps", "--count"],
    ["sql", "select id, stage from deals order by id"],
    ["check"],
    ["conflicts", "--count"],
    ["dedupe", "--threshold", "1", "--csv"],
    ["schema"],
    ["template", "list"],
    ["template", "show", "follow-up"],
    ["template", "check", "--count"],
    ["sequence", "list"],
    ["sequence", "show", "workshop", "--count"],
    ["sequence", "check", "--count"],
    ["sequence", "due", "--json"],
    ["sequence", "results", "workshop", "--json"],
    ["campaign", "list", "--count"],
    ["automation", "test", "ola-nordmann", "--count"],
]
# A campaign of today is not in the book of that day.
LATER_COMMANDS = {"history", "campaign show", "campaign results"}
LATER = {
    "contacts/new-person.md": (
        "---\nname: New Person\ncompany: fjord-ferries\ncreated: 2026-11-01\n---\nA website.\n"
    ),
    "deals/new-deal.md": (
        "---\nname: New deal\nstage: lead\nvalue: 12345 EUR\ncreated: 2026-11-01\n---\n"
    ),
    "tickets/new-ticket.md": "---\nsubject: New ticket\nopened: 2026-11-01\n---\n",
    "segments/new-segment.yaml": "query: contacts\nkind: contact\n",
}


@pytest.fixture
def then(studio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example book gets a past, in which a deal was a lead and some files were not there; a
    copy as of then.
    """
    past(studio, monkeypatch)
    for path, text in LATER.items():
        (studio / path).write_text(text)
    (studio / "contacts" / "kari-berg.md").unlink()
    git(studio, "add", "-A")
    git(studio, "commit", "-q", "-m", "Later")
    (studio / "deals" / "fjord-website-2027.md").write_text(
        "---\nname: Not committed\nstage: won\n---\n"
    )
    git(tmp_path, "clone", "-q", str(studio), "then")
    git(tmp_path / "then", "reset", "-q", "--hard", "HEAD~2")
    return tmp_path / "then"


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_it_is_what_the_book_of_that_day_said(crm: Crm, then: Path, words: list[str]) -> None:
    told = crm(*words, "--as-of", DAY)
    there = crm("--today", f"{DAY}T23:59:59", *words, cwd=then)
    assert (told.code, told.out) == (there.code, there.out)
    assert told.code in (0, 1) and told.out
    assert (
        "New deal" not in told.out
        and "ew ticket" not in told.out
        and "Not committed" not in told.out
    )


def test_these_are_all_the_commands_that_have_the_option() -> None:
    import click

    from plaincrm.cli import COMMANDS, plaincrm

    found = set()
    for word in COMMANDS:
        command = plaincrm.get_command(click.Context(plaincrm), word)
        below = command.commands.items() if isinstance(command, click.Group) else [("", command)]
        for name, each in below:
            if each is not None and any("--as-of" in param.opts for param in each.params):
                found.add(f"{word} {name}".strip())
    assert {
        each
        for each in found - LATER_COMMANDS
        if not any(" ".join(words).startswith(each) for words in READING)
    } == set()
    assert {
        "list",
        "show",
        "find",
        "pipeline",
        "forecast",
        "score",
        "invoice list",
        "report",
        "today",
        "agenda",
        "segment list",
        "export",
        "ticket list",
    } <= found


def test_history_as_of_a_day_ends_with_it(crm: Crm, studio: Path) -> None:
    deal = studio / "deals" / "fjord-website-2027.md"
    deal.write_text(deal.read_text("utf-8").replace("stage: proposal", "stage: lead"), "utf-8")
    git(studio, "commit", "-qam", "Earlier", "--date", f"{DAY}T12:00:00+0000")
    then = crm("history", "fjord-website-2027", "--as-of", DAY, "--json").json["results"]
    assert [(each["field"], each["to"]) for each in then] == [("stage", "lead")]

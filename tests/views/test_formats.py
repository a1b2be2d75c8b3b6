"""The table of formats: one entry, and every reading command has it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from plaincrm.cli import COMMANDS, plaincrm
from plaincrm.views.formats import FORMATS, Format, register
from plaincrm.views.layout import Layout
from plaincrm.views.rows import Rows
from tests.conftest import Crm, git

# Every reading command, as it is typed, with an answer that has lines.
READING = [
    ["agenda"],
    ["automation", "list"],
    ["automation", "test", "fjord-website-2027"],
    ["blame", "ola-nordmann"],
    ["campaign", "list"],
    ["campaign", "results", "winter-letter-2026"],
    ["campaign", "show", "winter-letter-2026"],
    ["check", "--style"],
    ["conflicts"],
    ["dedupe", "--threshold", "1"],
    ["dashboard"],
    ["doctor"],
    ["find", "website"],
    ["forecast"],
    ["history"],
    ["invoice", "list"],
    ["kb", "gaps"],
    ["kb", "search", "font"],
    ["kb", "suggest", "login-broken-k7m2"],
    ["list", "deals"],
    ["list", "tasks"],
    ["list", "log"],
    ["outbox", "list"],
    ["pipeline"],
    ["pipeline", "--board"],
    ["report", "sales"],
    ["schema"],
    ["schema", "deal"],
    ["score"],
    ["segment", "list"],
    ["segment", "show", "newsletter"],
    ["sequence", "check"],
    ["sequence", "due"],
    ["sequence", "list"],
    ["sequence", "results", "onboarding"],
    ["sequence", "show", "onboarding"],
    ["show", "ola-nordmann"],
    ["show", "ola-nordmann", "--timeline"],
    ["sla", "explain", "login-broken-k7m2"],
    ["sql", "SELECT id, name FROM contacts"],
    ["template", "check"],
    ["template", "list"],
    ["template", "show", "follow-up"],
    ["ticket", "list"],
    ["today"],
]
WORDS = {tuple(word for word in words if word.isalpha())[:2] for words in READING}
OPTIONS = {
    "--json",
    "--jsonl",
    "--csv",
    "--tsv",
    "--md",
    "--ids",
    "--paths",
    "-0",
    "--template",
    "--columns",
    "--sort",
    "--limit",
    "--count",
    "--as-of",
}
# What these read lies in no commit: this machine, and the outbox, which git ignores; or it is all
# the commits already.
WITHOUT_A_PAST = {"automation list", "blame", "doctor", "outbox list"}
# One page that no column, order or number of lines can change.
WHOLE = {"sla explain": {"-0", "--limit", "--columns", "--sort"}}
# Lines that are about no record and no file.
NAMELESS = {
    "automation",
    "campaign",
    "dashboard",
    "doctor",
    "kb",
    "schema",
    "sequence",
    "sla",
    "sql",
    "template",
}
# Their lines are called by names and not by kind/id: `@newsletter`, `follow-up`.
NAMED = {"segment", "template"}
# The example book has nothing here that would be a line.
EMPTY = {"automation", "campaign", "kb", "sequence", "template"}


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(plaincrm)
    for word in COMMANDS:
        command = plaincrm.get_command(context, word)
        if isinstance(command, click.Group):
            for name, each in command.commands.items():
                yield f"{word} {name}", each
        elif command is not None:
            yield word, command


def options(command: click.Command) -> set[str]:
    return {word for param in command.params for word in param.opts}


@pytest.fixture
def contested(studio: Path) -> None:
    """A book in which every listing has a line: a contested field, a draft."""
    (studio / "contacts" / "ola-nordmann.md").write_text(
        "---\nname: Ola Nordmann\nemail: ola@fjord.example\njob: Boss\n_conflicts:\n"
        "  job:\n    values: [Head]\n---\n"
    )
    git(studio, "commit", "-qam", "A contested field")


def test_every_command_that_reads_has_all_reading_options() -> None:
    found = {word: options(command) for word, command in commands()}
    reading = {word for word, there in found.items() if "--tsv" in there}
    assert {" ".join(words) for words in WORDS if " ".join(words) in found} <= reading
    for word in reading:
        wanted = OPTIONS - ({"--as-of"} if word in WITHOUT_A_PAST else set())
        wanted -= WHOLE.get(word, set())
        assert wanted <= found[word], word


def test_every_reading_command_is_tried_here() -> None:
    reading = {word for word, command in commands() if "--tsv" in options(command)}
    tried = {" ".join(words) for words in READING}
    assert {word for word in reading if not any(each.startswith(word) for each in tried)} == set()


@pytest.mark.usefixtures("contested")
@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_every_reading_command_writes_every_format(crm: Crm, words: list[str]) -> None:
    if words[0] == "outbox":
        assert crm("email", "follow-up", "kari-berg", "--outbox").code == 0
    for name in ("json", "jsonl", "csv", "tsv", "md", "count"):
        ran = crm(*words, f"--{name}")
        assert ran.code in (0, 1) and (ran.out or words[0] in EMPTY), (name, ran.err)
    whole = crm(*words, "--json").json
    assert whole["schemaVersion"] == 1 and isinstance(whole["results"], list)
    lines = crm(*words, "--jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == whole["results"]
    for name in ("ids", "paths"):
        ran = crm(*words, f"--{name}")
        assert ran.code in (0, 1) or (ran.code == 2 and words[0] in NAMELESS), ran.err
        assert words[0] in NAMED or all("/" in line for line in ran.out.splitlines())


def test_columns_order_and_number_of_lines_that_no_query_finds(crm: Crm) -> None:
    table = crm("segment", "list", "--columns", "count,name", "--sort", "-count", "--csv").out
    header, *lines = table.splitlines()
    counts = [int(line.split(",")[0]) for line in lines]
    assert header == "count,name" and counts == sorted(counts, reverse=True)
    assert crm("segment", "list", "--limit", "1", "--csv").out.count("\n") == 2
    refused = crm("segment", "list", "--sort", "kount")
    assert refused.code == 2 and 'did you mean "count"?' in refused.err


@pytest.fixture
def shouted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new format, registered in one place; the commands are loaded anew, as in a new run."""

    def shout(rows: Rows, layout: Layout) -> str:
        return f"{len(rows.records)} {rows.kind.upper()}{layout.argument}\n"

    monkeypatch.setattr("plaincrm.views.formats.FORMATS", FORMATS)
    monkeypatch.setitem(FORMATS, "shout", Format("shout", "Loud.", shout, takes="MARK"))
    for name in [name for name in sys.modules if name.startswith("plaincrm.commands.")]:
        monkeypatch.delitem(sys.modules, name)


@pytest.mark.usefixtures("shouted", "contested")
@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_new_format_is_in_every_reading_command(crm: Crm, words: list[str]) -> None:
    assert "--shout MARK" in crm(*[word for word in words if word.isalpha()][:2], "--help").out
    ran = crm(*words, "--shout", "!")
    assert ran.code in (0, 1), ran.err
    assert ran.out.endswith("!\n") and ran.out == ran.out.upper()


def test_registering_puts_it_into_the_table() -> None:
    each = Format("probe", "A probe.", lambda *_: "")
    register(each)
    try:
        assert FORMATS["probe"] is each
    finally:
        del FORMATS["probe"]

"""The library: docs/library.md at work, and an action for every command that writes."""

from __future__ import annotations

import ast
import inspect
import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest

from plaincrm.cli import COMMANDS
from plaincrm.crm.book import Book
from tests.conftest import git

PAGE = Path(__file__).parents[1] / "docs" / "library.md"
ACTIONS = {
    "add": ["crm.actions.add.add"],
    "edit": ["crm.actions.edit.rewrite"],
    "set": ["crm.actions.set.set_fields"],
    "log": ["crm.actions.log.log_entry"],
    "task add": ["crm.actions.task.add_task"],
    "done": ["crm.actions.task.done"],
    "snooze": ["crm.actions.task.snooze"],
    "move": ["crm.actions.move.move"],
    "win": ["crm.actions.move.win"],
    "lose": ["crm.actions.move.lose"],
    "invoice add": ["crm.actions.invoice.invoice"],
    "invoice paid": ["crm.actions.invoice.pay"],
    "segment save": ["crm.actions.segment.save"],
    "segment rm": ["crm.actions.segment.remove"],
    "segment snapshot": ["crm.actions.segment.snapshot"],
    "email": [
        "crm.actions.email.audience",
        "crm.actions.email.render",
        "crm.mailing.write.to_outbox",
        "crm.mailing.write.to_file",
        "crm.mailing.write.to_maildir",
        "crm.mailing.write.to_csv",
    ],
    "outbox sent": ["crm.mailing.mark_sent.sent"],
    "outbox send": ["crm.mailing.deliver.Sender"],
    "outbox drop": ["crm.mailing.mark_sent.drop"],
    "ticket open": ["crm.actions.ticket.opened"],
    "ticket reply": ["crm.actions.ticket.replied"],
    "ticket note": ["crm.actions.ticket.noted"],
    "ticket solve": ["crm.actions.ticket.solved"],
    "ticket reopen": ["crm.actions.ticket.reopened"],
    "ticket assign": ["crm.actions.ticket.assigned"],
    "ticket link": ["crm.actions.ticket.linked"],
    "ticket merge": ["crm.actions.ticket.merged"],
    "ticket split": ["crm.actions.ticket.split"],
    "sequence enrol": ["crm.actions.sequence.enrol"],
    "sequence leave": ["crm.actions.sequence.leave"],
    "sequence due": ["crm.mailing.steps.StepWriter"],
    "campaign new": ["crm.actions.campaign.new"],
    "campaign write": ["crm.actions.campaign.written"],
    "campaign visits": ["crm.actions.campaign.visited"],
    "template copy": ["crm.actions.template.copy"],
    "template edit": ["crm.actions.template.edited"],
    "automation run": ["crm.actions.automation.run"],
    "check": ["crm.checking.fix.fix"],
    "rename": ["crm.actions.rename.rename"],
    "dedupe": ["crm.duplicates.exclusions.keep_apart"],
    "merge": ["crm.duplicates.merge.merge"],
    "rm": ["crm.actions.rename.remove"],
    "privacy forget": ["crm.privacy.forget.forget"],
    "undo": ["crm.history.undo.take_back"],
    "redo": ["crm.history.undo.put_back"],
    "resolve": ["crm.actions.resolve.resolve"],
    "import": ["crm.importing.run.run", "crm.importing.inbox.take"],
    # these write without the writing options: there is no dry run of a sync
    "sync": ["crm.actions.sync.sync"],
    "commit": ["crm.actions.commit.commit"],
    "config": ["crm.actions.config.rewrite"],
    "init": ["book.create.start", "book.create.start_example"],
    "adopt": ["book.create.adopt"],
    "clone": ["book.git.clone.clone"],
}
# Commands with a dry run that change no book: what they write is not the library's to offer.
NO_BOOK = {"completion", "schedule install", "schedule remove"}


def blocks(page: str) -> Iterator[str]:
    yield from re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def shown(block: str) -> str:
    return "".join(f"{line[5:]}\n" for line in block.splitlines() if line.startswith("# => "))


def test_the_page_prints_what_it_shows(studio: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its blocks, one after the other, in one script."""
    names: dict[str, Any] = {}

    def opened(_: str) -> Book:
        return Book(studio, lambda zone: datetime(2026, 11, 21, 12, tzinfo=zone))

    monkeypatch.setattr(Book, "open", opened)
    printed = []
    for block in blocks(PAGE.read_text("utf-8")):
        out = io.StringIO()
        with redirect_stdout(out):
            exec(compile(block, PAGE.name, "exec"), names)
        printed.append((out.getvalue(), shown(block)))
    assert [said for said, _ in printed] == [wanted for _, wanted in printed]
    assert git(studio, "log", "--format=%s", "-3").splitlines() == [
        "Import 1 contact from people.csv",
        "Log call contact/ola-nordmann: Likes the blue",
        "Won the web site",
    ]
    assert git(studio, "status", "--porcelain") == ""


def writing_commands() -> Iterator[str]:
    """The words of every command, and of every command of a group, that has a dry run."""
    for word in COMMANDS:
        command = import_module(f"plaincrm.commands.{word}").command
        group = command.commands if isinstance(command, click.Group) else {"": command}
        for name, each in group.items():
            if any(option.name == "dry_run" for option in each.params):
                yield f"{word} {name}".strip()


def test_every_writing_command_has_an_action() -> None:
    assert set(writing_commands()) - NO_BOOK <= set(ACTIONS)
    assert {word.partition(" ")[0] for word in ACTIONS} <= set(COMMANDS)


@pytest.mark.parametrize("word", sorted(ACTIONS))
def test_an_action_is_typed_and_knows_no_command_line(word: str) -> None:
    for path in ACTIONS[word]:
        module, _, name = path.rpartition(".")
        action = getattr(import_module(f"plaincrm.{module}"), name)
        source = Path(inspect.getfile(action)).read_text("utf-8")
        imported = {
            name
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in [getattr(node, "module", "") or "", *(each.name for each in node.names)]
        }
        assert not {name for name in imported if name.startswith(("click", "plaincrm.commands"))}
        signature = inspect.signature(action)
        annotations = [each.annotation for each in signature.parameters.values()]
        assert inspect.Parameter.empty not in annotations
        assert inspect.getdoc(action)


@pytest.mark.parametrize("word", sorted(ACTIONS))
def test_the_page_names_every_action(word: str) -> None:
    table = PAGE.read_text("utf-8").partition("| call |")[2]
    for path in ACTIONS[word]:
        name = path.rpartition(".")[2]
        if not path.startswith(("crm.mailing.write.", "book.create.start_example")):
            assert f"{name}`" in table, f"{path} is not in the table of docs/library.md"


def test_no_command_reads_what_another_prints() -> None:
    """A command calls an action. `watch`, `demo` and `today -i` run others for a person to look at,
    and show what they print as it is.
    """
    for path in (Path(__file__).parents[1] / "plaincrm" / "commands").glob("*.py"):
        text = path.read_text("utf-8")
        assert "json.loads" not in text, path.name
        if path.stem not in ("watch", "demo", "_review"):
            assert ".make_context(" not in text, path.name

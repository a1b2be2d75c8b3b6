"""The table of commands, the global options, and the one error door.

`--help`, `--version` and completion import click and this file only: a command's module is imported
when the command runs, and `COMMANDS` holds the one-line help in its stead.
"""

from __future__ import annotations

import errno
import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

import click

from plaincrm import __version__
from plaincrm.errors import Ambiguous, PlaincrmError, did_you_mean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from plaincrm.book.index.prefetch import PrefetchJobs

GROUPS: dict[str, dict[str, str]] = {
    "Every day": {
        "today": "What is due, overdue, going quiet or at risk, and the command for it",
        "agenda": "What lies ahead, day by day",
        "add": "A new record",
        "show": "Everything about one record",
        "list": "Records, tasks or log lines that a query selects",
        "find": "Full text over all records, best first",
        "edit": "A record in your editor",
        "set": "Set, add to, take from or delete fields; in bulk with --where",
        "log": "Write a log entry: a call, a meeting, a note",
        "task": "Add a task to a record",
        "done": "Tick off what today listed",
        "snooze": "Put it off to another day",
    },
    "Sales": {
        "pipeline": "Deals by stage: count, value, weighted, rotting",
        "dashboard": "The book on one page, for a browser or here",
        "move": "Move a deal to another stage",
        "win": "Mark a deal as won",
        "lose": "Mark a deal as lost",
        "forecast": "What is won and what may still come, by month, against goals",
        "score": "Records by the points of your rules; open deals by what was learned",
        "invoice": "The next invoice; what is unpaid, what was paid",
        "document": "A quote, an invoice, a contract: one record through a template",
        "report": "Sales, money, funnel, sources, customers: figures over a period",
    },
    "Outreach": {
        "segment": "Saved queries",
        "email": "Render an e-mail template for people, to look at or to write",
        "outbox": "E-mails that wait for you to send them",
        "template": "E-mail templates and the variables they need",
        "sequence": "Mails and tasks that follow each other at set intervals",
        "campaign": "A mailing to a segment: dry run, drafts, results with n and intervals",
    },
    "Support": {
        "ticket": "Open, answer, solve and reopen tickets",
        "sla": "What was promised for a ticket, and whether it was kept",
        "kb": "Search the knowledge base; what it does not know",
    },
    "The book": {
        "init": "Make a book",
        "adopt": "Make a book of a folder of Markdown notes",
        "demo": "A tour of the example book",
        "check": "Every problem in every file",
        "rename": "A new name; all links follow",
        "dedupe": "Likely duplicates, with reasons",
        "merge": "Make a duplicate part of another record",
        "rm": "Delete a record; its links go too",
        "privacy": "All that is held on somebody; forget them for good",
        "history": "Changes of a record, from git",
        "blame": "Who set each field of a record, and when",
        "commit": "Take what you edited by hand into the history",
        "undo": "Take back the last command",
        "redo": "Take back the last undo",
        "sync": "Fetch, merge field by field, push",
        "clone": "Bring a book to this machine",
        "backup": "The book with its history in one file, proved by restoring it",
        "conflicts": "What syncs could not decide",
        "resolve": "Decide what a sync could not",
        "import": "Read contacts, deals, mail, calendars and more from files, or from inbox/",
        "export": "Write records for other programs, or to read them back",
        "sql": "Ask the book in SQL",
        "automation": "The book's own rules: what they do, did and would do",
        "mcp": "The book for a program: the Model Context Protocol over stdio",
        "schedule": "What the system starts every day: notification, rules, sync",
        "watch": "A view that follows the files as they are saved",
        "schema": "The kinds and fields of this book",
        "config": "The settings of this book, in your editor",
        "doctor": "What this installation and this book look like",
        "completion": "Completion for bash, zsh and fish",
        "help": "The manual",
    },
}
# The words that write nothing, whatever follows them.
# What a machine may refuse at any file; other errors of the system are plaincrm's own fault.
_MACHINE = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.ENAMETOOLONG, errno.ELOOP}
)
_LOOKING = "today agenda show list find pipeline check history conflicts export sql schema doctor"
READING = (
    *_LOOKING.split(),
    "watch",
    "help",
    "dedupe",
    "segment",
    "template",
    "ticket",
    "sequence",
    "campaign",
)
COMMANDS = {word: line for group in GROUPS.values() for word, line in group.items()}
HIDDEN = {"merge-driver": "_merge_driver"}  # for git, not for people
EXAMPLES = """
Examples:
  plaincrm init ~/book --demo
  plaincrm list deals stage:proposal value:5000..
  plaincrm email follow-up --where "+newsletter no:unsubscribed" --outbox
"""


class CommandTable(click.Group):
    """The commands of `COMMANDS`, each imported when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS and name not in HIDDEN:
            return None
        command: click.Command = import_module(
            f"plaincrm.commands.{HIDDEN.get(name, name)}"
        ).command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Command words from the table; click would import every command to learn its help."""
        from click.shell_completion import CompletionItem

        options = click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(w, help=h) for w, h in COMMANDS.items() if w.startswith(incomplete)
        ] + options

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        known = not args or args[0] in (*COMMANDS, *HIDDEN) or args[0].startswith("-")
        if not known and not ctx.resilient_parsing:
            args = _meant(args)
        elif not known:  # a shell asks what may follow: `ls con` completes as `list con`
            with suppress(click.UsageError):
                args = _meant(args)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from plaincrm.commands._aliases import also

        for title, lines in GROUPS.items():
            with formatter.section(title):
                rows = [(word, _with_aliases(line, also(word))) for word, line in lines.items()]
                formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write(EXAMPLES)


def _with_aliases(line: str, words: Sequence[str]) -> str:
    return f"{line} (also: {', '.join(words)})" if words else line


def _meant(args: list[str]) -> list[str]:
    """The line that a first word that is no command stands for. Raises click.UsageError."""
    from plaincrm.book.config import own_aliases
    from plaincrm.commands._aliases import LINES, expanded

    meant = expanded(args, COMMANDS, own_aliases(os.environ))
    if meant is not None and meant[0] in COMMANDS:
        return meant
    word = args[0]
    if word in LINES:
        raise click.UsageError(f'no such command "{word}"; type {LINES[word]}')
    # A slip of the finger must not lead from a word that reads to one that writes.
    near = did_you_mean(word, READING, 0.7) or did_you_mean(word, COMMANDS, 0.85)
    found = f"plaincrm find {shlex.quote(word)} searches all text"
    listed = f"{found}, plaincrm --help lists the commands"
    raise click.UsageError(f'no such command "{word}"; {near or listed}')


def _hoisted(words: list[str]) -> list[str]:
    """The words with those global options in front that stand after the command."""
    front: list[str] = []
    rest: list[str] = []
    given = iter(words)
    for word in given:
        if word == "--":
            rest += [word, *given]
        elif word in ("--today", "--color"):
            front += [word, *(each for _, each in zip(range(1), given, strict=False))]
        elif word == "--debug" or word.startswith(("--today=", "--color=")):
            front.append(word)
        else:
            rest.append(word)
    return [*front, *rest]


@click.group(
    cls=CommandTable,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("-C", "book", metavar="DIR", type=click.Path(), help="The book's folder.")
@click.option("--today", metavar="DATE[THH:MM]", help="Answer as on that day.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour on a terminal.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of a bug.")
@click.version_option(__version__, prog_name="plaincrm", message="%(prog)s %(version)s")
@click.pass_context
def plaincrm(
    ctx: click.Context, book: str | None, today: str | None, color: str, debug: bool
) -> None:
    """A CRM for freelancers: a folder of Markdown files in git.

    Without a command, inside a book: plaincrm today.
    """
    from plaincrm.commands._app import App

    ctx.obj = App(book, today, color, ctx.obj)
    ctx.color = ctx.obj.color
    if ctx.invoked_subcommand is None:
        ctx.invoke(import_module("plaincrm.commands.today").command)


def main(args: Sequence[str] | None = None) -> None:
    """Run the program and exit with the code that docs/commands.md fixes."""
    words = list(sys.argv[1:] if args is None else args)
    sys.exit(run(words))


def run(words: list[str], prefetch_jobs: PrefetchJobs | None = None) -> int:
    """The one error door: run the program on `words` and give its exit code.

    `prefetch_jobs` are looking at the files already.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        # A file that is not UTF-8 must not stop an answer; JSON shows the escape instead.
        sys.stdout.reconfigure(errors="backslashreplace")
    if sys.stdout.isatty() or sys.stderr.isatty():
        from plaincrm.commands import _terminal

        _terminal.install()
    try:
        result = plaincrm.main(
            _hoisted(words), prog_name="plaincrm", standalone_mode=False, obj=prefetch_jobs
        )
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except PlaincrmError as error:
        return _tell(error, words)
    except click.ClickException as error:
        return _refused_by_click(error, words)
    except (click.Abort, KeyboardInterrupt):
        return _say(words, 130, "interrupted", "interrupted")
    except BrokenPipeError:
        return _without_reader()
    except SystemExit as ended:
        # click ends a completion so, and a command whose reader has left.
        return int(ended.code or 0) if "_PLAINCRM_COMPLETE" in os.environ else _without_reader()
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _disk_is_full(words)
        if "--debug" in words:
            raise
        return _bug(error, words)


def _refused_by_click(error: click.ClickException, words: list[str]) -> int:
    """Tell what click has against the words, with a hint where there is one."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return error.exit_code
    if isinstance(error, click.UsageError):
        from plaincrm.commands import _usage

        return _say(words, 2, "usage", *_usage.said(error, COMMANDS))
    return _say(words, error.exit_code, "failed", error.format_message())


def _bug(error: Exception, words: list[str]) -> int:
    """What nobody foresaw: a file that the machine refuses, else a bug."""
    if isinstance(error, OSError) and error.errno in _MACHINE and error.filename:
        reason = (error.strerror or "").lower()
        return _say(words, 1, "failed", f"can't use {os.fsdecode(error.filename)}: {reason}")
    hint = "plaincrm --debug … shows where; nothing that was already written is lost"
    return _say(words, 70, "bug", f"this is a bug: {type(error).__name__}: {error}", hint)


def _disk_is_full(words: list[str]) -> int:
    _without_reader()
    hint = "make room, then run the command again"
    return _say(words, 1, "failed", "no space left on the disk", hint)


def _without_reader() -> int:
    """Nobody reads on, or nothing more can be written: what Python still holds goes nowhere, and
    that is no failure.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _tell(error: PlaincrmError, words: list[str]) -> int:
    more = {"candidates": list(error.candidates)} if isinstance(error, Ambiguous) else {}
    return _say(words, error.exit_code, error.code, error.message, error.hint, **more)


def _named(words: list[str]) -> str:
    """The program's name before an error, in red where stderr takes colour."""
    from plaincrm.commands._app import App

    color = "auto"
    for place, word in enumerate(words):
        if word.startswith("--color="):
            color = word.removeprefix("--color=")
        elif word == "--color" and place + 1 < len(words):
            color = words[place + 1]
    return App(None, None, color).warned("plaincrm:", "bad")


def _say(
    words: list[str], exit_code: int, code: str, message: str, hint: str = "", **more: list[str]
) -> int:
    """One line on stderr (a JSON object with --json), if stderr takes it, and the exit code."""
    if "--json" in words or "--jsonl" in words:
        import json

        said = json.dumps(
            {"error": {"code": code, "message": message, "hint": hint or None, **more}}
        )
    else:
        from plaincrm.commands import _terminal
        from plaincrm.views.safe import line

        candidates = ", ".join(more.get("candidates", ()))
        said = f"{message.removesuffix(':')}: {candidates}" if candidates else message
        said = line(f"{said.removesuffix('.')}; {hint}" if hint else said)
        said = f"{_named(words)} {_terminal.fitted(said, 'plaincrm: ')}"
    with suppress(OSError):
        click.echo(said, err=True)
    return exit_code

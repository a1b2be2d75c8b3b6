"""The options that every writing command takes, and the way from edits to the disk.

A dry run prints the diff. More than one record: the count and samples, before and after, and a
question; with no terminal to ask on it refuses unless `-y`. It ends by naming the undo.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from plaincrm.commands._app import App
from plaincrm.commands._terminal import confirm
from plaincrm.errors import Overtaken, PlaincrmError

if TYPE_CHECKING:
    from plaincrm.crm.staged import Staged

F = TypeVar("F", bound=Callable[..., Any])
SAMPLES = 5


class WritingOptions:
    """What the writing options say."""

    def __init__(
        self, dry_run: bool = False, yes: bool = False, message: str = "", no_commit: bool = False
    ) -> None:
        self.dry_run, self.yes, self.message, self.no_commit = dry_run, yes, message, no_commit


def writing(function: F) -> F:
    """Add the writing options to a command; it gets them as one parameter, `mode`."""

    @wraps(function)
    def command(*args: Any, **options: Any) -> Any:
        names = ("dry_run", "yes", "message", "no_commit")
        values = [options.pop(name) for name in names]
        mode = WritingOptions(values[0], values[1], values[2] or "", values[3])
        try:
            return function(*args, mode=mode, **options)
        except Overtaken:
            app = click.get_current_context().find_object(App)
            if app is None or app.interactive or not _repeatable(options):
                raise
            return _again(app, lambda: function(*args, mode=mode, **options))

    for option in reversed(_OPTIONS):
        command = option(command)
    return command  # type: ignore[return-value]  # click keeps what it wraps


# Commands that work out the same edit from the same words, ask nobody and open no editor.
_REPEATABLE = {"set", "log", "add", "done", "move", "win", "lose", "snooze", "task", "import"}
_PATIENCE = 60.0  # seconds in which fifty writers of one record are all done


def _repeatable(options: Mapping[str, Any]) -> bool:
    """Whether the command may run once more: its words stand in its options, not in a stream that
    is read up. An import keeps what a pipe gave it."""
    context = click.get_current_context()
    known = not _REPEATABLE.isdisjoint(context.command_path.split())
    streams = any(
        value == "-" or (isinstance(value, tuple) and "-" in value) for value in options.values()
    )
    kept = context.info_name == "import"
    return known and (kept or not streams) and not options.get("edit")


def _again(app: App, run: Callable[[], Any]) -> Any:
    """Run the command once more, with nobody else writing: another plaincrm was faster."""
    from plaincrm.book.lock import writing as lock

    with lock(app.book.private, _PATIENCE):
        app.reopen()
        return run()


_OPTIONS = [
    click.option("-n", "--dry-run", is_flag=True, help="Show the diff, write nothing."),
    click.option("-y", "--yes", is_flag=True, help="Don't ask."),
    click.option("-m", "--message", metavar="TEXT", help="The commit's message."),
    click.option("--no-commit", is_flag=True, help="Write the files, leave git alone."),
]


def write(
    app: App, staged: Staged, mode: WritingOptions, said: str | None = None, *, records: int = 1
) -> bool:
    """Write what is `staged` as `mode` says, then tell its summary, or what is `said` instead.
    False after a dry run, or where nothing differs. More than one of `records` are asked about.
    """
    if mode.message:
        staged.change.retitle(mode.message)
    if not staged.files:
        app.say("nothing to change")
        return False
    app.tell(staged.ruled)
    if mode.dry_run:
        click.echo(app.shown(staged.diff()), nl=False)
        return False
    if records > 1:
        _confirm(app, staged, mode, records)
    written = staged.commit(no_commit=mode.no_commit)
    told = staged.summary if said is None else said
    if told:
        app.say(told)
    app.tell(staged.after)
    if app.book.git is None:
        app.say(f"no git here, so no history and no undo; {_begin_git()}")
    if records > 1:
        undo = "; plaincrm undo takes it back" if written.commit else ""
        app.say(f"{records} records changed{undo}")
    return True


def _begin_git() -> str:
    from plaincrm.book.git.client import Git

    begun = "git init in the book's folder begins them"
    return begun if Git.available() else f"git is not installed; once it is, {begun}"


def write_shown(app: App, staged: Staged, mode: WritingOptions, question: str) -> None:
    """Write what undo or redo staged: the diff first, and on a terminal a question. The message
    stands already.
    """
    if staged.files and not mode.dry_run:
        app.say(staged.diff().rstrip("\n"))
        if app.interactive and not mode.yes and not confirm(question):
            raise PlaincrmError("nothing changed")
    write(app, staged, WritingOptions(mode.dry_run, True, "", mode.no_commit))


def _confirm(app: App, staged: Staged, mode: WritingOptions, records: int) -> None:
    if mode.yes:
        return
    app.say(f"{records} records change, such as\n{_samples(staged)}")
    if not app.interactive:
        refused = f"{records} records would change, and there is nobody to ask"
        raise PlaincrmError(refused, "-y says yes, -n shows the diff")
    if not confirm("Write them?"):
        raise PlaincrmError("nothing written")


def _samples(staged: Staged) -> str:
    """The lines before and after, of the first few files."""
    lines = staged.diff().splitlines()
    shown = [line for line in lines if line[:1] in "+-" and line[:3] != "+++"]
    starts = [n for n, line in enumerate(shown) if line[:4] == "--- "]
    end = starts[SAMPLES] if len(starts) > SAMPLES else len(shown)
    paths = iter(file.path for file in staged.files)
    return "\n".join(next(paths) if line[:4] == "--- " else f"  {line}" for line in shown[:end])


def is_assignment(word: str) -> bool:
    from plaincrm.crm.assignments import is_assignment

    return is_assignment(word)


def assignments(words: Sequence[str]) -> list[tuple[str, str, str]]:
    """`field=value` and the like as (field, operator, value). Raises UsageError."""
    from plaincrm.crm.assignments import parsed

    return parsed(words)

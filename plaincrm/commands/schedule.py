"""`plaincrm schedule`: what the system starts every day."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.book.schedule import Recipe, Scheduler

F = TypeVar("F", bound=Callable[..., Any])
_BY = ("systemd", "launchd", "cron")
_JOBS = ("notify", "rules", "sync")
EPILOG = """\b
Examples:
  plaincrm schedule install
  plaincrm schedule show
  plaincrm schedule remove
"""
INSTALL = """\b
Examples:
  plaincrm schedule install
  plaincrm schedule install --at 07:30 --job notify --job sync
  plaincrm schedule install --by cron --dry-run
"""
_by = click.option("--by", type=click.Choice(_BY), help="Else what this system has.")


@click.group("schedule", epilog=EPILOG)
def command() -> None:
    """What the system starts every day: a notification of what is due, rules, a sync.

    It is a timer of systemd, an agent of launchd, or a line of cron, yours alone, for this book.
    """


@command.command("install", epilog=INSTALL)
@_by
@click.option("--at", default="08:00", show_default=True, metavar="HH:MM", help="When.")
@click.option(
    "--job",
    "jobs",
    type=click.Choice(_JOBS),
    multiple=True,
    default=("notify", "rules"),
    show_default=True,
    help="What: may be given several times.",
)
@click.option("-n", "--dry-run", is_flag=True, help="Show what would be written.")
@pass_app
def install(app: App, by: str | None, at: str, jobs: tuple[str, ...], dry_run: bool) -> None:
    """Write the recipe and begin it; an older one of this book is replaced."""
    from plaincrm.book.schedule import install as write
    from plaincrm.book.schedule import remove as take_out

    wanted = _recipe(app, by, at, jobs)
    if dry_run:
        click.echo(app.shown(wanted.text), nl=False)
        return
    if wanted.scheduler == "launchd":  # an agent for each job: fewer jobs leave none behind
        take_out(_recipe(app, by))
    write(wanted)
    app.say(f"{wanted.scheduler}: {', '.join(jobs)} every day at {at}; plaincrm schedule remove")


@command.command("show")
@_by
@pass_app
def show(app: App, by: str | None) -> None:
    """The recipe of this book as it stands."""
    from plaincrm.book.schedule import present

    found = present(_recipe(app, by))
    click.echo(app.shown(found), nl=False)
    if not found:
        app.say("nothing is scheduled; plaincrm schedule install")


@command.command("remove")
@_by
@pass_app
def remove(app: App, by: str | None) -> None:
    """Take the recipe of this book out again."""
    from plaincrm.book.schedule import remove as take_out

    gone = take_out(_recipe(app, by))
    app.say("taken out" if gone else "nothing is scheduled")


def _recipe(app: App, by: str | None, at: str = "08:00", jobs: tuple[str, ...] = _JOBS) -> Recipe:
    from datetime import time

    from plaincrm.book.schedule import recipe, usual

    try:
        moment = time.fromisoformat(at)
    except ValueError:
        raise UsageError(f"--at: {at} is no time of day", "write it as 07:30") from None
    scheduler = cast("Scheduler", by) if by else usual()
    return recipe(scheduler, app.root.resolve(), moment, jobs)

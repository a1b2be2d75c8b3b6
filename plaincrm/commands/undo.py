"""`plaincrm undo`: the last commands taken back."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._writing import WritingOptions, write_shown, writing

EPILOG = """\b
Examples:
  plaincrm undo --list
  plaincrm undo -n
  plaincrm undo --only 2
"""
LISTED = 10


@click.command("undo", epilog=EPILOG)
@click.argument("count", metavar="N", type=click.IntRange(1), default=1)
@click.option("--only", is_flag=True, help="Only the Nth of the list; those after it stay.")
@click.option("--list", "listing", is_flag=True, help="Show what could be taken back.")
@writing
@pass_app
def command(app: App, count: int, only: bool, listing: bool, mode: WritingOptions) -> None:
    """Take back plaincrm's last operation, or the last N, as a new commit; a second undo goes
    further back.

    Your own edits stay: in a file that changed since, only what the operation did is taken back,
    and where that can't be told apart nothing is. --only N goes past one that stands in the way.
    """
    from plaincrm.crm.history.undo import take_back

    if listing:
        return _list(app, max(count, LISTED))
    staged = take_back(app.book, count, mode.message, only=only)
    if not staged.files:
        app.say(f"what it did is gone already; plaincrm undo {count + 1} goes further back")
    write_shown(app, staged, mode, "Take it back?")
    return None


def _list(app: App, count: int) -> None:
    from plaincrm.crm.history.undo import operations

    found = operations(app.book, count)
    zone = app.book.settings.zone
    for number, commit in enumerate(found, 1):
        at = f"{commit.at.astimezone(zone):%Y-%m-%d %H:%M}"
        click.echo(app.shown(f"{number:>3}  {at}  {commit.id[:8]}  {commit.subject}"))
    if not found:
        app.say("nothing to undo")

"""`plaincrm done`: what today listed is dealt with."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._words import HandleWord
from plaincrm.commands._writing import WritingOptions, write, writing

EPILOG = """\b
Examples:
  plaincrm done 8kj
  plaincrm done c5f rqp -m "Cleared the desk"
  plaincrm done z02 --next "+1w Ask whether the hours are right"
"""


@click.command("done", epilog=EPILOG)
@click.argument("handles", metavar="HANDLE...", type=HandleWord(), nargs=-1, required=True)
@click.option(
    "--next", "next_step", metavar='"DATE TEXT"', default="", help="The next step it leaves."
)
@writing
@pass_app
def command(app: App, handles: tuple[str, ...], next_step: str, mode: WritingOptions) -> None:
    """Tick off what `plaincrm today` or `plaincrm list tasks` listed, by the short codes on its
    lines.

    A task that recurs moves on to its next date; a next step is logged and taken away; a cadence is
    logged as a message. What only another command can deal with is refused, and the command named.
    """
    from plaincrm.crm.actions.task import done as deal

    staged = deal(app.book, handles, next_step)
    app.tell(staged.echo)
    write(app, staged, mode)

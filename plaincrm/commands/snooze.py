"""`plaincrm snooze`: a line of today, put off."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._words import HandleWord
from plaincrm.commands._writing import WritingOptions, write, writing

EPILOG = """\b
Examples:
  plaincrm snooze c5f mon
  plaincrm snooze rqp z02 +1w
  plaincrm snooze 8kj 2026-12-01 -n
"""


@click.command("snooze", epilog=EPILOG)
@click.argument("handles", metavar="HANDLE...", type=HandleWord(), nargs=-1, required=True)
@click.argument("until", metavar="DATE")
@writing
@pass_app
def command(app: App, handles: tuple[str, ...], until: str, mode: WritingOptions) -> None:
    """Put off what `plaincrm today` or `plaincrm list tasks` listed, by the short codes on its
    lines.

    The line is hidden until DATE, such as mon, +1w or 2026-12-01. The date of a next step moves; a
    task keeps its due date.
    """
    from plaincrm.crm.actions.task import snooze

    staged = snooze(app.book, handles, until)
    app.tell(staged.echo)
    write(app, staged, mode)

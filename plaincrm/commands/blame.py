"""`plaincrm blame`: who set each field, and when."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import ReadingOptions, arranged, reading_without, show
from plaincrm.commands._types import RefWord, find

EPILOG = """\b
Examples:
  plaincrm blame fjord-website-2027
  plaincrm blame ola-nordmann --sort -at
  plaincrm blame kari-berg --json
"""


@click.command("blame", epilog=EPILOG)
@click.argument("ref", type=RefWord())
@reading_without("as_of")
@pass_app
def command(app: App, ref: str, options: ReadingOptions) -> None:
    """The fields of a record, each with the day, the author and the commit of its value.

    What no commit holds yet says so. plaincrm history has all the changes before.
    """
    from plaincrm.crm.history.blame import blame
    from plaincrm.views.blame import rows

    show(app, arranged(rows(blame(app.book, find(app, ref))), options), options, app.book)

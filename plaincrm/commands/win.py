"""`plaincrm win`: a deal is won."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._types import RefWord
from plaincrm.commands._words import open_all
from plaincrm.commands._writing import WritingOptions, write, writing

EPILOG = """\b
Examples:
  plaincrm win okra-menu-design
  plaincrm win deal/fjord-website-2027 -n
  plaincrm win tidewater-rebrand -m "Tidewater signed"
"""


@click.command("win", epilog=EPILOG)
@click.argument("deal", type=RefWord("deal", "contact", "company"))
@writing
@pass_app
def command(app: App, deal: str, mode: WritingOptions) -> None:
    """Move a deal to the stage of its pipeline that means won, log it, and note the day as closed.

    DEAL may be a contact or company that has exactly one open deal.
    """
    from plaincrm.crm.actions.move import win

    staged = win(app.book, open_all(app, deal, "deal", writes=True))
    write(app, staged, mode, records=staged.count)

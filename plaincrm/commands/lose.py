"""`plaincrm lose`: a deal is lost."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._types import RefWord
from plaincrm.commands._words import open_all
from plaincrm.commands._writing import WritingOptions, write, writing

EPILOG = """\b
Examples:
  plaincrm lose okra-menu-design --reason price
  plaincrm lose deal/fjord-website-2027 --reason "They take a cheaper one" -n
  plaincrm lose tidewater-rebrand
"""


@click.command("lose", epilog=EPILOG)
@click.argument("deal", type=RefWord("deal", "contact", "company"))
@click.option("--reason", metavar="TEXT", default="", help="Why it was lost.")
@writing
@pass_app
def command(app: App, deal: str, reason: str, mode: WritingOptions) -> None:
    """Move a deal to the stage of its pipeline that means lost, log it, and note the day as closed.

    DEAL may be a contact or company that has exactly one open deal.
    """
    from plaincrm.crm.actions.move import lose

    staged = lose(app.book, open_all(app, deal, "deal", writes=True), reason)
    write(app, staged, mode, records=staged.count)

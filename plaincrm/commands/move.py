"""`plaincrm move`: a deal to another stage."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._types import RefWord
from plaincrm.commands._words import StageWord, open_all
from plaincrm.commands._writing import WritingOptions, write, writing

EPILOG = """\b
Examples:
  plaincrm move fjord-website-2027 negotiation
  plaincrm move nordlys-packaging parked --until "next mon"
  plaincrm move okra-menu-design proposal --next "+3bd Ask whether it arrived"
"""


@click.command("move", epilog=EPILOG)
@click.argument("deal", type=RefWord("deal", "contact", "company"))
@click.argument("stage", type=StageWord())
@click.option("--until", metavar="DATE", default="", help="The day a parked deal comes back.")
@click.option("--next", "next_step", metavar='"DATE TEXT"', default="", help="The next step.")
@writing
@pass_app
def command(
    app: App, deal: str, stage: str, until: str, next_step: str, mode: WritingOptions
) -> None:
    """Move a deal to another stage of its pipeline, and log it.

    DEAL may be a contact or company that has exactly one open deal.
    """
    from plaincrm.crm.actions.move import move
    from plaincrm.sales import stages

    stages.refuse_unknown(stage, app.book.settings)
    staged = move(app.book, open_all(app, deal, "deal", writes=True), stage, until, next_step)
    app.tell(staged.echo)
    write(app, staged, mode, records=staged.count)

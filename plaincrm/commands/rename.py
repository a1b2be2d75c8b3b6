"""`plaincrm rename`: a new name, id and path; all links follow."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._types import RefWord, find
from plaincrm.commands._writing import WritingOptions, write, writing

EPILOG = """\b
Examples:
  plaincrm rename fjord-ferries "Fjord Ferries AS"
  plaincrm rename kari-berg "Kari Berg Lunde" -n
  plaincrm rename deal/prairie-logo "Prairie Solar logo"
"""


@click.command("rename", epilog=EPILOG)
@click.argument("ref", type=RefWord())
@click.argument("name", nargs=-1, required=True)
@writing
@pass_app
def command(app: App, ref: str, name: tuple[str, ...], mode: WritingOptions) -> None:
    """Give a record another name.

    Its id and file follow, the old id stays as an alias, and every link to it follows.
    """
    from plaincrm.crm.actions.rename import rename

    staged = rename(app.book, find(app, ref, writes=True), " ".join(name))
    if write(app, staged, mode):
        app.tell(staged.echo)
        click.echo(staged.records[0].ref)

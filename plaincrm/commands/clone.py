"""`plaincrm clone`: a book on a new machine."""

from __future__ import annotations

from pathlib import Path

import click

from plaincrm.commands._app import App, pass_app

EPILOG = """\b
Examples:
  plaincrm clone git@host.example:me/book.git
  plaincrm clone git@host.example:me/book.git ~/book
  plaincrm clone /media/stick/book.git
"""


@click.command("clone", epilog=EPILOG)
@click.argument("url")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), required=False)
@pass_app
def command(app: App, url: str, folder: Path | None) -> None:
    """Bring the book at URL to this machine, into DIR. From then on plaincrm sync keeps the two
    together.
    """
    from plaincrm.book.git.clone import clone

    root = clone(url, folder.expanduser() if folder else None)
    click.echo(app.shown(str(root)))
    app.say(f"Next: plaincrm -C {folder or root.name} today")

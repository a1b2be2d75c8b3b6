"""`plaincrm init`: make a book."""

from __future__ import annotations

from pathlib import Path

import click

from plaincrm.commands._app import App, pass_app

EPILOG = """\b
Examples:
  plaincrm init
  plaincrm init ~/book
  plaincrm init ~/example --demo
"""
_HISTORY = {
    "outer": "It lies in a git repo, so its history is kept there; sync wants a repo of its own.",
    "none": "git is not installed: the book works, without history, undo and sync.",
}


@click.command("init", epilog=EPILOG)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option("--demo", is_flag=True, help="Fill it with the example book.")
@pass_app
def command(app: App, folder: Path, demo: bool) -> None:
    """Make a book in DIR, or here: plaincrm.yaml, folders for the records, a git repo.

    Files that are there stay as they are.
    """
    from plaincrm.book.config import here
    from plaincrm.book.create import EXAMPLE_DAY, start, start_example

    started = (start_example if demo else start)(here() / folder.expanduser())
    click.echo(app.shown(str(started.root)))
    if started.git in _HISTORY:
        app.say(_HISTORY[started.git])
    there = "" if started.root == here() else f" -C {folder}"
    if demo:
        app.say(
            f"The example's story stops on {EXAMPLE_DAY}: plaincrm{there} --today {EXAMPLE_DAY}"
            " today"
        )
    else:
        app.say(f'Next: plaincrm{there} add contact "Ada Lovelace <ada@example.org>"')

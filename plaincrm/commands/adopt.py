"""`plaincrm adopt`: make a book of a folder of notes that is there already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._terminal import confirm
from plaincrm.errors import NotFound, UsageError

if TYPE_CHECKING:
    from plaincrm.crm.adoption import Proposal

EPILOG = """\b
Examples:
  plaincrm adopt ~/vault -n
  plaincrm adopt ~/vault
  plaincrm adopt . -y --git
"""


@click.command("adopt", epilog=EPILOG)
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option("-n", "--dry-run", is_flag=True, help="Show what it would read, write nothing.")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
@click.option("--git", "with_git", is_flag=True, help="Begin a git repo too, for history and undo.")
@click.option("--json", "json", is_flag=True, help="One JSON object.")
@pass_app
def command(app: App, folder: Path, dry_run: bool, yes: bool, with_git: bool, json: bool) -> None:
    """Make a book of the Markdown notes in DIR, or here, where they lie.

    It proposes which folder is which kind and which key is which field, and writes plaincrm.yaml
    only. No note is touched; undo is to delete that file.
    """
    from plaincrm.book.config import here
    from plaincrm.book.create import adopt, free_place, zone
    from plaincrm.crm.adoption import propose
    from plaincrm.crm.adoption_settings import settings_text
    from plaincrm.views.adoption import as_json, lines
    from plaincrm.views.json_text import dumps

    root = here() / folder.expanduser()
    if not root.is_dir():
        raise NotFound(f"there is no folder {folder}", "plaincrm init DIR makes a new book")
    root = free_place(root)
    proposal = propose(root)
    _refuse_nothing(proposal, folder)
    text = settings_text(proposal, zone())
    if not json:
        app.tell(lines(proposal))
    if dry_run and not json:
        click.echo(app.shown(text), nl=False)
    if not dry_run:
        _ask(app, yes)
        adopt(root, text, with_git=with_git)
    if json:
        click.echo(dumps(as_json(proposal, text, dry_run=dry_run)), nl=False)
    elif not dry_run:
        click.echo(app.shown(str(root)))
        there = "" if root == here() else f" -C {folder}"
        app.say(f"Next: plaincrm{there} check; plaincrm{there} today")


def _refuse_nothing(proposal: Proposal, folder: Path) -> None:
    if not proposal.kinds:
        raise NotFound(
            f"no folder in {folder} looks like people, companies or deals",
            "name one People, Companies or Deals, or write type: person into its notes",
        )


def _ask(app: App, yes: bool) -> None:
    if yes:
        return
    if not app.interactive:
        raise UsageError("this makes a book; there is nobody to ask", "-y does it, -n shows it")
    if not confirm("Write plaincrm.yaml?"):
        raise click.Abort

"""`plaincrm redo`: the last undo taken back."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._writing import WritingOptions, write_shown, writing

EPILOG = """\b
Examples:
  plaincrm redo
  plaincrm redo -n
  plaincrm redo -y -m "After all"
"""


@click.command("redo", epilog=EPILOG)
@writing
@pass_app
def command(app: App, mode: WritingOptions) -> None:
    """Take back the last undo, as a new commit; a second redo takes back the undo before it.

    Only as long as no other operation of plaincrm came after the undo. Your own edits stay, as with
    undo.
    """
    from plaincrm.crm.history.undo import put_back

    staged = put_back(app.book, mode.message)
    if not staged.files:
        app.say("what was undone is there already")
    write_shown(app, staged, mode, "Put it back?")

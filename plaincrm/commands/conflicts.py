"""`plaincrm conflicts`: what syncs could not decide."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import TABLE, ReadingOptions, arranged, book_for, reading, show
from plaincrm.commands._types import RefWord, find_all_in

EPILOG = """\b
Examples:
  plaincrm conflicts
  plaincrm conflicts --json
  plaincrm conflicts fjord-website-2027
"""


@click.command("conflicts", epilog=EPILOG)
@click.argument("ref", type=RefWord(), required=False)
@reading
@pass_app
def command(app: App, ref: str | None, options: ReadingOptions) -> None:
    """Fields that were set differently on two machines: the value that the file shows, the others,
    and by whom.

    plaincrm resolve decides; so does setting the field.
    """
    from plaincrm.crm.actions.resolve import all_contested
    from plaincrm.views.conflicts import rows

    book = book_for(app, options)
    chosen = find_all_in(app, book, [ref])[0].ref if ref else None
    found = [each for each in all_contested(book) if chosen in (None, each.record.ref)]
    show(app, arranged(rows(found), options), options, book)
    if options.form == TABLE and not found:
        app.say("no conflicts; plaincrm sync brings what other machines wrote")

"""`plaincrm conflicts`: what syncs could not decide."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._types import RefWord, find

EPILOG = """\b
Examples:
  plaincrm conflicts
  plaincrm conflicts --json
  plaincrm conflicts fjord-website-2027
"""


@click.command("conflicts", epilog=EPILOG)
@click.argument("ref", type=RefWord(), required=False)
@click.option("--json", is_flag=True, help="One JSON object.")
@pass_app
def command(app: App, ref: str | None, json: bool) -> None:
    """Fields that were set differently on two machines: the value that the file shows, the others,
    and by whom.

    plaincrm resolve decides; so does setting the field.
    """
    from plaincrm.crm.actions.resolve import all_contested
    from plaincrm.views import conflicts as view

    record = find(app, ref) if ref else None
    found = [
        each for each in all_contested(app.book) if record is None or each.record.ref == record.ref
    ]
    click.echo(
        app.shown(view.as_json(found) if json else view.as_table(found, app.width)), nl=False
    )
    if not found and not json:
        app.say("no conflicts")

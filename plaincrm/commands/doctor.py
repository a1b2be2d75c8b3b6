"""`plaincrm doctor`: what this installation and this book look like."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app

EPILOG = """\b
Examples:
  plaincrm doctor
  plaincrm doctor --json
  plaincrm -C ~/book doctor
"""


@click.command("doctor", epilog=EPILOG)
@click.option("--json", "json", is_flag=True, help="One JSON object.")
@pass_app
def command(app: App, json: bool) -> None:
    """Versions, git, identity, the book and its settings; what is amiss comes with what to type.

    Works anywhere, without a book too.
    """
    from plaincrm.crm.doctor import diagnose
    from plaincrm.views import doctor

    found = diagnose(app.any_book)
    click.echo(doctor.as_json(found) if json else app.shown(doctor.text(found)), nl=False)

"""`plaincrm doctor`: what this installation and this book look like."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import ReadingOptions, arranged, reading_without, show

EPILOG = """\b
Examples:
  plaincrm doctor
  plaincrm doctor --json
  plaincrm -C ~/book doctor
"""


@click.command("doctor", epilog=EPILOG)
@reading_without("as_of")
@pass_app
def command(app: App, options: ReadingOptions) -> None:
    """Versions, git, identity, the book and its settings; what is amiss comes with what to type.

    Works anywhere, without a book too.
    """
    from plaincrm.crm.doctor import diagnose
    from plaincrm.views.doctor import rows

    show(app, arranged(rows(diagnose(app.any_book)), options), options)

"""`plaincrm check`: every problem in every file."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import How, arranged, book_for, reading, show
from plaincrm.commands._writing import Mode, write, writing
from plaincrm.errors import UsageError

EPILOG = """\b
Examples:
  plaincrm check
  plaincrm check --fix -n
  plaincrm check --style --format gcc
"""


@click.command("check", epilog=EPILOG)
@click.option("--fix", is_flag=True, help="Mend what is surely right; one commit, one undo.")
@click.option("--style", is_flag=True, help="Also phones, countries, names not in one form.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "gcc", "github", "json"]),
    help="The form of the lines.",
)
@reading
@writing
@pass_app
def command(app: App, fix: bool, style: bool, form: str | None, how: How, mode: Mode) -> int:
    """Every problem in every file, as path:line:col: level: message [code].

    Exit code 1 if there are errors; warnings alone are fine. docs/format.md has a line on each
    code.
    """
    from plaincrm.crm.checking.problems import check, files_checked
    from plaincrm.views.problems import rows, summary

    if form == "json":
        how.form = form
    if fix and how.as_of:
        raise UsageError("--fix mends the files as they are; leave --as-of away")
    if fix:
        _fix(app, style, mode)
    book = book_for(app, how)
    problems = check(book, style=style)
    refs = {record.path: record.ref for record in book.store.all()}
    show(app, arranged(rows(problems, form or "text", refs), how), how)
    app.say(summary(problems, files_checked(book)))
    return 1 if any(problem.level == "error" for problem in problems) else 0


def _fix(app: App, style: bool, mode: Mode) -> None:
    """Show the diff, write it, and look at the book anew."""
    from plaincrm.crm.checking.fix import fix

    staged = fix(app.book, style=style)
    app.tell(staged.echo)
    if staged.count and not mode.dry_run:
        app.say(staged.diff().rstrip("\n"))
    write(app, staged, mode, records=staged.count)
    app.reopen()

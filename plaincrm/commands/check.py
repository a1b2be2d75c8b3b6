"""`plaincrm check`: every problem in every file."""

from __future__ import annotations

import sys

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import ReadingOptions, arranged, book_for, reading, show
from plaincrm.commands._writing import WritingOptions, write, writing
from plaincrm.errors import NotFound, UsageError

EPILOG = """\b
Examples:
  plaincrm check
  plaincrm check --fix -n
  plaincrm check contacts/ada.md --format gcc
"""


@click.command("check", epilog=EPILOG)
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--path", "stands_for", type=click.Path(), help="The file that - stands for.")
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
def command(
    app: App,
    files: tuple[str, ...],
    stands_for: str | None,
    fix: bool,
    style: bool,
    form: str | None,
    options: ReadingOptions,
    mode: WritingOptions,
) -> int:
    """Every problem in every file, as path:line:col: level: message [code].

    FILES narrow it to these; - is a text on standard input, which stands for the file of --path.
    Exit code 1 if there are errors; warnings alone are fine. docs/format.md has a line on each
    code.
    """
    from plaincrm.crm.checking.problems import check, files_checked
    from plaincrm.crm.checking.unsaved import with_text
    from plaincrm.views.problems import rows, summary

    if form == "json":
        options.form = form
    if fix and (options.as_of or files):
        raise UsageError("--fix mends all files as they are; leave --as-of and FILES away")
    if fix:
        _fix(app, style, mode)
    book = book_for(app, options)
    wanted = {_path(app, word, stands_for) for word in files}
    if "-" in files and len(files) > 1:
        raise UsageError("- is checked alone, without other files")
    if "-" in files:
        book = with_text(book, min(wanted), sys.stdin.buffer.read())
    problems = check(book, style=style)
    if files:
        problems = [problem for problem in problems if problem.path in wanted]
    refs = {record.path: record.ref for record in book.store.all()}
    prefix = book.git.prefix if form == "github" and book.git else ""
    show(app, arranged(rows(problems, form or "text", refs, prefix), options), options)
    if not (files and problems):
        app.say(summary(problems, len(wanted) or files_checked(book)))
    return 1 if any(problem.level == "error" for problem in problems) else 0


def _path(app: App, word: str, stands_for: str | None) -> str:
    """The path in the book of a FILE, or of the text on standard input. Raises UsageError,
    NotFound.
    """
    from plaincrm.book.standing import from_root

    if word == "-" and not stands_for:
        raise UsageError(
            "- needs the file that it stands for", "plaincrm check - --path contacts/ada.md"
        )
    found = from_root(app.root, stands_for if word == "-" and stands_for else word)
    if not found:
        raise NotFound(f"{word} is no file of the book {app.root}")
    if word != "-" and not (app.root / found).is_file():
        raise NotFound(f"there is no file {word}")
    return found


def _fix(app: App, style: bool, mode: WritingOptions) -> None:
    """Show the diff, write it, and look at the book anew."""
    from plaincrm.crm.checking.fix import fix

    staged = fix(app.book, style=style)
    app.tell(staged.echo)
    if staged.count and not mode.dry_run:
        app.say(staged.diff().rstrip("\n"))
    write(app, staged, mode, records=staged.count)
    app.reopen()

"""`plaincrm dedupe`: likely duplicates, with reasons."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import TABLE, ReadingOptions, arranged, book_for, reading, show
from plaincrm.commands._types import RefWord, find
from plaincrm.commands._writing import WritingOptions, write, writing

EPILOG = """\b
Examples:
  plaincrm dedupe
  plaincrm dedupe --kind contact --threshold 50 --json
  plaincrm dedupe --not katharina-winkler k-winkler
"""
HINT = "plaincrm merge KEEP DUPLICATE joins them, dedupe --not A B tells them apart"
LOWER = "plaincrm dedupe --threshold 50 shows less likely ones too"


@click.command("dedupe", epilog=EPILOG)
@click.option("--kind", type=click.Choice(["contact", "company"]), help="Only that kind.")
@click.option(
    "--threshold",
    type=click.FloatRange(0, 100),
    metavar="N",
    help="Pairs of at least N points of 100; 70.",
)
@click.option(
    "--not",
    "apart",
    type=(RefWord(), RefWord()),
    metavar="A B",
    help="Remember that A and B are two.",
)
@reading
@writing
@pass_app
def command(
    app: App,
    kind: str | None,
    threshold: float | None,
    apart: tuple[str, str] | None,
    options: ReadingOptions,
    mode: WritingOptions,
) -> None:
    """Pairs of contacts and of companies that may be one, likeliest first, with points and reasons.

    Nothing is merged here: plaincrm merge KEEP DUPLICATE joins a pair, --not A B remembers that the
    two differ.
    """
    if apart:
        return _keep_apart(app, apart, mode)
    from plaincrm.core.text.counted import counted
    from plaincrm.crm.duplicates.pairs import KINDS, THRESHOLD, pairs
    from plaincrm.views.duplicates import rows

    book = book_for(app, options)
    least = THRESHOLD if threshold is None else threshold
    found = pairs(book, [kind] if kind else KINDS, least)
    show(app, arranged(rows(found, len(found)), options), options, book)
    if options.form == TABLE:
        said = counted(len(found), "likely duplicate") if found else "no likely duplicates"
        app.say(f"{said}; {HINT if found else LOWER}")
    return None


def _keep_apart(app: App, words: tuple[str, str], mode: WritingOptions) -> None:
    from plaincrm.crm.duplicates.exclusions import keep_apart

    one, other = (find(app, word, writes=True) for word in words)
    staged = keep_apart(app.book, one, other)
    write(app, staged, mode)

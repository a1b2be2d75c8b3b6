"""`plaincrm find`: full text over all records."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import (
    TABLE,
    ReadingOptions,
    answer,
    arranged,
    book_for,
    reading,
    show,
)
from plaincrm.commands._types import KindWord

SHOWN = 100  # hits on a screen: nobody reads further, a better question is shorter

EPILOG = """\b
Examples:
  plaincrm find proposal
  plaincrm find "winter timetable" --kind ticket
  plaincrm find ola --parsable
"""


@click.command("find", epilog=EPILOG)
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--kind", "kinds", type=KindWord(), multiple=True, metavar="KIND", help="Only of this kind."
)
@click.option("--parsable", is_flag=True, help="E-mail addresses, for mutt, aerc and alot.")
@click.option(
    "--remove-first-line",
    is_flag=True,
    help="With --parsable: addresses only, as aerc and alot want it.",
)
@reading
@pass_app
def command(
    app: App,
    words: tuple[str, ...],
    kinds: tuple[str, ...],
    parsable: bool,
    remove_first_line: bool,
    options: ReadingOptions,
) -> None:
    """Records that have all WORDS, in title, fields, body, tasks or log; best first, with the line.

    A word in quotes with spaces is a phrase. --parsable looks in names and fields of contacts and
    companies.
    """
    from plaincrm.crm.find import search
    from plaincrm.views import find

    book = book_for(app, options)
    named = [book.record_kind(kind).name for kind in kinds]
    if parsable:
        within = named or ["contact", "company"]
        found = search(book.context, words, within, body=False, most=options.limit)
        text = find.parsable(found.hits, words, headed=not remove_first_line)
        return answer(app, text)  # talk on stderr would stand over a mail program's own screen
    found = search(book.context, words, named, most=_most(options))
    show(app, arranged(find.rows(found.hits, found.total, words), options), options, book)
    if options.form == TABLE:
        _say_rest(app, words, found.total, len(found.hits))
    return None


def _most(options: ReadingOptions) -> int | None:
    """How many hits are looked at: all of them where another order is asked for."""
    if options.sort:
        return None
    if options.limit is None and options.form == TABLE:
        return SHOWN
    return options.limit


def _say_rest(app: App, words: tuple[str, ...], total: int, shown: int) -> None:
    if not total:
        fewer = f"fewer words find more: plaincrm find {words[0]}" if len(words) > 1 else ""
        part = f"a part of it finds more: plaincrm list contacts 'name:*{words[0][:4]}*'"
        app.say(f"nothing has {' and '.join(words)}; {fewer or part}")
    elif total > shown == SHOWN:
        app.say(f"{total:,} in all, the best {shown} are shown; --limit {total} shows all")

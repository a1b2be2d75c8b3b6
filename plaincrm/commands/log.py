"""`plaincrm log`: an entry in a record's log."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import date

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._terminal import confirm
from plaincrm.commands._types import RefWord, find_all, people_of
from plaincrm.commands._words import TypeWord
from plaincrm.commands._writing import WritingOptions, write, writing
from plaincrm.errors import UsageError

EPILOG = """\b
Examples:
  plaincrm log kari-berg call "Sent her the reference for the invoice"
  plaincrm log fjord-website-2027 meeting --with ola-nordmann --at "last fri 14:30" "The offer"
  plaincrm log magnus-dahl email --out "Sent the proposal" --next "+1w Ask what he thinks"
"""


@click.command("log", epilog=EPILOG)
@click.argument("ref", type=RefWord())
@click.argument("type", type=TypeWord())
@click.argument("text", nargs=-1)
@click.option("--in", "direction", flag_value="in", help="It came in.")
@click.option("--out", "direction", flag_value="out", help="It went out.")
@click.option("--with", "people", metavar="REF,...", help="Who else was there.")
@click.option("--at", metavar="DATE", default="", help="When it was; words are read backwards.")
@click.option(
    "--next", "next_step", metavar='"DATE TEXT"', default="", help="The next step it leaves."
)
@writing
@pass_app
def command(
    app: App,
    ref: str,
    type: str,
    text: tuple[str, ...],
    direction: str | None,
    people: str | None,
    at: str,
    next_step: str,
    mode: WritingOptions,
) -> None:
    """An entry in the log of a record: a call, an email, a meeting, a message, a note.

    Without TEXT the editor opens; - reads standard input. A text without a TYPE is a note, and TYPE
    may stand before REF. A next step replaces the one that the record has.
    """
    from plaincrm.crm.actions.log import known_type, log_entry, sorted_words

    ref, type, text = sorted_words(app.book, ref, type, text)
    if ref == "-" and text == ("-",):
        raise UsageError(
            "standard input can't hold both the records and the text", 'give the text as words: "…"'
        )
    records = find_all(app, [ref], writes=True)
    known_type(app.book, type)
    words = [word.strip() for word in (people or "").split(",") if word.strip()]
    present = people_of(app, words, writes=True)
    about = f"{type} of {', '.join(record.ref for record in records)}"
    with _text(app, text, about, mode) as written:
        staged = log_entry(
            app.book,
            records,
            type,
            written,
            direction=direction or "",
            people=present,
            at=at,
            next=next_step,
            ahead=lambda day: mode.yes or _asked(app, day),
        )
        app.tell(staged.echo)
        write(app, staged, mode, records=staged.count)


def _asked(app: App, day: date) -> bool:
    """Whether the user means a day that is still to come."""
    return app.interactive and confirm(f"{day} lies ahead. Log it all the same?")


def _text(
    app: App, words: tuple[str, ...], about: str, mode: WritingOptions
) -> AbstractContextManager[str]:
    from plaincrm.commands._editor import composed

    if words == ("-",):
        return nullcontext(sys.stdin.read().strip())
    return nullcontext(" ".join(words)) if words else composed(app, about, keep=mode.dry_run)

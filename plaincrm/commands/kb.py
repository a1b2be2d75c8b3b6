"""`plaincrm kb`: the knowledge base."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import TABLE, How, arranged, book_for, reading, show
from plaincrm.commands._types import RefWord, find_in

EPILOG = """\b
Examples:
  plaincrm kb search logo print
  plaincrm kb suggest login-broken-k7m2
  plaincrm kb gaps
"""
SEARCH = """\b
Examples:
  plaincrm kb search logo print
  plaincrm kb search --any blurry logo letterhead
  plaincrm kb search invoice --json
"""
SUGGEST = """\b
Examples:
  plaincrm kb suggest login-broken-k7m2
  plaincrm kb suggest kari-berg
  plaincrm kb suggest login-broken-k7m2 --ids
"""
GAPS = """\b
Examples:
  plaincrm kb gaps
  plaincrm kb gaps opened:-6m..
  plaincrm kb gaps category:print --json
"""


@click.group("kb", epilog=EPILOG)
def command() -> None:
    """The knowledge base: articles that answer questions. The stale ones: plaincrm list articles
    is:stale; those that answered nothing yet: is:unused.
    """


@command.command(epilog=SEARCH)
@click.argument("words", nargs=-1, required=True)
@click.option("--any", "any_word", is_flag=True, help="Articles with any of the words.")
@reading
@pass_app
def search(app: App, words: tuple[str, ...], any_word: bool, how: How) -> None:
    """Articles that have all WORDS, best first, with a passage."""
    from plaincrm.support.articles import knowledge
    from plaincrm.views.knowledge import found_articles

    book = book_for(app, how)
    articles = book.store.records("article")
    hits = knowledge(articles).search(" ".join(words), any_word=any_word, limit=len(articles))
    show(app, arranged(found_articles(hits, book.context), how), how, book)
    if how.form == TABLE and not hits:
        app.say(f"no article has {'any' if any_word else 'all'} of {' '.join(words)}")


@command.command(epilog=SUGGEST)
@click.argument("ticket", type=RefWord("ticket", "contact", "company"))
@reading
@pass_app
def suggest(app: App, ticket: str, how: How) -> None:
    """Articles that may answer TICKET, by its subject and the customer's last message."""
    from plaincrm.support.articles import knowledge, suggestions
    from plaincrm.views.knowledge import found_articles

    book = book_for(app, how)
    found = find_in(app, book, ticket, ("ticket",))
    hits = suggestions(found, knowledge(book.store.records("article")))
    show(app, arranged(found_articles(hits, book.context), how), how, book)
    if how.form == TABLE and not hits:
        app.say(f"no article has much in common with {found.ref}")


@command.command(epilog=GAPS)
@click.argument("query", nargs=-1)
@reading
@pass_app
def gaps(app: App, query: tuple[str, ...], how: How) -> None:
    """Words that several tickets have, and no article is about."""
    from plaincrm.support.articles import gaps as find_gaps
    from plaincrm.support.ticket_times import times_of
    from plaincrm.views.knowledge import gap_rows

    book = book_for(app, how)
    selection = book.select("ticket", query)
    app.tell(selection.query.echo)
    times = [times_of(ticket, book.context) for ticket in selection.records]
    found = find_gaps(times, list(book.store.records("article")))
    show(app, arranged(gap_rows(found), how), how, book)
    if how.form == TABLE and not found:
        app.say("no theme of several tickets is without an article")

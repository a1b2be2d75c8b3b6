"""`plaincrm kb`: the knowledge base."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import TABLE, ReadingOptions, arranged, book_for, reading, show
from plaincrm.commands._types import RefWord, find_in
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plaincrm.crm.book import Book
    from plaincrm.support.portal_settings import PortalSettings

EPILOG = """\b
Examples:
  plaincrm kb search logo print
  plaincrm kb suggest login-broken-k7m2
  plaincrm kb portal public
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
PORTAL = """\b
Examples:
  plaincrm kb portal public
  plaincrm kb portal ~/www/help --url https://help.studio.example
  plaincrm --today 2026-11-21 kb portal public
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
def search(app: App, words: tuple[str, ...], any_word: bool, options: ReadingOptions) -> None:
    """Articles that have all WORDS, best first, with a passage."""
    from plaincrm.support.articles import knowledge
    from plaincrm.views.knowledge import found_articles

    book = book_for(app, options)
    articles = book.store.records("article")
    hits = knowledge(articles).search(" ".join(words), any_word=any_word, limit=len(articles))
    show(app, arranged(found_articles(hits, book.context), options), options, book)
    if options.form == TABLE and not hits:
        app.say(_none_found(words, any_word))


def _none_found(words: Sequence[str], any_word: bool) -> str:
    """What is said where no article has the words, and what to type next."""
    said = f"no article has {'any' if any_word else 'all'} of {' '.join(words)}"
    if any_word or len(words) == 1:
        return f'{said}; plaincrm add article "TITLE" makes one'
    return f"{said}; plaincrm kb search --any {shlex.join(words)} finds those with some"


@command.command(epilog=SUGGEST)
@click.argument("ticket", type=RefWord("ticket", "contact", "company"))
@reading
@pass_app
def suggest(app: App, ticket: str, options: ReadingOptions) -> None:
    """Articles that may answer TICKET, by its subject and the customer's last message."""
    from plaincrm.support.articles import knowledge, suggestions
    from plaincrm.views.knowledge import found_articles

    book = book_for(app, options)
    found = find_in(app, book, ticket, ("ticket",))
    hits = suggestions(found, knowledge(book.store.records("article")))
    show(app, arranged(found_articles(hits, book.context), options), options, book)
    if options.form == TABLE and not hits:
        app.say(
            f"no article has much in common with {found.ref}; plaincrm kb search --any WORDS looks"
            " for single ones"
        )


@command.command(epilog=GAPS)
@click.argument("query", nargs=-1)
@reading
@pass_app
def gaps(app: App, query: tuple[str, ...], options: ReadingOptions) -> None:
    """Words that several tickets have, and no article is about."""
    from plaincrm.support.articles import gaps as find_gaps
    from plaincrm.support.ticket_times import times_of
    from plaincrm.views.knowledge import gap_rows

    book = book_for(app, options)
    selection = book.select("ticket", query)
    app.tell(selection.query.echo)
    times = [times_of(ticket, book.context) for ticket in selection.records]
    found = find_gaps(times, list(book.store.records("article")))
    show(app, arranged(gap_rows(found), options), options, book)
    if options.form == TABLE and not found:
        app.say(
            "no theme of several tickets is without an article; plaincrm list articles shows them"
        )


@command.command(epilog=PORTAL)
@click.argument("folder", metavar="DIR", type=click.Path())
@click.option("--url", metavar="URL", help="Where the site will lie; else portal: of the settings.")
@pass_app
def portal(app: App, folder: str, url: str | None) -> None:
    """The public articles as a static site: search without a server, categories, feed.

    Only files that plaincrm wrote into DIR before are replaced. The look is templates/portal/,
    which a book replaces file by file. docs/pages.md tells how.
    """
    from plaincrm.core.text.counted import counted
    from plaincrm.crm.exporting.folder import write_export
    from plaincrm.support.portal import portal as public
    from plaincrm.views.html.portal import PortalSite, portal_files
    from plaincrm.views.html.portal_theme import PortalTheme

    book = app.book
    settings = book.settings
    site = PortalSite(
        public(book.store.records("article"), book.context),
        _portal_settings(book, url),
        PortalTheme(book.source.file),
        settings.language or "en",
        settings.me.name or book.root.name,
        book.context.today,
    )
    made = portal_files(site)
    done = write_export(book, folder, made.files)
    for link in made.dead:
        app.say(f"article/{link.article}: the link to {link.target} leads to no public article")
    count = len(site.portal.articles)
    app.say(f"{counted(count, 'public article')}, {done}")
    if not site.settings.url:
        app.say("no site map: it needs the address of the site; --url https://help.example.org")
    app.say_problems(book)


def _portal_settings(book: Book, url: str | None) -> PortalSettings:
    """What the settings say, with the address that was asked for. Raises UsageError."""
    from plaincrm.core.value_class import changed
    from plaincrm.support.portal_settings import PORTAL, portal_url

    found = book.settings.section(PORTAL)
    if not url:
        return found
    try:
        return changed(found, url=portal_url(url))
    except ValueError as error:
        raise UsageError(f"--url: {error}") from None

"""`plaincrm segment`: saved queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import TABLE, ReadingOptions, arranged, book_for, reading, select
from plaincrm.commands._reading import show as show_rows
from plaincrm.commands._types import KindWord, QueryWord, SegmentWord
from plaincrm.commands._writing import WritingOptions, write, writing
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.core.records.segment import Segment
    from plaincrm.crm.book import Book

EPILOG = """\b
Examples:
  plaincrm segment list
  plaincrm segment save quiet-vips contacts +vip idle:60d..
  plaincrm list contacts @newsletter
"""
SHOW = """\b
Examples:
  plaincrm segment show warm-leads
  plaincrm segment show big-deals --columns id,value,idle
  plaincrm segment show newsletter --since 2026-10-01
"""
LIST = """\b
Examples:
  plaincrm segment list
  plaincrm segment list --json
  plaincrm segment list --since last-month
"""
SAVE = """\b
Examples:
  plaincrm segment save quiet-vips contacts +vip idle:60d..
  plaincrm segment save big-deals deals is:open value:8000.. --replace
  plaincrm segment save asked-twice contacts "log(type:email).count:2.." --doc "Wrote twice"
"""
RM = """\b
Examples:
  plaincrm segment rm print-problems
  plaincrm segment rm norwegians --dry-run
  plaincrm segment rm norwegians -m "They have moved"
"""
SNAPSHOT = """\b
Examples:
  plaincrm segment snapshot newsletter
  plaincrm segment snapshot newsletter christmas-2026
  plaincrm segment snapshot warm-leads --dry-run
"""


@click.group("segment", epilog=EPILOG)
def command() -> None:
    """Saved queries: files in segments/, used as @NAME in any query and wherever a REF goes."""


@command.command("list", epilog=LIST, short_help="All segments, and how many records they have.")
@click.option("--since", metavar="DATE", default="", help="Also the size of a day, who came, went.")
@reading
@pass_app
def list_(app: App, since: str, options: ReadingOptions) -> None:
    """All segments: kind, how many records they have today, and what they are for.

    With --since also how many they had on a day, and how many came and went since; segment show
    NAME --since says who.
    """
    from plaincrm.views import segments as view

    book = book_for(app, options)
    past = app.book_of(since) if since else None
    show_rows(app, arranged(view.rows(book, past), options), options, book)
    if options.form == TABLE and not book.segments:
        app.say("no segments yet; plaincrm segment save vips +vip makes one")


@command.command("show", epilog=SHOW)
@click.argument("name", type=SegmentWord())
@click.option("--since", metavar="DATE", default="", help="Who came and who went since a day.")
@reading
@pass_app
def show(app: App, name: str, since: str, options: ReadingOptions) -> None:
    """What a segment says, and the records that it has today."""
    from plaincrm.views.listing import listing

    book = book_for(app, options)
    segment = book.segments.named(name)
    if since:
        return _show_changes(app, book, segment, since, options)
    found = select(app, book, segment.kind, [f"@{segment.name}"], options)
    if options.form == TABLE:
        query = " ".join(segment.query)
        said = query if segment.ids is None else f"a snapshot of {len(segment.ids)}"
        app.say(f"{segment.name}: {found.kind.plural} {said}")
        app.tell([segment.doc] if segment.doc else [])
    rows = listing(
        found.kind, found.query, found.records, found.total, book.context, options.columns
    )
    return show_rows(app, rows, options, book)


def _show_changes(
    app: App, book: Book, segment: Segment, since: str, options: ReadingOptions
) -> None:
    from plaincrm.crm.segment_changes import segment_change, with_todays_segments
    from plaincrm.views.segments import change_rows

    past = with_todays_segments(app.book_of(since), book.segments, book)
    change = segment_change(book, past, segment)
    show_rows(app, arranged(change_rows(change), options), options, book)
    if options.form == TABLE:
        day = past.now.date().isoformat()
        app.say(f"{segment.name}: {change.before} on {day}, {change.now} now")


@command.command("save", epilog=SAVE)
@click.argument("name")
@click.argument("kind", metavar="[KIND]", type=KindWord())
@click.argument("query", metavar="QUERY...", type=QueryWord(), nargs=-1)
@click.option("--doc", metavar="TEXT", default="", help="What the segment is for.")
@click.option(
    "--replace", is_flag=True, help="Write over a segment of that name; comments in its file stay."
)
@writing
@pass_app
def save(
    app: App,
    name: str,
    kind: str,
    query: tuple[str, ...],
    doc: str,
    replace: bool,
    mode: WritingOptions,
) -> None:
    """Save a QUERY over a KIND under a NAME; without a KIND it is one over contacts, as in list."""
    from plaincrm.crm.actions import segment as segments

    if app.book.find_kind(kind) is None:
        kind, query = "contacts", (kind, *query)
    if not query:
        raise UsageError("say which records", f"plaincrm segment save {name} {kind} +vip")
    found = app.book.record_kind(kind)
    write(app, segments.save(app.book, name, found, query, doc, replace=replace), mode)


@command.command("rm", epilog=RM)
@click.argument("name", type=SegmentWord())
@writing
@pass_app
def rm(app: App, name: str, mode: WritingOptions) -> None:
    """Delete a segment; the records stay."""
    from plaincrm.crm.actions import segment as segments

    write(app, segments.remove(app.book, name), mode)


@command.command(
    "snapshot", epilog=SNAPSHOT, short_help="Keep the records that a segment has today."
)
@click.argument("name", type=SegmentWord())
@click.argument("new", metavar="[NEW-NAME]", default="")
@click.option("--replace", is_flag=True, help="Write over a segment of that name.")
@writing
@pass_app
def snapshot(app: App, name: str, new: str, replace: bool, mode: WritingOptions) -> None:
    """Keep the records that a segment has today, whatever changes; the name is NAME-DATE unless
    given.
    """
    from plaincrm.crm.actions import segment as segments

    write(app, segments.snapshot(app.book, name, new, replace=replace), mode)

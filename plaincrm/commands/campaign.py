"""`plaincrm campaign`: a mailing to a segment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._mail import TemplateWord
from plaincrm.commands._reading import TABLE, ReadingOptions, arranged, book_for, reading, select
from plaincrm.commands._reading import show as show_rows
from plaincrm.commands._terminal import confirm
from plaincrm.commands._types import BookWord, QueryWord, SegmentWord
from plaincrm.commands._writing import WritingOptions, write, writing
from plaincrm.errors import PlaincrmError, UsageError

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record
    from plaincrm.crm.book import Book

EPILOG = """\b
Examples:
  plaincrm campaign new "Autumn 2026" --template newsletter --segment newsletter
  plaincrm campaign show autumn-2026
  plaincrm campaign results autumn-2026
"""
NEW = """\b
Examples:
  plaincrm campaign new "Autumn 2026" --template newsletter --segment newsletter
  plaincrm campaign new Test --variant a=short --variant b=long --segment newsletter
  plaincrm campaign new Spring --template offer --segment warm-leads --cost "120 EUR" --control 10
"""
LIST = """\b
Examples:
  plaincrm campaign list
  plaincrm campaign list status:running
  plaincrm campaign list --json
"""
SHOW = """\b
Examples:
  plaincrm campaign show autumn-2026
  plaincrm campaign show autumn-2026 --json
  plaincrm campaign show autumn-2026 --columns contact,reason
"""
WRITE = """\b
Examples:
  plaincrm campaign write autumn-2026 --dry-run
  plaincrm campaign write autumn-2026
  plaincrm campaign write autumn-2026 --yes
"""
VISITS = """\b
Examples:
  plaincrm campaign visits plausible-campaigns.csv
  plaincrm campaign visits plausible-campaigns.csv --dry-run
  plaincrm campaign visits - < matomo.csv
"""
RESULTS = """\b
Examples:
  plaincrm campaign results autumn-2026
  plaincrm campaign results autumn-2026 --json
  plaincrm campaign results autumn-2026 --as-of last-month
"""


class CampaignWord(BookWord):
    """The id of a campaign."""

    name = "NAME"

    def candidates(self, app: App, incomplete: str) -> Iterable[tuple[str, str]]:
        found = app.book.identities(["campaign"], incomplete)
        return ((id, title) for id, _, title in found)


@click.group("campaign", epilog=EPILOG)
def command() -> None:
    """A mailing to a segment: planned, written as drafts, counted. Nothing is sent from here."""


@command.command(epilog=NEW)
@click.argument("name")
@click.option("--segment", required=True, type=SegmentWord(), help="To whom.")
@click.option("--template", default="", type=TemplateWord(), help="What they get.")
@click.option(
    "--variant",
    "variants",
    metavar="NAME=TEMPLATE",
    multiple=True,
    help="One of several forms that are tried against each other.",
)
@click.option("--cost", metavar="MONEY", default="", help="What it costs.")
@click.option(
    "--control", metavar="PERCENT", default="", help="The share who get nothing, to compare with."
)
@writing
@pass_app
def new(
    app: App,
    name: str,
    segment: str,
    template: str,
    variants: tuple[str, ...],
    cost: str,
    control: str,
    mode: WritingOptions,
) -> None:
    """A new campaign: a record in campaigns/. A copy of one is new to everybody."""
    from plaincrm.crm.actions import campaign as action

    forms = dict(_variant(each) for each in variants)
    staged = action.new(app.book, name, segment, template, forms, cost=cost, control=control)
    ref = staged.records[0].ref
    if write(app, staged, mode, ref):
        app.say(f"who would get it: plaincrm campaign show {ref.partition('/')[2]}")


def _variant(text: str) -> tuple[str, str]:
    name, equals, template = text.partition("=")
    if not (equals and name and template):
        raise UsageError(f'"{text}" is no variant', "--variant a=TEMPLATE")
    return name, template


@command.command("list", epilog=LIST)
@click.argument("query", type=QueryWord("campaign"), nargs=-1)
@reading
@pass_app
def list_(app: App, query: tuple[str, ...], options: ReadingOptions) -> None:
    """All campaigns, or those that a query selects."""
    from plaincrm.views.listing import listing

    book = book_for(app, options)
    found = select(app, book, "campaign", query, options)
    rows = listing(
        found.kind, found.query, found.records, found.total, book.context, options.columns
    )
    show_rows(app, rows, options, book)
    if options.form == TABLE and not found.records:
        app.say("no campaigns yet; plaincrm campaign new NAME --template T --segment S")


@command.command(epilog=SHOW, short_help="A dry run: who gets what, and who not and why.")
@click.argument("name", type=CampaignWord())
@reading
@pass_app
def show(app: App, name: str, options: ReadingOptions) -> None:
    """A dry run: who would get which mail now, and who not and why; how large each variant is, and
    what difference so many people can show. Nothing is written.
    """
    from plaincrm.crm.campaign_audience import CampaignAudience
    from plaincrm.views.campaigns import member_rows, plan

    book = book_for(app, options)
    audience = CampaignAudience(book, _campaign(book, name))
    show_rows(app, arranged(member_rows(audience.members), options), options, book)
    app.tell(plan(audience))


@command.command("write", epilog=WRITE, short_help="Write its mails as drafts into the outbox.")
@click.argument("name", type=CampaignWord())
@click.option("-n", "--dry-run", is_flag=True, help="Only say what would be written.")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_app
def write_(app: App, name: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Write a draft into the outbox for everybody who has not got one. Nothing is sent."""
    from plaincrm.crm.actions import campaign as action
    from plaincrm.crm.campaign_audience import CampaignAudience
    from plaincrm.crm.mailing import write as drafts
    from plaincrm.crm.mailing.render import refuse_missing
    from plaincrm.views import formats
    from plaincrm.views.campaigns import member_rows, plan
    from plaincrm.views.layout import Layout

    audience = CampaignAudience(app.book, _campaign(app.book, name))
    letters = [each.letter for each in audience.members if each.letter]
    refuse_missing(letters)
    staged, ready = action.written(app.book, audience)
    instead = any(letter.task for letter in letters)
    app.tell(plan(audience))
    if (ready or instead) and not dry_run:
        _ask(app, len(ready), yes)
        drafts.to_outbox(app.book, letters, staged.change)
        write(app, staged, WritingOptions(yes=True))
    if as_json:
        click.echo(formats.write(member_rows(audience.members), "json", Layout()), nl=False)
    skipped = len(audience.members) - len(ready)
    said = f"{len(ready)} drafts{' would be' if dry_run else ''} written, {skipped} left out"
    app.say(f"{said}; who and why: plaincrm campaign show {audience.campaign.id}")


@command.command("visits", epilog=VISITS, short_help="Visits by links, from an analytics CSV.")
@click.argument("file", type=click.File("rb"))
@writing
@pass_app
def visits_(app: App, file: BinaryIO, mode: WritingOptions) -> None:
    """Note how many visits each campaign brought. FILE is what the counter of your own site
    exports, with the columns utm_campaign and visitors (or visits, sessions, users).

    Links of a campaign end in ?utm_campaign=ID. The rows of one campaign are added up.
    """
    from io import BytesIO

    from plaincrm.crm.actions import campaign as action

    staged, others = action.visited(app.book, BytesIO(file.read()))
    app.tell(f"not a campaign of this book: {name}" for name in others)
    write(app, staged, mode)


@command.command(epilog=RESULTS, short_help="What came of it, with n and intervals.")
@click.argument("name", type=CampaignWord())
@reading
@pass_app
def results(app: App, name: str, options: ReadingOptions) -> None:
    """What came of it: sent, returned, replies with n and interval, meetings, deals, return.

    A variant is called better only where the interval of the difference leaves out zero.
    """
    from plaincrm.crm.campaign_results import campaign_results
    from plaincrm.crm.mailing.waiting import step_hashes
    from plaincrm.views.campaigns import result_rows, verdict

    book = book_for(app, options)
    waiting = frozenset() if options.as_of else step_hashes(book.root)
    found = campaign_results(_campaign(book, name), book.context, waiting)
    show_rows(app, arranged(result_rows(found), options), options, book)
    if options.form == TABLE:
        app.tell(verdict(found))


def _campaign(book: Book, name: str) -> Record:
    return book.find(name, "campaign")


def _ask(app: App, count: int, yes: bool) -> None:
    if yes:
        return
    question = f"Write {count} drafts into the outbox?"
    if not app.interactive:
        raise PlaincrmError(f"{question} There is nobody to ask", "-y says yes, -n shows them")
    if not confirm(question):
        raise PlaincrmError("nothing written")

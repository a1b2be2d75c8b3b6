"""`plaincrm invoice`: ask for money, and see what is unpaid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import TABLE, ReadingOptions, arranged, book_for, reading, show
from plaincrm.commands._types import BookWord, RefWord, find
from plaincrm.commands._writing import WritingOptions, write, writing

if TYPE_CHECKING:
    from collections.abc import Iterable

EPILOG = """\b
Examples:
  plaincrm invoice prairie-website 1200 EUR due:+14d
  plaincrm invoice list
  plaincrm invoice paid 2026-030 --on yesterday
"""
RECENT = 30  # days for which a paid invoice stays in the list
_NONE = "no invoice is unpaid, none was paid lately; --all shows older ones"


class NumberWord(BookWord):
    """The number of an open invoice."""

    name = "number"

    def candidates(self, app: App, _: str) -> Iterable[tuple[str, str]]:
        from plaincrm.sales.invoices import every_invoice

        for each in every_invoice(app.book.context):
            if each.open:
                yield each.bill.number, each.record


class _WithAdd(click.Group):
    """`invoice REF AMOUNT` is `invoice add REF AMOUNT`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["add", *args]
        return super().resolve_command(ctx, args)


@click.group("invoice", cls=_WithAdd, epilog=EPILOG)
def command() -> None:
    """Invoices: the next number for a deal or a person, what is unpaid, what was paid.

    An invoice is a task of the record, `invoice NUMBER AMOUNT due:DATE`; ticked is paid. `plaincrm
    invoice DEAL|CONTACT AMOUNT` adds one. The pattern of the numbers stands in the settings.
    """


@command.command("add", epilog=EPILOG)
@click.argument("ref", type=RefWord("deal", "contact", "company"))
@click.argument("amount", nargs=-1)
@writing
@pass_app
def add(app: App, ref: str, amount: tuple[str, ...], mode: WritingOptions) -> None:
    """The next invoice of a deal or a person.

    Without an AMOUNT it is what of a won deal's value has no invoice yet. due:+14d says when it is
    due, rec:1m repeats it each month, other words say what it is for.
    """
    from plaincrm.crm.actions.invoice import invoice

    record = find(app, ref, ("deal", "contact", "company"), writes=True)
    staged = invoice(app.book, record, amount)
    app.tell(staged.echo)
    write(app, staged, mode)


@command.command("list", epilog=EPILOG)
@click.option("--all", "every", is_flag=True, help="All that were ever paid, too.")
@reading
@pass_app
def list_(app: App, every: bool, options: ReadingOptions) -> None:
    """What is unpaid, and what was paid in the last 30 days; which reminder each is ripe for."""
    from datetime import timedelta

    from plaincrm.sales.invoices import every_invoice
    from plaincrm.views.invoices import invoice_rows

    book = book_for(app, options)
    since = book.context.today - timedelta(days=RECENT)
    found = [
        each
        for each in every_invoice(book.context)
        if every or each.open or (each.bill.paid and each.bill.paid >= since)
    ]
    show(app, arranged(invoice_rows(found, book.context), options), options, book)
    if options.form == TABLE and not found:
        begun = "plaincrm invoice DEAL 1200 due:+14d adds one"
        app.say(f"no invoices here; {begun}" if every else f"{_NONE}; {begun}")


@command.command("paid", epilog=EPILOG)
@click.argument("numbers", metavar="NUMBER...", type=NumberWord(), nargs=-1, required=True)
@click.option("--on", "day", metavar="DATE", default="", help="The day it was paid; else today.")
@writing
@pass_app
def paid(app: App, numbers: tuple[str, ...], day: str, mode: WritingOptions) -> None:
    """Tick invoices. One that recurs stays, paid, and the next is added with the next number."""
    from plaincrm.crm.actions.invoice import pay

    staged = pay(app.book, numbers, day)
    app.tell(staged.echo)
    write(app, staged, mode, records=staged.count)

"""`plaincrm set`: fields of one record, of several, or in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._types import QueryWord, find_all
from plaincrm.commands._words import TargetWord
from plaincrm.commands._writing import WritingOptions, assignments, is_assignment, write, writing
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record

EPILOG = """\b
Examples:
  plaincrm set jens-petersen phone.mobile="+49 170 5550123" tags+=vip
  plaincrm set fjord-website-2027 close_date=eom value="4200 EUR"
  plaincrm set contacts --where "status:customer no:cadence" cadence=60d
"""


@click.command("set", epilog=EPILOG)
@click.argument(
    "words", metavar="REF... FIELD=VALUE...", type=TargetWord(), nargs=-1, required=True
)
@click.option(
    "--where",
    metavar="QUERY",
    type=QueryWord(),
    help="All records of the KIND named that this selects.",
)
@click.option(
    "--own",
    is_flag=True,
    help="A new field of your own, though a known one is spelled much like it.",
)
@writing
@pass_app
def command(
    app: App, words: tuple[str, ...], where: str | None, own: bool, mode: WritingOptions
) -> None:
    """Set fields: field=value, add to a list field+=value, take from it field-=value, delete
    field=.

    A colon may stand for =, and email.work=… sets one key of a map. A field that links takes a
    reference: company="Fjord AS"; company=+"Fjord AS" makes it. Dates take date words. With --where
    the first word is a KIND.
    """
    from plaincrm.crm.actions.set import set_fields

    targets = [word for word in words if not is_assignment(word)]
    changes = assignments([word for word in words if is_assignment(word)])
    if not changes or not targets:
        missing = "what to set" if not changes else "which record"
        raise UsageError(f"say {missing}", "plaincrm set ada-lovelace status=customer")
    records = _selected(app, targets, where) if where else _named(app, targets)
    staged = set_fields(app.book, records, changes, own=own)
    app.tell(staged.echo)
    write(app, staged, mode, records=staged.count)


def _selected(app: App, targets: Sequence[str], where: str) -> list[Record]:
    """The records of the one kind that a query selects. Raises UsageError."""
    if len(targets) > 1:
        raise UsageError(
            f'"{targets[1]}": with --where there is one KIND',
            "plaincrm set contacts --where +vip …",
        )
    if targets[0] in ("tasks", "log"):
        raise UsageError(
            f"{targets[0]} are lines, not records", "plaincrm list tasks; plaincrm done HANDLE"
        )
    return app.book.select(targets[0], [where]).records


def _named(app: App, targets: Sequence[str]) -> list[Record]:
    """The records of these references. Raises UsageError for a whole kind."""
    if app.book.schema.find(targets[0]):
        raise UsageError(
            f"{targets[0]} are many; say which",
            f"plaincrm set {targets[0]} --where QUERY field=value",
        )
    return find_all(app, targets, writes=True)

"""`plaincrm history`: what changed when, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import TABLE, ReadingOptions, arranged, reading, show
from plaincrm.commands._types import QueryWord, RefWord, find_all, period
from plaincrm.errors import PlaincrmError, UsageError

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record
    from plaincrm.crm.history.field_changes import FieldChange

EPILOG = """\b
Examples:
  plaincrm history fjord-website-2027
  plaincrm history deals --where is:won --field stage --json
  plaincrm history --since -2w
"""


@click.command("history", epilog=EPILOG)
@click.argument("ref", type=RefWord(), required=False)
@click.option(
    "--where",
    metavar="QUERY",
    type=QueryWord(),
    help="Only records that this selects; REF may be a KIND.",
)
@click.option("--since", metavar="DATE", help="Only changes of that day or later.")
@click.option(
    "--field", metavar="NAME", help="Only changes of this field; log, task, text and id too."
)
@click.option("--rule", metavar="NAME", help="Only what a rule of automations: did.")
@reading
@pass_app
def command(
    app: App,
    ref: str | None,
    where: str | None,
    since: str | None,
    field: str | None,
    rule: str | None,
    options: ReadingOptions,
) -> None:
    """What changed when, and by whom, field by field, newest first, from git: your own edits too.

    Without REF: of the whole book. Former names of a record are followed.
    """
    from plaincrm.crm.history.field_changes import cut, history
    from plaincrm.views import history as view

    records = None if ref is None or where else _records(app, ref)
    refs = _selected(app, ref, where) if where else None
    if ref and records is None and refs is None:
        refs = [each.ref for each in app.book.store.records(app.book.kind(ref).name)]
    found = history(app.book, records, refs=refs, since=period(app, since).first if since else None)
    kept = [each for each in found if field in (None, each.field)]
    if rule is not None:
        kept = [each for each in kept if _of_rule(each, rule)]
    if options.as_of:
        last = period(app, options.as_of).last
        kept = [each for each in kept if each.at.date() <= last]
    rows = view.rows(kept, len(kept), app.book.store)
    show(app, arranged(rows, options), options)
    if options.form == TABLE and not kept:
        app.say("no changes; what is edited by hand counts once it is committed: plaincrm commit")
    if said := cut(app.book):
        app.say(said)


def _of_rule(change: FieldChange, rule: str) -> bool:
    """Whether a change is the entry that tells of a rule."""
    from plaincrm.crm.automations.cause import tells_of

    return change.field == "log" and isinstance(change.after, str) and tells_of(change.after, rule)


def _records(app: App, ref: str) -> list[Record] | None:
    """The records that are meant; None for a KIND."""
    return None if app.book.schema.find(ref) else find_all(app, [ref])


def _selected(app: App, kind: str | None, where: str) -> list[str]:
    """The refs of the records that a query selects, in one kind, or in every kind whose fields it
    names.
    """
    if kind is not None:
        return [record.ref for record in app.book.select(kind, [where]).records]
    found: list[str] = []
    errors: list[PlaincrmError] = []
    for each in app.book.schema.kinds.values():
        try:
            found += [record.ref for record in app.book.select(each, [where]).records]
        except UsageError as error:
            errors.append(error)
    if len(errors) == len(app.book.schema.kinds):
        raise errors[0]
    return found

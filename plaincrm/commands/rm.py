"""`plaincrm rm`: a record deleted, with the links to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._terminal import confirm
from plaincrm.commands._types import RefWord, find_all
from plaincrm.commands._writing import WritingOptions, write, writing
from plaincrm.errors import PlaincrmError

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record

EPILOG = """\b
Examples:
  plaincrm rm kari-berg -n
  plaincrm rm deal/prairie-logo -y
  plaincrm list contacts tag:gone --ids | plaincrm rm - -y
"""


@click.command("rm", epilog=EPILOG)
@click.argument("refs", metavar="REF...", type=RefWord(), nargs=-1, required=True)
@writing
@pass_app
def command(app: App, refs: tuple[str, ...], mode: WritingOptions) -> None:
    """Delete records; the links to them go too. Git keeps what was deleted, and `plaincrm undo`
    brings it back.

    A REF has to be the whole id, name or address: nothing is deleted on the beginning of a name.
    """
    from plaincrm.crm.actions.rename import remove

    records = find_all(app, refs, surely=True)
    _ask(app, records, mode)
    staged = remove(app.book, records)
    if write(app, staged, mode) and staged.change.written.commit:
        app.say("plaincrm undo brings it back")


def _ask(app: App, records: list[Record], mode: WritingOptions) -> None:
    from plaincrm.crm.link_edits import links_from_others

    for record in records:
        app.say(f"{record.ref}  {record.title}  {record.path}")
        app.tell(
            f"  {source.ref} links to it as {field}; that link goes"
            for source, field in links_from_others(app.book.store, record)
        )
    if mode.yes or mode.dry_run:
        return
    if not app.interactive:
        raise PlaincrmError(
            "nothing deleted: there is nobody to ask", "-y says yes, -n shows the diff"
        )
    if not confirm("Delete?" if len(records) == 1 else f"Delete {len(records)} records?"):
        raise PlaincrmError("nothing deleted")

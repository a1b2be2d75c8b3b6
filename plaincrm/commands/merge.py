"""`plaincrm merge`: two records of one person, company or thing become one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._terminal import confirm
from plaincrm.commands._types import RefWord, find
from plaincrm.commands._writing import WritingOptions, write, writing
from plaincrm.errors import PlaincrmError

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record

EPILOG = """\b
Examples:
  plaincrm merge katharina-winkler k-winkler -n
  plaincrm merge contact/katharina-winkler contacts/k-winkler.md
  plaincrm merge "Katharina Winkler" "K. Winkler" -y
"""


@click.command("merge", epilog=EPILOG)
@click.argument("keep", type=RefWord())
@click.argument("duplicate", type=RefWord())
@writing
@pass_app
def command(app: App, keep: str, duplicate: str, mode: WritingOptions) -> None:
    """Make DUPLICATE part of KEEP.

    KEEP's values win, DUPLICATE's fill the blanks; all e-mails, phones, tags, log entries and tasks
    stay. The life cycle takes the further step, consent is the less permissive. DUPLICATE's id
    becomes an alias, every link follows, its file goes. What finds no place is written into a note
    of the log.

    Both have to be a whole id, name or address: nothing is merged on the beginning of a name.
    """
    from plaincrm.crm.duplicates.merge import merge

    kept = find(app, keep, surely=True)
    other = find(app, duplicate, surely=True)
    staged = merge(app.book, kept, other)
    _ask(app, kept, other, staged.echo, mode)
    if write(app, staged, mode):
        if staged.change.written.commit:
            app.say("plaincrm undo takes it apart again")
        click.echo(staged.records[0].ref)


def _ask(app: App, keep: Record, duplicate: Record, said: list[str], mode: WritingOptions) -> None:
    for word, record in (("keep ", keep), ("merge", duplicate)):
        app.say(f"{word}  {record.ref}  {record.title}  {record.path}")
    app.tell(f"  {line}" for line in said)
    if mode.yes or mode.dry_run:
        return
    if not app.interactive:
        raise PlaincrmError(
            "nothing merged: there is nobody to ask", "-y says yes, -n shows the diff"
        )
    if not confirm("Merge them?"):
        raise PlaincrmError("nothing merged")

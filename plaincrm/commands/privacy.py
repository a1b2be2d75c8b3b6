"""`plaincrm privacy`: requests about personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._terminal import confirm, put
from plaincrm.commands._types import RefWord, find
from plaincrm.commands._writing import WritingOptions, write, writing
from plaincrm.errors import PlaincrmError

if TYPE_CHECKING:
    from plaincrm.core.records.record import Record
    from plaincrm.crm.privacy.forget import Forgotten

EPILOG = """\b
Examples:
  plaincrm privacy export kari-berg -o kari.zip
  plaincrm privacy forget kari-berg -n
  plaincrm privacy forget kari@fjord.example
"""
EXPORT = """\b
Examples:
  plaincrm privacy export kari-berg
  plaincrm privacy export kari-berg -o kari.json
  plaincrm privacy export ola@fjord.example -o ola.zip
"""
FORGET = """\b
Examples:
  plaincrm privacy forget kari-berg -n
  plaincrm privacy forget kari@fjord.example
  plaincrm privacy forget contact/kari-berg -y
"""


@click.group("privacy", epilog=EPILOG)
def command() -> None:
    """What people may ask for: all that is held on them, and to be forgotten."""


@command.command("export", epilog=EXPORT)
@click.argument("ref", type=RefWord())
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="A new file for your eyes only; a .zip has the files too.",
)
@pass_app
def export(app: App, ref: str, output: str | None) -> None:
    """Everything held on one person: their record, the records that link to it, mentions elsewhere,
    and the history.

    As one JSON object. Read it before you pass it on: records that belong to them may name other
    people.
    """
    from plaincrm.crm.exporting.records import save
    from plaincrm.crm.history.field_changes import history
    from plaincrm.crm.privacy.held_data import held
    from plaincrm.interchange.archive import pack
    from plaincrm.views import privacy as view

    found = held(app.book, find(app, ref, writes=True))
    changes = history(app.book, [found.record]) if app.book.git else []
    data = view.as_json(found, changes, app.book.context)
    if output and output != "-":
        save(
            app.book, output, pack(view.as_files(found, data)) if output.endswith(".zip") else data
        )
        app.say(f"{len(found.related) + 1} records and {len(found.mentions)} mentions in {output}")
    else:
        put(data)


@command.command("forget", epilog=FORGET)
@click.argument("ref", type=RefWord())
@writing
@pass_app
def forget(app: App, ref: str, mode: WritingOptions) -> None:
    """Take somebody out of the book, for good: no sync brings them back.

    Their record goes, links to it go, and elsewhere their name, addresses and numbers give way to
    [forgotten]. Orders and invoices stay, in a record without a name, so that totals do. Git's past
    keeps what it has; what to do about that is said at the end. REF has to be the whole id, name or
    address.
    """
    from plaincrm.crm.privacy.forget import forget

    record = find(app, ref, surely=True)
    found = forget(app.book, record)
    _ask(app, record, mode)
    if write(app, found.staged, mode, f"{record.ref} is {found.staged.summary}"):
        _truth(app, found)


def _ask(app: App, record: Record, mode: WritingOptions) -> None:
    app.say(f"{record.ref}  {record.title}  {record.path}")
    if mode.yes or mode.dry_run:
        return
    if not app.interactive:
        raise PlaincrmError(
            "nobody forgotten: there is nobody to ask", "-y says yes, -n shows the diff"
        )
    if not confirm("Forget them?"):
        raise PlaincrmError("nobody forgotten")


def _truth(app: App, found: Forgotten) -> None:
    """What is left to do by hand."""
    import shlex

    from plaincrm.views.privacy import places

    if found.stay:
        refs = " ".join(each.ref for each in found.stay)
        app.say(f"these stay without the link; see whether their text still tells of them: {refs}")
    if found.left:
        app.say("what plaincrm does not change still names them, or may:")
        app.tell(places(found.left))
    if found.commits:
        app.say(
            f"git's past still has the record, in {found.commits} commits, and so has every clone"
            " and backup"
        )
        paths = " ".join(f"--path {shlex.quote(path)}" for path in found.paths)
        app.say(
            f"to take it out: git filter-repo --invert-paths {paths}, then clone anew everywhere"
        )
    app.say("sync tells the other machines")

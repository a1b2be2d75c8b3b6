"""`plaincrm resolve`: decide what a sync could not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._types import RefWord, find
from plaincrm.commands._writing import Mode, write, writing
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.core.raw import Raw
    from plaincrm.crm.contests import Contested

EPILOG = """\b
Examples:
  plaincrm resolve fjord-website-2027
  plaincrm resolve fjord-website-2027 stage --theirs
  plaincrm resolve kari-berg phone --value "+47 22 33 44 55"
"""


@click.command("resolve", epilog=EPILOG)
@click.argument("ref", type=RefWord())
@click.argument("field", required=False)
@click.option("--ours", is_flag=True, help="Keep what the file shows.")
@click.option("--theirs", is_flag=True, help="Take the other value.")
@click.option("--both", is_flag=True, help="A list of all values.")
@click.option("--value", metavar="VALUE", help="Another value altogether; empty deletes the field.")
@writing
@pass_app
def command(
    app: App, ref: str, field: str | None, ours: bool, theirs: bool, both: bool, value: str | None, mode: Mode
) -> None:
    """Decide a contested field of a record. Without FIELD all of them; on a terminal one by one."""
    from plaincrm.crm.conflicts import chosen, named, resolve
    from plaincrm.crm.contests import contested

    said = [name for name, on in (("ours", ours), ("theirs", theirs), ("both", both)) if on]
    said += ["value"] if value is not None else []
    if len(said) > 1:
        raise UsageError(f"--{said[0]} or --{said[1]}, not both", "plaincrm resolve REF FIELD --theirs")
    record = find(app, ref, writes=True)
    fields = [named(record, field)] if field else contested(record) or [named(record, "")]
    if value is not None and len(fields) > 1:
        raise UsageError("--value goes with one FIELD", f"plaincrm resolve {ref} {fields[0].name} --value …")
    decisions = [(each, chosen(each, said[0], value or "") if said else _asked(app, each)) for each in fields]
    done = resolve(app.book, decisions)
    write(app, done.change, mode, done.summary)


def _asked(app: App, field: Contested) -> Raw:
    """The value that the user picks from a numbered list."""
    from plaincrm.crm.conflicts import words

    values = [field.shown or "", *field.others]
    if not app.interactive:
        hint = "--ours keeps it, --theirs takes the other, --value says another, --both takes all"
        raise UsageError(f"{field.name} shows {words(values[0])}, or {words(values[1])}: say which", hint)
    app.say(f"{field.record.ref} {field.name}" + (f", was {words(field.base)}" if field.base else ""))
    for number, value in enumerate(values, 1):
        app.say(f"  {number}  {words(value)}")
    return values[click.prompt("Which", type=click.IntRange(1, len(values)), err=True) - 1]

"""`plaincrm resolve`: decide what a sync could not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._terminal import prompt
from plaincrm.commands._types import RefWord, find
from plaincrm.commands._writing import WritingOptions, write, writing
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.core.values.raw import Raw
    from plaincrm.crm.contested import Contested

EPILOG = """\b
Examples:
  plaincrm resolve
  plaincrm resolve fjord-website-2027 stage --theirs
  plaincrm resolve kari-berg phone --value "+47 22 33 44 55"
"""


@click.command("resolve", epilog=EPILOG)
@click.argument("ref", type=RefWord(), required=False)
@click.argument("field", required=False)
@click.option("--ours", is_flag=True, help="Keep what the file shows.")
@click.option("--theirs", is_flag=True, help="Take the other value.")
@click.option("--both", is_flag=True, help="A list of all values.")
@click.option("--value", metavar="VALUE", help="Another value altogether; empty deletes the field.")
@writing
@pass_app
def command(
    app: App,
    ref: str | None,
    field: str | None,
    ours: bool,
    theirs: bool,
    both: bool,
    value: str | None,
    mode: WritingOptions,
) -> None:
    """Decide a contested field of a record. Without FIELD all of them; on a terminal one by one.

    Without REF, on a terminal: everything that syncs could not decide, record by record.
    """
    said = [name for name, on in (("ours", ours), ("theirs", theirs), ("both", both)) if on]
    said += ["value"] if value is not None else []
    if len(said) > 1:
        raise UsageError(
            f"--{said[0]} or --{said[1]}, not both", "plaincrm resolve REF FIELD --theirs"
        )
    if ref is None:
        return _all(app, bool(said), mode)
    fields = _fields(app, ref, field)
    if value is not None and len(fields) > 1:
        raise UsageError(
            "--value goes with one FIELD", f"plaincrm resolve {ref} {fields[0].name} --value …"
        )
    return _decide(app, fields, said[0] if said else "", value or "", mode)


def _fields(app: App, ref: str, field: str | None) -> list[Contested]:
    from plaincrm.crm.actions.resolve import named
    from plaincrm.crm.contested import contested

    record = find(app, ref, writes=True)
    return [named(record, field)] if field else contested(record) or [named(record, "")]


def _all(app: App, said: bool, mode: WritingOptions) -> None:
    """Every contested record, each decided on its own, so that whoever stops has decided those
    before.
    """
    from plaincrm.crm.actions.resolve import all_contested

    if said or not app.interactive:
        raise UsageError(
            "which record?", "plaincrm conflicts lists them; plaincrm resolve REF FIELD --ours"
        )
    found = all_contested(app.book)
    for _, fields in groupby(found, key=lambda each: each.record.ref):
        _decide(app, list(fields), "", "", mode)
    if not found:
        app.say("nothing is contested")


def _decide(
    app: App, fields: Sequence[Contested], choice: str, value: str, mode: WritingOptions
) -> None:
    from plaincrm.crm.actions.resolve import chosen, resolve

    decisions = [
        (each, chosen(each, choice, value) if choice else _asked(app, each)) for each in fields
    ]
    staged = resolve(app.book, decisions)
    write(app, staged, mode)


def _asked(app: App, field: Contested) -> Raw:
    """The value that the user picks from a numbered list."""
    from plaincrm.crm.actions.resolve import words

    values = [field.shown or "", *field.others]
    if not app.interactive:
        hint = "--ours keeps it, --theirs takes the other, --value says another, --both takes all"
        raise UsageError(
            f"{field.name} shows {words(values[0])}, or {words(values[1])}: say which", hint
        )
    app.say(
        f"{field.record.ref} {field.name}" + (f", was {words(field.base)}" if field.base else "")
    )
    for number, value in enumerate(values, 1):
        origin = field.origins[number - 1] if field.origins else None
        app.say(
            f"  {number}  {words(value)}"
            + (f"   {origin.author}, {origin.at:%Y-%m-%d %H:%M}" if origin else "")
        )
    chosen: int = prompt(
        f"Which, 1 to {len(values)}; Ctrl-C leaves it open",
        type=click.IntRange(1, len(values)),
        err=True,
    )
    return values[chosen - 1]

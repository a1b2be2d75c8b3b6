"""`plaincrm task`: tasks of records."""

from __future__ import annotations

from typing import Any

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._types import RefWord, find_all
from plaincrm.commands._writing import WritingOptions, write, writing

EPILOG = """\b
Examples:
  plaincrm task add fjord-website-2027 Send the contract due:fri pri:high
  plaincrm task add fjord-ferries "Ask for the yearly report" due:2027-01-15 rec:+1y
  plaincrm task add kari-berg "The purchase order number" from:kari-berg due:+3bd
"""


class AddingGroup(click.Group):
    """`task ada "…"` is `task add ada "…"`: there is nothing else to do with a task here."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        known = not args or args[0] in self.commands or args[0].startswith("-")
        return super().resolve_command(ctx, args if known else ["add", *args])


@click.group("task", cls=AddingGroup, epilog=EPILOG)
def command() -> None:
    """Tasks of records. `plaincrm done` and `plaincrm snooze` deal with them, `plaincrm list tasks`
    lists them.
    """


@command.command("add", epilog=EPILOG)
@click.argument("ref", type=RefWord())
@click.argument("text", nargs=-1, required=True)
@writing
@pass_app
def add(app: App, ref: str, text: tuple[str, ...], mode: WritingOptions) -> None:
    """A new task of a record.

    Keys may stand anywhere in the text: due:fri, rec:2w (again two weeks after it was done; rec:+2w
    after it was due), pri:high, from:kari (waits for her), t:mon (hidden until then).
    """
    from plaincrm.crm.actions.task import add_task

    staged = add_task(app.book, find_all(app, [ref], writes=True), text)
    app.tell(staged.echo)
    write(app, staged, mode, records=staged.count)

"""`plaincrm sync`: bring two machines together."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._hand_edits import left_alone, meant, taken_in

EPILOG = """\b
Examples:
  plaincrm sync
  plaincrm sync --to git@host.example:me/book.git
  plaincrm sync --yes
"""


@click.command("sync", epilog=EPILOG)
@click.option("--to", metavar="URL", help="The other end, said once.")
@click.option("-y", "--yes", is_flag=True, help="Files that are gone or empty are meant to be.")
@click.option("--json", is_flag=True, help="One JSON object.")
@pass_app
def command(app: App, to: str | None, yes: bool, json: bool) -> None:
    """Commit your edits, fetch, merge field by field, push.

    Of the files in the folder it takes those of the book; others are named and left alone. Where
    many are gone at once, as when a disk is not mounted, it asks first.

    Two machines that changed different things, even of one record, both keep them. What both set
    differently is kept as data: plaincrm conflicts lists it, plaincrm resolve decides it. Killed
    anywhere, it loses nothing.
    """
    from plaincrm.crm.actions.sync import sync

    report = sync(app.book, to, lambda said: yes or meant(app, said), app.say)
    if json:
        from plaincrm.views.json_text import dumps

        click.echo(dumps({"schemaVersion": 1, "kind": "sync", **report.as_json()}), nl=False)
        return
    done = report.done
    if done.committed:
        app.say(taken_in(done.committed))
    for line in (*done.said, *left_alone(done.left_alone)):
        app.say(line)
    if done.contested:
        from plaincrm.core.text.counted import counted

        fields = counted(len(done.contested), "contested field")
        app.say(f"{fields}: plaincrm conflicts")
    if report.came:
        click.echo(app.shown(report.came))
    if done.pushed or not report.came:
        app.say(f"pushed{done.where}" if done.pushed else "nothing new on either side")

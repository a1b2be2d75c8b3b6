"""`plaincrm sync`: bring two machines together."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app

EPILOG = """\b
Examples:
  plaincrm sync
  plaincrm sync --to git@host.example:me/book.git
  plaincrm sync --json
"""


@click.command("sync", epilog=EPILOG)
@click.option("--to", metavar="URL", help="The other end, said once.")
@click.option("--json", is_flag=True, help="One JSON object.")
@pass_app
def command(app: App, to: str | None, json: bool) -> None:
    """Commit your edits, fetch, merge field by field, push.

    Two machines that changed different things, even of one record, both keep them. What both set
    differently is kept as data: plaincrm conflicts lists it, plaincrm resolve decides it. Killed
    anywhere, it loses nothing.
    """
    from plaincrm.crm.actions.sync import sync

    report = sync(app.book, to)
    if json:
        from plaincrm.views.rows import dumps

        click.echo(dumps({"schemaVersion": 1, "kind": "sync", **report.as_json()}), nl=False)
        return
    done = report.done
    if done.committed:
        count = len(done.committed)
        app.say(f"committed your edits of {count} {'file' if count == 1 else 'files'}")
    for line in done.said:
        app.say(line)
    if done.contested:
        fields = (
            "1 contested field"
            if len(done.contested) == 1
            else f"{len(done.contested)} contested fields"
        )
        app.say(f"{fields}: plaincrm conflicts")
    if report.came:
        click.echo(app.shown(report.came))
    if done.pushed or not report.came:
        app.say("pushed" if done.pushed else "nothing new on either side")

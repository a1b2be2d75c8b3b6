"""`plaincrm commit`: what was edited by hand, into the history."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app

EPILOG = """\b
Examples:
  plaincrm commit
  plaincrm commit --dry-run
  plaincrm commit --yes
"""


@click.command("commit", epilog=EPILOG)
@click.option("-n", "--dry-run", is_flag=True, help="List the files, write nothing.")
@click.option("-y", "--yes", is_flag=True, help="Files that are gone or empty are meant to be.")
@click.option("--json", is_flag=True, help="One JSON object.")
@pass_app
def command(app: App, dry_run: bool, yes: bool, json: bool) -> None:
    """Commit what you edited by hand: records, settings, templates, segments.

    Sync does that too, and sends it; this is for a book on one machine. A stage or status that you
    changed gets its log entry. Files that are not the book's are named and left alone.
    """
    from plaincrm.commands._hand_edits import left_alone, meant, taken_in
    from plaincrm.crm.actions import commit

    done = (
        commit.pending(app.book)
        if dry_run
        else commit.commit(app.book, lambda said: yes or meant(app, said))
    )
    if json:
        _as_json(done.committed, done.left_alone, dry_run)
        return
    if dry_run:
        app.tell(done.committed)
    elif done.committed:
        app.say(taken_in(done.committed))
    app.tell(left_alone(done.left_alone))
    if not done.committed:
        app.say("nothing to commit")


def _as_json(committed: tuple[str, ...], left: tuple[str, ...], dry_run: bool) -> None:
    from plaincrm.views.json_text import dumps

    found = {"committed": list(committed), "leftAlone": list(left), "dryRun": dry_run}
    click.echo(dumps({"schemaVersion": 1, "kind": "commit", **found}), nl=False)

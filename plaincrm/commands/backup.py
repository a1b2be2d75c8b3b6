"""`plaincrm backup`: the book with its history in one file."""

from __future__ import annotations

from pathlib import Path

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.errors import GitFailed

EPILOG = """\b
Examples:
  plaincrm backup ~/book.bundle
  plaincrm backup /media/stick/book.bundle
  plaincrm backup book.bundle --json
"""


@click.command("backup", epilog=EPILOG)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="What it holds, as JSON.")
@pass_app
def command(app: App, file: Path, as_json: bool) -> None:
    """Write the book with its whole history into FILE, and restore it once to see that it can be.

    A FILE that is a backup is replaced. git clone FILE DIR brings the book back. What is not
    committed is not in it, nor are inbox/ and outbox/.
    """
    from plaincrm.book.config import here
    from plaincrm.book.git.bundle import backup
    from plaincrm.core.text.counted import counted

    git = app.book.git
    if git is None:
        raise GitFailed("the book is no git repo, so there is no history", "git init begins one")
    done = backup(git, here() / file.expanduser(), app.book.private)
    if as_json:
        from plaincrm.views.json_text import dumps

        keys = ("size", "commits", "files", "head")
        told = {"path": str(done.path), **{key: getattr(done, key) for key in keys}}
        click.echo(dumps({"kind": "backup", **told, "leftOut": list(done.left_out)}), nl=False)
    else:
        holds = f"{counted(done.commits, 'commit')}, {counted(done.files, 'file')}"
        app.say(f"wrote {file}: {holds}; restored once, and the same")
    if done.left_out:
        some = counted(len(done.left_out), "file")
        app.say(f"{some} with changes that no commit holds: plaincrm sync, or git commit")

"""`plaincrm demo`: a throw-away copy of the example book, and a short tour of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from plaincrm.commands._app import App, pass_app

EPILOG = """\b
Examples:
  plaincrm demo
  plaincrm --color never demo
  plaincrm demo | less
"""
TOUR: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Deals by stage; other currencies by the book's own rates:",
        ("pipeline", "--pipeline", "default"),
    ),
    ("What the morning looks like, by the most urgent:", ("today",)),
    (
        "An e-mail from a template, in the language of its reader (nothing is sent):",
        ("email", "invoice-reminder", "friederike-moeller"),
    ),
)


@click.command("demo", epilog=EPILOG)
@pass_app
@click.pass_context
def command(ctx: click.Context, app: App) -> None:
    """A throw-away copy of the example book in a temporary folder, and a short tour of it.

    Needs no book, no configuration and no network, and changes nothing outside the temporary
    folder.
    """
    import tempfile

    from plaincrm.book.create import EXAMPLE_DAY, start_example

    root = start_example(Path(tempfile.mkdtemp(prefix="plaincrm-demo-")) / "studio").root
    click.echo(f"The book of a one-person design studio, on {EXAMPLE_DAY}; all people are made up.")
    for heading, words in TOUR:
        _show(ctx, app, root, heading, words, EXAMPLE_DAY)
        if app.interactive and app.height is not None:
            _wait(app)
    click.echo(_END.format(root=root, day=EXAMPLE_DAY, path=_path_line()))


def _show(
    ctx: click.Context, app: App, root: Path, heading: str, words: Sequence[str], day: str
) -> None:
    """The command line, then what the very command prints."""
    click.echo(f"\n{heading}\n\n$ plaincrm {' '.join(words)}\n")
    color = "always" if app.color else "never"
    program = ctx.find_root().command
    program.main(
        ["-C", str(root), "--today", day, "--color", color, *words],
        "plaincrm",
        standalone_mode=False,
    )


def _wait(app: App) -> None:
    """Until somebody at a terminal has read a part. Ctrl-C ends the tour."""
    from plaincrm.commands._terminal import prompt

    app.say("")
    prompt("Enter goes on, Ctrl-C ends the tour", "", show_default=False, err=True)


def _path_line() -> str:
    """What makes `plaincrm` a word of the shell, where it is none yet."""
    import shutil
    import sys

    if shutil.which("plaincrm"):
        return ""
    return f"  export PATH={Path(sys.argv[0]).resolve().parent}:$PATH\n"


_END = """
The copy is yours to play with, and to delete. It lies in
  {root}
Go on with

{path}  cd {root}
  export PLAINCRM_TODAY={day}
  plaincrm show ola-nordmann
  plaincrm list deals is:open value:5000.. --sort -value
  plaincrm check
  plaincrm set ola-nordmann tags+=friend && plaincrm undo

and `plaincrm init ~/book` starts a book of your own."""

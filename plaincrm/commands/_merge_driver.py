"""`plaincrm merge-driver`: what git runs for each record that both sides changed. Not for
people.
"""

from __future__ import annotations

from pathlib import Path

import click

FILE = click.Path(path_type=Path)


@click.command("merge-driver", hidden=True)
@click.argument("base", type=FILE)
@click.argument("ours", type=FILE)
@click.argument("theirs", type=FILE)
@click.argument("size", type=int)
@click.argument("path")
@click.pass_context
def command(ctx: click.Context, base: Path, ours: Path, theirs: Path, size: int, path: str) -> None:
    """Merge THEIRS into OURS, both made from BASE; SIZE is that of conflict markers."""
    from plaincrm.book.git.merge_driver import run

    ctx.exit(run(base, ours, theirs, size, path))

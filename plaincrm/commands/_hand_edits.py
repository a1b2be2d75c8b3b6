"""What `commit` and `sync` ask and say about files that were edited by hand."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from plaincrm.commands._app import App
from plaincrm.commands._terminal import confirm

SHOWN = 3  # names of files on one line


def meant(app: App, said: str) -> bool:
    """Whether somebody at a terminal says that it is meant."""
    return app.interactive and confirm(f"{said}. Is that meant?")


def left_alone(paths: Sequence[str]) -> Iterator[str]:
    """What is in the folder and not the book's, in one line, with what to type."""
    if not paths:
        return
    first = shlex.quote(paths[0])
    said = f"left alone, not the book's: {_named(paths)}"
    yield f"{said}; git add {first} takes it along, a line in .gitignore hides it"


def taken_in(paths: Sequence[str]) -> str:
    """Which files that were edited by hand have been committed."""
    from plaincrm.core.text.counted import counted

    return f"committed your edits of {counted(len(paths), 'file')}: {_named(paths)}"


def _named(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
    return f"{', '.join(paths[:SHOWN])}{more}"

"""`plaincrm edit`: a record in the user's editor."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._types import RefWord, find
from plaincrm.commands._writing import WritingOptions, write, writing

EPILOG = """\b
Examples:
  plaincrm edit magnus-dahl
  plaincrm edit company/fjord-ferries
  plaincrm edit deal/fjord-website-2027 -m "Notes of the call"
"""


@click.command("edit", epilog=EPILOG)
@click.argument("ref", type=RefWord())
@writing
@pass_app
def command(app: App, ref: str, mode: WritingOptions) -> None:
    """A record in $VISUAL or $EDITOR.

    You edit a copy; it replaces the file when it is sound, and only if the file has not changed
    meanwhile. A value whose meaning is sure, such as 20.01.2027, is put into the form of files; on
    a problem the editor opens again. What you typed is never lost. A stage or status
    that you change gets its log entry.
    """
    from plaincrm.commands._editor import EditorDraft, revised
    from plaincrm.crm.actions import edit

    record = find(app, ref, writes=True)
    before = app.book.source.file(record.path) or b""
    with EditorDraft.of(f"{record.id}.md", before) as draft:
        text = revised(
            app,
            draft,
            lambda after: edit.problems(app.book, record, after),
            lambda after: edit.mended(app.book, record.kind, after, record),
        )
        staged = edit.rewrite(app.book, record, before, text)
        write(app, staged, mode)
        draft.keep_if(mode.dry_run)
    if staged.records[0].title != record.title:
        app.say(f'the id stays {record.id}; plaincrm rename {record.ref} "…" changes it too')

"""`plaincrm config`: the book's settings in the user's editor; one of them read or set."""

from __future__ import annotations

from collections.abc import Sequence

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._words import SettingWord
from plaincrm.commands._writing import WritingOptions, write, writing
from plaincrm.errors import UsageError

EPILOG = """\b
Examples:
  plaincrm config
  plaincrm config rates
  plaincrm config currency=CHF rates.USD.2026-12=0.92
"""


@click.command("config", epilog=EPILOG)
@click.argument("words", metavar="[KEY | KEY=VALUE...]", type=SettingWord(), nargs=-1)
@click.option("--path", "where", is_flag=True, help="Print where the file is.")
@click.option("--json", is_flag=True, help="One JSON object, of a KEY.")
@writing
@pass_app
def command(
    app: App, words: tuple[str, ...], where: bool, json: bool, mode: WritingOptions
) -> None:
    """The settings, plaincrm.yaml, in $VISUAL or $EDITOR.

    You edit a copy; it replaces the file when it is sound. On a problem the editor opens again, and
    what you typed is never lost. With a KEY it prints what is set; KEY=VALUE sets it and leaves all
    else in the file as it is. `plaincrm help settings` is the page about them.
    """
    from plaincrm.book.config import SETTINGS
    from plaincrm.crm.actions import config

    if where:
        click.echo(app.shown(str(app.root / SETTINGS)))
    elif any("=" in word for word in words):
        write(app, config.assign(app.book, words), mode)
    elif len(words) > 1:
        raise UsageError(
            f'"{words[1]}": one KEY is shown at a time', f"plaincrm config {words[0]}=VALUE sets it"
        )
    elif words:
        _show(app, config.values(app.book, words[0]), json)
    else:
        _edit(app, mode)


def _show(app: App, found: Sequence[tuple[str, str]], json: bool) -> None:
    from plaincrm.views.json_text import dumps

    if json:
        results = [{"key": key, "value": value} for key, value in found]
        told = {"schemaVersion": 1, "kind": "config", "total": len(results), "results": results}
        click.echo(dumps(told), nl=False)
        return
    for key, value in found:
        click.echo(app.shown(value if len(found) == 1 else f"{key}={value}"))


def _edit(app: App, mode: WritingOptions) -> None:
    from plaincrm.book.config import SETTINGS
    from plaincrm.commands._editor import EditorDraft, revised
    from plaincrm.crm.actions import config

    before = app.book.source.file(SETTINGS) or b""
    with EditorDraft.of(SETTINGS, before) as draft:
        text = revised(app, draft, lambda after: config.problems(app.book, after))
        write(app, config.rewrite(app.book, before, text), mode)
        draft.keep_if(mode.dry_run)

"""`plaincrm help`: the manual."""

from __future__ import annotations

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.errors import NotFound, did_you_mean

EPILOG = """\b
Examples:
  plaincrm help
  plaincrm help query
  plaincrm help list
"""


@click.command("help", epilog=EPILOG)
@click.argument("word", required=False)
@pass_app
@click.pass_context
def command(ctx: click.Context, app: App, word: str | None) -> None:
    """A page of the manual, or the help of a command; without a WORD the list of both."""
    from plaincrm.book.help_pages import pages

    manual, root = pages(), ctx.find_root()
    group = root.command
    assert isinstance(group, click.Group)
    if word is None:
        _contents(root, {name: page.title for name, page in manual.items()})
    elif word in manual:
        click.echo(app.shown(manual[word].text), nl=False)
    elif found := group.get_command(root, word):
        with click.Context(found, info_name=word, parent=root) as inner:
            click.echo(found.get_help(inner))
    else:
        near = did_you_mean(word, [*manual, *group.list_commands(root)])
        raise NotFound(f'the manual has no "{word}"', near or "plaincrm help lists what there is")


def _contents(root: click.Context, titles: dict[str, str]) -> None:
    formatter = root.make_formatter()
    with formatter.section("Pages (plaincrm help PAGE)"):
        formatter.write_dl(sorted(titles.items()))
    click.echo(formatter.getvalue() + "\n" + root.get_help())

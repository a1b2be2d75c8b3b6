"""`plaincrm help`: the manual."""

from __future__ import annotations

from collections.abc import Mapping

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import page
from plaincrm.errors import NotFound, did_you_mean

EPILOG = """\b
Examples:
  plaincrm help
  plaincrm help query
  plaincrm help money
"""


@click.command("help", epilog=EPILOG)
@click.argument("word", required=False)
@pass_app
@click.pass_context
def command(ctx: click.Context, app: App, word: str | None) -> None:
    """A page of the manual, the help of a command, or where the manual speaks of a word.

    Without a WORD the list of pages and commands.
    """
    from plaincrm.book.help_pages import pages

    manual, root = pages(), ctx.find_root()
    group = root.command
    assert isinstance(group, click.Group)
    if word is None:
        return page(app, _contents(root, {name: found.title for name, found in manual.items()}))
    if word in manual:
        return _page(app, manual[word].text)
    meant = _command(group, root, word)
    if meant is None:
        return _index(app, word, {name: found.text for name, found in manual.items()})
    found = group.get_command(root, meant)
    assert found is not None
    with click.Context(found, info_name=meant, parent=root) as inner:
        return page(app, found.get_help(inner) + "\n")


def _command(group: click.Group, root: click.Context, word: str) -> str | None:
    """The command of that name or alias."""
    from plaincrm.commands._aliases import ALIASES

    for name in (word, ALIASES.get(word, "").partition(" ")[0]):
        if name and group.get_command(root, name) is not None:
            return name
    return None


def _page(app: App, text: str) -> None:
    """Laid out on a terminal; as it is in a pipe."""
    from plaincrm.commands._reading import ReadingOptions, layout_of
    from plaincrm.views.manual import rendered

    page(app, text if app.width is None else rendered(text, layout_of(app, ReadingOptions())))


def _index(app: App, word: str, texts: Mapping[str, str]) -> None:
    """Where the manual speaks of the word. Raises NotFound where it does not."""
    from plaincrm.commands._aliases import LINES
    from plaincrm.views.manual_index import places, words
    from plaincrm.views.safe import line
    from plaincrm.views.table import cut

    found = places(word, texts)
    if not found:
        known = [*texts, *words(texts.values())]
        typed = f"type {LINES[word]}" if word in LINES else did_you_mean(word, known)
        near = typed or "plaincrm help lists what there is"
        raise NotFound(f'the manual has no "{word}"', near)
    out = [f'"{line(word)}" in the manual:', ""]
    for each in found:
        out += [each.where, "    " + cut(line(each.text), (app.width or 100) - 4)]
    page(app, "\n".join(out) + "\n")


def _contents(root: click.Context, titles: dict[str, str]) -> str:
    from plaincrm.views.manual_index import INSIDE

    formatter = root.make_formatter()
    for title, inside in (("Pages (plaincrm help PAGE)", False), ("How it is made", True)):
        with formatter.section(title):
            rows = [(name, said) for name, said in titles.items() if (name in INSIDE) == inside]
            formatter.write_dl(sorted(rows))
    words = "plaincrm help WORD says where the manual speaks of it, as in plaincrm help money"
    return f"{formatter.getvalue()}\n{words}\n\n{root.get_help()}\n"

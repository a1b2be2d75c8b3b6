"""`plaincrm add`: a new record."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._terminal import confirm
from plaincrm.commands._types import KindWord
from plaincrm.commands._words import AssignmentWord
from plaincrm.commands._writing import WritingOptions, assignments, is_assignment, write, writing
from plaincrm.errors import Ambiguous, Refused, UsageError, did_you_mean

if TYPE_CHECKING:
    from plaincrm.core.schema.kinds import Kind
    from plaincrm.crm.actions.add import NewRecord

EPILOG = """\b
Examples:
  plaincrm add contact "Ada Lovelace <ada@x.example>" company=fjord-ferries tags=vip
  plaincrm add deal "Fjord poster" company=fjord-ferries value="1200 EUR" close_date=eom
  plaincrm add company "Polar Press" website=https://polar.example --edit
"""
_AMOUNT = re.compile(r"[€£$¥]?\d[\d.,'’]*[€£$¥]?")


@click.command("add", epilog=EPILOG)
@click.argument("kind", type=KindWord(one=True))
@click.argument("words", metavar="NAME [FIELD=VALUE]...", type=AssignmentWord(), nargs=-1)
@click.option("--edit", is_flag=True, help="Open the new file in the editor first.")
@click.option("--new", is_flag=True, help="Another one, though somebody like that is there.")
@click.option(
    "--own",
    is_flag=True,
    help="A new field of your own, though a known one is spelled much like it.",
)
@click.option(
    "--again", is_flag=True, help="Who was forgotten, or unsubscribed, is back on their own."
)
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
@writing
@pass_app
def command(
    app: App,
    kind: str,
    words: tuple[str, ...],
    edit: bool,
    new: bool,
    own: bool,
    again: bool,
    as_json: bool,
    mode: WritingOptions,
) -> None:
    """A new record of a KIND; its kind/id is printed.

    NAME may carry an address: "Ada Lovelace <ada@x.example>". Somebody like that who is there
    already is named, with the reasons, and nothing is written: --new adds another one.
    """
    from plaincrm.crm.actions import add

    found = _kind(app, kind, words)
    named, changes = _parted(found, words)
    draft = add.draft(app.book, found, " ".join(named), changes, own=own, again=again)
    text = draft.text
    app.tell(draft.echo)
    if not new:
        _ask_about_doubles(app, draft)
    if edit:
        _in_the_editor(app, draft, text, mode, as_json)
    else:
        _add(app, draft, text, mode, as_json)


def _parted(kind: Kind, words: Sequence[str]) -> tuple[list[str], list[tuple[str, str, str]]]:
    """The words of the name, and the assignments behind them. Raises UsageError for a word that
    could belong to either.
    """
    begin = next((n for n, word in enumerate(words) if n and is_assignment(word)), len(words))
    named, rest = list(words[:begin]), words[begin:]
    for n, word in enumerate(rest):
        if not is_assignment(word):
            whole = [*named, *rest[: n - 1], f"{rest[n - 1]} {word}", *rest[n + 1 :]]
            raise UsageError(
                f'"{word}" stands after {rest[n - 1]}; quotes say what it belongs to',
                shlex.join(["plaincrm", "add", kind.name, *whole]),
            )
    _refuse_amount(kind, named)
    return named, assignments(rest)


def _refuse_amount(kind: Kind, named: Sequence[str]) -> None:
    """Raises UsageError for an amount of money that stands behind the name of a deal."""
    field = next((each for each in kind.fields.values() if each.value_type.monetary), None)
    amount = next((n for n, word in enumerate(named) if n and _AMOUNT.fullmatch(word)), 0)
    if field is None or not amount:
        return
    name, money = " ".join(named[:amount]), " ".join(named[amount:])
    line = shlex.join(["plaincrm", "add", kind.name, name, f"{field.name}={money}"])
    raise UsageError(
        f'"{money}" may be its {field.name}, or belong to its name',
        f"{line}, or the whole name in quotes",
    )


def _kind(app: App, word: str, words: Sequence[str]) -> Kind:
    """The kind that is named. Raises UsageError where a name stands in its place, or none does."""
    found = app.book.find_kind(word)
    is_name = word != word.lower() or " " in word or not words or is_assignment(words[0])
    if found is None and is_name and not did_you_mean(word, _kinds(app)):
        line = shlex.join(["plaincrm", "add", "contact", word, *words])
        raise UsageError(f'"{word}" is no kind', line)
    found = app.book.kind(word)
    if found.name not in app.book.schema.kinds:
        raise Refused(
            f"a {found.name} belongs to a record",
            'plaincrm task add REF "…", or plaincrm log REF TYPE "…"',
        )
    if not words:
        raise UsageError(f"a {found.name} needs a name", f'plaincrm add {found.name} "NAME"')
    return found


def _kinds(app: App) -> list[str]:
    return [word for kind in app.book.schema.kinds.values() for word in (kind.name, kind.plural)]


def _ask_about_doubles(app: App, new: NewRecord) -> None:
    from plaincrm.crm.actions.add import refuse_double

    try:
        refuse_double(app.book, new.kind, new.fields)
    except Ambiguous as error:
        if not app.interactive:
            raise
        app.say(error.message)
        app.tell(f"  {candidate}" for candidate in error.candidates)
        if not confirm("Add another one?"):
            raise


def _in_the_editor(
    app: App, new: NewRecord, text: str, mode: WritingOptions, as_json: bool
) -> None:
    from plaincrm.commands._editor import EditorDraft, revised
    from plaincrm.crm.actions.edit import mended, new_problems

    with EditorDraft.of(f"new-{new.kind.name}.md", text.encode()) as draft:
        edited = revised(
            app,
            draft,
            lambda after: new_problems(app.book, new.kind, after),
            lambda after: mended(app.book, new.kind, after),
        )
        _add(app, new, edited, mode, as_json)
        draft.keep_if(mode.dry_run)


def _add(app: App, new: NewRecord, text: str, mode: WritingOptions, as_json: bool) -> None:
    from plaincrm.crm.actions.add import put
    from plaincrm.views.json_text import dumps
    from plaincrm.views.record_json import record

    staged = put(new, text)
    if write(app, staged, mode):
        added = staged.records[0]
        line = dumps(record(added, app.book.context)) if as_json else f"{added.ref}\n"
        click.echo(line, nl=False)

"""`plaincrm import`: records and log entries from files of other programs, and from plaincrm's own
exports.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import write_out
from plaincrm.commands._types import KindWord
from plaincrm.commands._writing import WritingOptions, write, writing
from plaincrm.errors import UsageError

if TYPE_CHECKING:
    from plaincrm.crm.importing.identity import Match
    from plaincrm.crm.importing.report import Import
    from plaincrm.crm.importing.run import ImportOptions, InputFile
    from plaincrm.crm.importing.source import SourceFile, SourceOptions

T = TypeVar("T")
EPILOG = """\b
Examples:
  plaincrm import contacts.csv -n
  plaincrm import phone.vcf calendar.ics ~/Mail/Archive -y
  plaincrm import ~/phone/contacts --sync
"""
MANY = 2000  # rows from which a bar shows how far it is
_ASKED = "plaincrm.import.asked"  # where click's context keeps who was meant
_STANDARD_INPUT = "plaincrm.import.standard_input"  # where click's context keeps it
FEW = 20  # files up to which each is described


@click.command("import", epilog=EPILOG)
@click.argument("paths", metavar="[FILE...]", type=click.Path(allow_dash=True), nargs=-1)
@click.option(
    "--as",
    "preset",
    metavar="PRESET",
    help="The program it comes from: salesforce, hubspot, plain …",
)
@click.option("--kind", type=KindWord(), help="What the rows are.")
@click.option(
    "--map",
    "map_file",
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="Which column goes where, from a file of --save-map.",
)
@click.option(
    "--save-map",
    metavar="FILE",
    help="Write the mapping chosen, to change it and give it to --map.",
)
@click.option(
    "--encoding", metavar="NAME", help="The file's encoding, where its bytes don't tell: cp1252."
)
@click.option(
    "--where", metavar="QUERY", help="Only the rows that this selects; the others are skipped."
)
@click.option(
    "--update",
    type=click.Choice(["fill", "overwrite"]),
    default="fill",
    show_default=True,
    help="What is here already: fill its blanks, or set what differs too.",
)
@click.option(
    "--match",
    type=click.Choice(["id", "email", "phone", "name", "ask"]),
    help="The weakest proof that a row is a record of the book: its id, e-mail, phone, or name;"
    " ask: where the name alone fits, you are asked.",
)
@click.option(
    "--new-senders", is_flag=True, help="Make contacts of those who wrote a mail and are not here."
)
@click.option(
    "--pipeline",
    metavar="NAME",
    help="The pipeline of the deals; made of the file's stages if new.",
)
@click.option("--currency", metavar="CODE", help="Of amounts that name none; else the book's.")
@click.option(
    "--rejects",
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="Where rows go that can't be imported (default: rejects.csv).",
)
@click.option(
    "--source",
    metavar="TEXT",
    help="The source of new records whose row names none: a fair, a list.",
)
@click.option(
    "--again", is_flag=True, help="Who was forgotten, or unsubscribed, is back on their own."
)
@click.option(
    "--sync",
    is_flag=True,
    help="FILE is a folder of export --into: take what a phone changed in it, field by field.",
)
@click.option("--json", "json", is_flag=True, help="One JSON object.")
@writing
@pass_app
def command(
    app: App,
    /,
    paths: tuple[str, ...],
    save_map: str | None,
    rejects: str | None,
    sync: bool,
    json: bool,
    mode: WritingOptions,
    **options: Any,
) -> int:
    """Read CSV and JSON, vCards, calendars, mail and lines for the log; - is standard input.

    A file is known by its content. A FILE may be a Maildir; without any FILE, what lies in the
    book's inbox/ goes in and moves to inbox/done/. The same file twice changes nothing.

    Columns are known by their names and cells; look at what was chosen with -n. Rows find their
    records by external id, else by e-mail or domain, by phone and name, or by a name that nothing
    contradicts. Meetings and mails become log entries of the people on them. Exit code 1 if rows
    were rejected, or if a file held nothing: rejects wait in a file that can be mended and imported
    again.
    """
    from plaincrm.book.new_file import refuse_existing
    from plaincrm.crm.importing import inbox
    from plaincrm.crm.importing.run import run

    if rejects:
        refuse_existing(Path(rejects))
    if sync:
        return _sync(app, paths, _import_options(app, **options), mode, json)
    dropped = None if paths else inbox.waiting(app.book)
    files = [_input(path) for path in paths] if dropped is None else dropped
    done = run(
        app.book,
        files,
        _import_options(app, **options),
        partial(_bar, app),
        opened=partial(_opened, app, save_map, json),
        skip_unreadable=dropped is not None,
    )
    return _finish(app, done, dropped, rejects or "", mode, json)


def _decided(app: App, name: str, found: Sequence[str]) -> str:
    """Which of the records of a name a row is about, as the user says; empty for somebody new. An
    import that is planned once more does not ask again."""
    from plaincrm.commands._terminal import prompt

    asked: dict[tuple[str, ...], str] = click.get_current_context().meta.setdefault(_ASKED, {})
    key = (name, *found)
    if key not in asked:
        app.say(f'"{name}" may be: ' + ", ".join(f"{n} {ref}" for n, ref in enumerate(found, 1)))
        answer = prompt("Which (a number, or n for somebody new)?").strip()
        at = int(answer) - 1 if answer.isdecimal() else -1
        asked[key] = found[at] if 0 <= at < len(found) else ""
    return asked[key]


def _finish(
    app: App,
    done: Import,
    dropped: Sequence[InputFile] | None,
    rejects: str,
    mode: WritingOptions,
    json: bool,
) -> int:
    from plaincrm.views.import_report import as_json, summary, troubles
    from plaincrm.views.json_text import dumps

    if not json:
        app.tell(troubles(done))
        app.say(summary(done))
    if not (json and mode.dry_run):
        write(app, done.staged, mode, records=done.touched)
    written: dict[int, str] = {}
    if not mode.dry_run:
        done.finish()
        if dropped is None:
            written = _write_rejects(app, done, rejects)
        else:
            _clear(app, dropped, done)
    if json:
        click.echo(dumps(as_json(done, written, dry_run=mode.dry_run)), nl=False)
    return 1 if done.counts["rejected"] or done.empty else 0


def _sync(
    app: App, paths: Sequence[str], options: ImportOptions, mode: WritingOptions, json: bool
) -> int:
    """Take what a phone changed in a folder; afterwards both sides agree."""
    from plaincrm.crm.importing.card_sync import sync_cards
    from plaincrm.crm.importing.task_sync import sync_tasks
    from plaincrm.views.folder_sync import sync_said, tasks_said
    from plaincrm.views.import_report import as_json, troubles
    from plaincrm.views.json_text import dumps

    if len(paths) != 1 or paths[0] == "-":
        raise UsageError("--sync takes one folder", "plaincrm import DIR --sync")
    tasks = sync_tasks(app.book, paths[0])
    if tasks.folder.files or tasks.folder.kept:
        app.tell(tasks_said(tasks))
        if tasks.change.files and not (json and mode.dry_run):
            write(app, tasks.staged, mode, records=len(tasks.records))
        if not mode.dry_run:
            tasks.finish()
            app.reopen()
    done = sync_cards(app.book, paths[0], options)
    if done.folder.files or done.folder.kept:
        app.tell([*troubles(done.imported), *sync_said(done, paths[0])])
    if done.imported.change.files and not (json and mode.dry_run):
        write(app, done.imported.staged, mode, records=done.imported.touched)
    if not mode.dry_run and done.folder.files:
        done.finish()
    if json:
        click.echo(dumps(as_json(done.imported, {}, dry_run=mode.dry_run)), nl=False)
    return 1 if done.imported.counts["rejected"] else 0


def _clear(app: App, dropped: Sequence[InputFile], done: Import) -> None:
    """Say what becomes of the inbox: what went in moves, the rest stays."""
    from plaincrm.crm.importing.inbox import finish

    moved, stays = finish(app.book, dropped, done)
    if moved:
        app.say(f"{len(moved)} of {len(dropped)} files moved to inbox/done/")
    if stays:
        said = f"{len(stays)} of {len(dropped)} files wait in inbox/, such as {stays[0]}"
        app.say(f"{said}; mend them, or add their people")
    if not dropped:
        app.say("inbox/ is empty")


def _write_rejects(app: App, done: Import, path: str) -> dict[int, str]:
    from plaincrm.core.text.counted import counted
    from plaincrm.crm.importing.run import write_rejects

    written = write_rejects(done, path)
    for number, place in written.items():
        count, file = len(done.rejects[number]), done.sheets[number].path
        verb = "is" if count == 1 else "are"
        app.say(f"{counted(count, 'rejected row')} of {file} {verb} in {place}; mend and import it")
    return written


def _input(path: str) -> InputFile:
    from plaincrm.crm.importing.run import STANDARD_INPUT, InputFile

    return InputFile(path, _standard_input() if path == STANDARD_INPUT else Path(path))


def _standard_input() -> BinaryIO:
    """Standard input, from its start: where another plaincrm was faster, it is read once more."""
    from plaincrm.crm.importing.run import spooled

    context = click.get_current_context()
    known = context.meta
    if _STANDARD_INPUT not in known:
        known[_STANDARD_INPUT] = spooled(sys.stdin.buffer)
        context.find_root().call_on_close(known[_STANDARD_INPUT].close)
    stream: BinaryIO = known[_STANDARD_INPUT]
    stream.seek(0)
    return stream


def _import_options(
    app: App,
    *,
    update: str,
    pipeline: str | None,
    where: str | None,
    new_senders: bool,
    match: Match | None,
    source: str | None,
    again: bool,
    **wishes: str | None,
) -> ImportOptions:
    from plaincrm.crm.importing.run import ImportOptions

    return ImportOptions(
        wishes=_wishes(**wishes),
        update="overwrite" if update == "overwrite" else "fill",
        pipeline=pipeline or "",
        where=[where] if where else [],
        new_senders=new_senders,
        match=match or "",
        again=again,
        source=source or "",
        decide=partial(_decided, app) if app.interactive and match == "ask" else None,
    )


def _wishes(
    preset: str | None,
    kind: str | None,
    map_file: str | None,
    encoding: str | None,
    currency: str | None,
) -> SourceOptions:
    from plaincrm.crm.importing.run import currency_code, mapping_text
    from plaincrm.crm.importing.source import SourceOptions

    text = mapping_text(Path(map_file)) if map_file else ""
    code = currency_code(currency or "")
    return SourceOptions(preset or "", kind or "", text, map_file or "", encoding or "", code)


def _opened(app: App, save_map: str | None, json: bool, sheets: Sequence[SourceFile]) -> None:
    """What is done with the files once they are read: describe them, save how they are mapped."""
    if not json:
        _describe(app, sheets)
    if save_map:
        _save(sheets, save_map)


def _describe(app: App, sheets: Sequence[SourceFile]) -> None:
    """Which column of each file goes where."""
    from plaincrm.views.import_report import mapping

    app.tell(mapping(sheet, app.width) for sheet in sheets[:FEW])
    if len(sheets) > FEW:
        app.say(f"… and {len(sheets) - FEW} more files")


def _bar(app: App, rows: Iterable[T], label: str) -> Iterator[T]:
    """The rows; on a terminal a bar shows how far it is, once there are many."""
    from itertools import chain, islice

    each = iter(rows)
    first = list(islice(each, MANY if app.interactive else 0))
    if len(first) < MANY:
        yield from chain(first, each)
        return
    with click.progressbar(chain(first, each), label=label, file=sys.stderr, show_pos=True) as bar:
        yield from bar


def _save(sheets: Sequence[SourceFile], path: str) -> None:
    from plaincrm.interchange.csv.mapping_file import save

    mappings = [sheet.mapping for sheet in sheets if sheet.mapping]
    if len(mappings) != 1:
        raise UsageError("--save-map wants one file of another program", "import them one by one")
    write_out(path, save(mappings[0]).encode(), b"kind: ")

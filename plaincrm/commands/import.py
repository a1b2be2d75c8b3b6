"""`plaincrm import`: records and log entries from files of other programs, and from plaincrm's own
exports.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._reading import write_out
from plaincrm.commands._types import KindWord
from plaincrm.commands._writing import Mode, write, writing
from plaincrm.errors import NotFound, Refused, UsageError

if TYPE_CHECKING:
    from plaincrm.crm.importing.report import Import
    from plaincrm.crm.importing.source import Sheet, Wishes

T = TypeVar("T")
EPILOG = """\b
Examples:
  plaincrm import contacts.csv -n
  plaincrm import phone.vcf calendar.ics ~/Mail/Archive -y
  plaincrm import accounts.csv opportunities.csv --currency USD -y
"""
MANY = 2000  # rows from which a bar shows how far it is
FEW = 20  # files up to which each is described


@click.command("import", epilog=EPILOG)
@click.argument("paths", metavar="[FILE...]", nargs=-1)
@click.option(
    "--as",
    "preset",
    metavar="PRESET",
    help="The program it comes from: salesforce, hubspot, plain …",
)
@click.option("--kind", type=KindWord(), help="What the rows are.")
@click.option(
    "--map", "map_file", metavar="FILE", help="Which column goes where, from a file of --save-map."
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
    "--new-senders", is_flag=True, help="Make contacts of those who wrote a mail and are not here."
)
@click.option(
    "--pipeline",
    metavar="NAME",
    help="The pipeline of the deals; made of the file's stages if new.",
)
@click.option("--currency", metavar="CODE", help="Of amounts that name none; else the book's.")
@click.option(
    "--rejects", metavar="FILE", help="Where rows go that can't be imported (default: rejects.csv)."
)
@click.option("--json", "json", is_flag=True, help="One JSON object.")
@writing
@pass_app
def command(
    app: App,
    paths: tuple[str, ...],
    preset: str | None,
    kind: str | None,
    map_file: str | None,
    save_map: str | None,
    encoding: str | None,
    where: str | None,
    update: str,
    new_senders: bool,
    pipeline: str | None,
    currency: str | None,
    rejects: str | None,
    json: bool,
    mode: Mode,
) -> int:
    """Read CSV and JSON, vCards, calendars, mail and lines for the log; - is standard input.

    A file is known by its content. A FILE may be a Maildir; without any FILE, what lies in the
    book's inbox/ goes in and moves to inbox/done/. The same file twice changes nothing.

    Columns are known by their names and cells; look at what was chosen with -n. Rows find their
    records by external id, else by e-mail, domain or name. Meetings and mails become log entries of
    the people on them. Exit code 1 if rows were rejected: they wait in a file that can be mended
    and imported again.
    """
    from plaincrm.book.new_file import refuse_existing
    from plaincrm.crm.importing import inbox as import_inbox
    from plaincrm.crm.importing.plan import plan
    from plaincrm.crm.importing.source import Wishes

    if rejects:
        refuse_existing(Path(rejects))
    text = _text(map_file) if map_file else ""
    wishes = Wishes(
        preset or "", kind or "", text, map_file or "", encoding or "", _currency(currency)
    )
    dropped = () if paths else import_inbox.waiting(app.book)
    refused: list[tuple[str, Refused]] = []
    sheets = _sheets(app, paths or dropped, wishes, None if paths else refused, quiet=json)
    if save_map:
        _save(sheets, save_map)
    done = plan(
        app.book,
        sheets,
        update="overwrite" if update == "overwrite" else "fill",
        pipeline=pipeline or "",
        currency=_currency(currency),
        where=[where] if where else (),
        new_senders=new_senders,
    )
    import_inbox.unreadable(done, refused)
    return _finish(app, done, sheets, dropped, rejects, mode, json, not paths)


def _finish(
    app: App,
    done: Import,
    sheets: Sequence[Sheet],
    dropped: Sequence[str],
    rejects: str | None,
    mode: Mode,
    json: bool,
    inbox: bool,
) -> int:
    from plaincrm.views.import_report import as_json, summary, troubles
    from plaincrm.views.rows import dumps

    if not json:
        app.tell(troubles(done))
        app.say(summary(done))
    if not (json and mode.dry_run):
        write(app, done.change, mode, records=done.touched)
    written: dict[int, str] = {}
    if not mode.dry_run:
        if inbox:
            _clear(app, dropped, done)
        else:
            written = _write_rejects(app, done, sheets, rejects)
    if json:
        click.echo(dumps(as_json(done, sheets, written, dry_run=mode.dry_run)), nl=False)
    return 1 if done.counts["rejected"] else 0


def _clear(app: App, dropped: Sequence[str], done: Import) -> None:
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


def _sheets(
    app: App,
    paths: Sequence[str],
    wishes: Wishes,
    refused: list[tuple[str, Refused]] | None,
    *,
    quiet: bool,
) -> list[Sheet]:
    """Each file read. With `refused` (of the inbox) a file that can't be read goes there and stops
    no other.
    """
    from plaincrm.views.import_report import mapping

    sheets = []
    for path in paths:
        try:
            sheets.append(_sheet(app, path, wishes, app.root if refused is not None else Path()))
        except Refused as error:
            if refused is None:
                raise
            refused.append((path, error))
    if not quiet:
        app.tell(mapping(sheet, app.width) for sheet in sheets[:FEW])
        if len(sheets) > FEW:
            app.say(f"… and {len(sheets) - FEW} more files")
    return sheets


def _sheet(app: App, path: str, wishes: Wishes, root: Path) -> Sheet:
    """One file. That of a table stays open until the command ends, since it is walked more than
    once.
    """
    from plaincrm.crm.importing.read import open_sheet

    place = root / path
    if path != "-" and place.is_dir():
        return _maildir(app, path)
    with ExitStack() as stack:
        stream = stack.enter_context(_open(path if path == "-" else str(place)))
        sheet = open_sheet(stream, path, app.book, wishes, partial(_bar, app))
        if sheet.mapping:
            click.get_current_context().call_on_close(stack.pop_all().close)
    return sheet


def _maildir(app: App, path: str) -> Sheet:
    from plaincrm.book.inbox import is_maildir, maildir
    from plaincrm.crm.importing.readers import of_mails

    if not is_maildir(Path(path)):
        raise UsageError(
            f"{path} is a folder, and no Maildir", "name its files, as in FOLDER/*.eml"
        )
    mails = [str(each) for each in maildir(Path(path))]
    parts = dict(enumerate(mails, 1))
    return of_mails(_bar(app, map(_bytes, mails), f"Reading {path}"), path, "eml", app.book, parts)


def _bytes(path: str) -> bytes:
    from plaincrm.interchange.mail.inbound import LONGEST_MAIL

    with _open(path) as stream:
        return stream.read(LONGEST_MAIL)


def _open(path: str) -> BinaryIO:
    if path == "-":
        return _spooled(sys.stdin.buffer)
    try:
        return open(path, "rb")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NotFound(
            f"{path}: {reason}", "name a file, a Maildir, or - for standard input"
        ) from None


def _spooled(given: BinaryIO) -> BinaryIO:
    """What a pipe gives, to be read twice; if it is much, from a file that has no name."""
    from shutil import copyfileobj
    from tempfile import SpooledTemporaryFile
    from typing import cast

    stream = SpooledTemporaryFile(max_size=1 << 24)  # noqa: SIM115, since it ends with the run
    copyfileobj(given, stream)
    stream.seek(0)
    return cast("BinaryIO", stream)


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


def _save(sheets: Sequence[Sheet], path: str) -> None:
    from plaincrm.interchange.csv.mapping_file import save

    mappings = [sheet.mapping for sheet in sheets if sheet.mapping]
    if len(mappings) != 1:
        raise UsageError("--save-map wants one file of another program", "import them one by one")
    write_out(path, save(mappings[0]).encode(), b"kind: ")


def _text(path: str) -> str:
    with _open(path) as stream:
        try:
            return stream.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UsageError(
                f"{path} is not UTF-8", "a mapping is what --save-map writes"
            ) from None


def _currency(code: str | None) -> str:
    if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise UsageError(f'"{code}" is no currency code', "write it as USD")
    return (code or "").upper()


def _write_rejects(
    app: App, done: Import, sheets: Sequence[Sheet], path: str | None
) -> dict[int, str]:
    """A file for each one that has rejects, under a name that is free; the owner's only."""
    from plaincrm.book.new_file import write_new

    written = {}
    for number, rejects in done.rejects.items():
        wanted = Path(path or sheets[number].rejects_name)
        place = next(p for p in _numbered(wanted) if not p.exists())
        write_new(place, sheets[number].rejected(rejects).encode("utf-8", "surrogateescape"))
        written[number] = str(place)
        app.say(
            f"{len(rejects)} rejected rows of {sheets[number].path} are in {place}; mend and"
            " import it"
        )
    return written


def _numbered(path: Path) -> Iterable[Path]:
    from itertools import count

    yield path
    yield from (path.with_stem(f"{path.stem}-{number}") for number in count(2))

"""Import files: open them, read them, stage what they say. `plaincrm import`, `watch` and scripts
call it.

    done = run(book, [InputFile("contacts.csv", Path("contacts.csv"))])
    done.change.commit()
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from plaincrm.crm.importing.report import Import, RowResult
from plaincrm.crm.importing.source import Progress, SourceFile, SourceOptions
from plaincrm.errors import NotFound, Refused, UsageError

if TYPE_CHECKING:
    from plaincrm.crm.book import Book
    from plaincrm.crm.importing.identity import Decide, Match
    from plaincrm.crm.importing.record_writer import Update
    from plaincrm.crm.importing.related_files import TablePlan
    from plaincrm.interchange.mail.mail_stream import RawMail

STANDARD_INPUT = "-"
MAPPING_SUFFIX = ".map.yaml"
"""How the file ends that says how the table beside it is read: `rejects.map.yaml`."""
SPOOLED = 1 << 24  # bytes of a pipe that are held in memory; more go to a temporary file


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to import: its `name` as messages show it, and where its bytes are.

    A path may be that of a Maildir, or of a folder of Maildirs, cards or mails. A stream is read
    once, from where it stands.
    """

    name: str
    content: Path | BinaryIO


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How files are read, and what they may change.

    `update` "fill" sets only blank fields of records that are here, "overwrite" also those that
    differ. `where` is a query that rows have to match. `pipeline` is that of the deals, made from
    the stages of the files if it is new. With `new_senders` who wrote a mail and is not here
    becomes a contact. `match` is the weakest proof by which a row is taken for a record.
    `again`: somebody who was forgotten comes back on their own. `source` is that of new records
    whose row names none. `decide` is asked who a row is about whose name alone is known.
    """

    wishes: SourceOptions = field(default_factory=SourceOptions)
    update: Update = "fill"
    pipeline: str = ""
    where: Sequence[str] = ()
    new_senders: bool = False
    match: Match = ""
    again: bool = False
    source: str = ""
    decide: Decide | None = None


def no_progress(rows: Iterable[Any], _: str) -> Iterable[Any]:
    """The rows as they are: nobody is told how far it is."""
    return rows


def run(
    book: Book,
    files: Sequence[InputFile],
    options: ImportOptions | None = None,
    progress: Progress[Any] = no_progress,
    *,
    opened: Callable[[Sequence[SourceFile]], None] | None = None,
    skip_unreadable: bool = False,
) -> Import:
    """Stage the import of files; `commit` of its change writes it.

    `opened` is called with the files as they were read, before anything is planned. With
    `skip_unreadable` a file that can't be read is a reject of its own and stops no other.

    Raises NotFound for a file that is not there, UsageError for a folder without anything to import
    and for options that name nothing, Refused for a file that can't be imported, QueryError.
    """
    from plaincrm.crm.importing.plan import plan

    options = options or ImportOptions()
    given = _in_turn(book, files, options.wishes)
    unreadable: list[RowResult] | None = [] if skip_unreadable else None
    with ExitStack() as streams:
        reading = partial(read_file, book, wishes=options.wishes, progress=progress)
        sheets = _read_all(given, partial(reading, streams=streams), unreadable)
        if opened is not None:
            opened(sheets)
        done = plan(
            book,
            sheets,
            update=options.update,
            pipeline=options.pipeline,
            currency=options.wishes.currency,
            where=options.where,
            new_senders=options.new_senders,
            match=options.match,
            again=options.again,
            source=options.source,
            decide=options.decide,
        )
    done.sheets = sheets
    done.rows.extend(unreadable or ())
    return done


def _read_all(
    files: Iterable[tuple[InputFile, TablePlan | None]],
    read: Callable[..., SourceFile],
    unreadable: list[RowResult] | None,
) -> list[SourceFile]:
    """Every file, read. One that can't be read becomes a reject among the `unreadable`; where that
    is None, it raises Refused.
    """
    sheets: list[SourceFile] = []
    for file, plan in files:
        try:
            sheets.append(read(file, plan=plan))
        except Refused as error:
            if unreadable is None:
                raise
            unreadable.append(_unreadable(file.name, error))
    return sheets


def _plans(
    book: Book, files: Sequence[InputFile], wishes: SourceOptions
) -> Mapping[Path, TablePlan]:
    """How those files are read that are tables of one system; empty for a single one."""
    paths = [file.content for file in files if isinstance(file.content, Path)]
    tables = [path for path in paths if path.is_file() and path.suffix.casefold() in _TABLES]
    if len(tables) < 2 or wishes.table or wishes.kind:
        return {}
    from plaincrm.crm.importing.related_files import survey

    own = (path.with_suffix(MAPPING_SUFFIX).is_file() for path in tables)
    return survey(book, [path for path, mapped in zip(tables, own, strict=True) if not mapped])


def _in_turn(
    book: Book, files: Iterable[InputFile], wishes: SourceOptions
) -> list[tuple[InputFile, TablePlan | None]]:
    """The files as they are read: tables that others refer to before them, else as given."""
    every = [each for file in files for each in _expanded(file)]
    plans = _plans(book, every, wishes)
    found = [(f, plans.get(f.content) if isinstance(f.content, Path) else None) for f in every]
    return sorted(found, key=lambda pair: pair[1].turn if pair[1] else 0)


_TABLES = frozenset({".csv", ".tsv", ".tab", ".txt", ""})


def read_file(
    book: Book,
    file: InputFile,
    wishes: SourceOptions,
    progress: Progress[Any],
    streams: ExitStack,
    plan: TablePlan | None = None,
) -> SourceFile:
    """One file or Maildir, told apart by its content, or a table by its `plan`.

    A table stays open until `streams` close, since its rows are read more than once."""
    from plaincrm.crm.importing.read import open_sheet

    if isinstance(file.content, Path) and file.content.is_dir():
        return _read_maildir(book, file.content, file.name, progress)
    wishes = _with_companion(file, wishes)
    with ExitStack() as own:
        stream = own.enter_context(_open(file.content))
        sheet = open_sheet(stream, file.name, book, wishes, progress, plan)
        if sheet.mapping:
            streams.push(own.pop_all())
    return sheet


_FILES = frozenset({".vcf", ".vcard", ".eml", ".ics", ".mbox"})
"""The files that a folder is imported for: an address book or calendar of one file a card (vdir),
mails that were saved."""


def _expanded(file: InputFile) -> Iterator[InputFile]:
    """A folder that is no Maildir as the Maildirs and files in it, at any depth. Raises UsageError
    for one that has none."""
    from plaincrm.book.inbox import is_maildir

    folder = file.content
    if not isinstance(folder, Path) or not folder.is_dir() or is_maildir(folder):
        yield file
        return
    found = []
    for each in sorted(folder.rglob("*")):
        if any(is_maildir(above) for above in each.parents if above.is_relative_to(folder)):
            continue
        wanted = each.suffix.casefold() in _FILES and each.is_file() and not each.is_symlink()
        if wanted or (each.is_dir() and is_maildir(each)):
            found.append(InputFile(f"{file.name.rstrip('/')}/{each.relative_to(folder)}", each))
    if not found:
        raise UsageError(
            f"{file.name} is a folder without mails, cards or calendars",
            "name its files, as in FOLDER/*.csv",
        )
    yield from found


def _with_companion(file: InputFile, wishes: SourceOptions) -> SourceOptions:
    """The wishes with the mapping that lies beside a file of rejects; one that is given goes
    before."""
    if not isinstance(file.content, Path) or wishes.table or wishes.kind:
        return wishes
    companion = file.content.with_suffix(MAPPING_SUFFIX)
    if not file.content.name.startswith("rejects") or not companion.is_file():
        return wishes
    text = mapping_text(companion)
    return replace(wishes, mapping=text, mapping_path=str(companion))


def write_rejects(done: Import, path: str = "") -> dict[int, str]:
    """Write a new file for each file that has rejected rows, and give their paths by the number of
    the file.

    Without `path` it is `rejects.csv` or the like. A name that is taken gets a number. They hold
    people's data: where they lie in the repo of the book, git is told to ignore them first.
    """
    from plaincrm.book.git.exclude import keep_out
    from plaincrm.book.new_file import write_new
    from plaincrm.interchange.csv.mapping_file import save

    written = {}
    for number, rejects in done.rejects.items():
        sheet = done.sheets[number]
        wanted = Path(path or sheet.rejects_name)
        place = next(each for each in _numbered(wanted) if not each.exists())
        companion = place.with_suffix(MAPPING_SUFFIX)
        keep_out(done.change.book.root, [place, companion])
        write_new(place, sheet.rejected(rejects).encode("utf-8", "surrogateescape"))
        written[number] = str(place)
        if sheet.mapping and not sheet.only_new and not companion.exists():
            write_new(companion, save(sheet.mapping).encode())
    return written


def currency_code(code: str) -> str:
    """A currency code in capitals; empty stays empty. Raises UsageError for what is none."""
    if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise UsageError(f'"{code}" is no currency code', "write it as USD")
    return code.upper()


def mapping_text(path: Path) -> str:
    """The text of a mapping file. Raises NotFound, UsageError where it is not UTF-8."""
    with _open(path) as stream:
        try:
            return stream.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UsageError(
                f"{path} is not UTF-8", "a mapping is what --save-map writes"
            ) from None


def _unreadable(name: str, error: Refused) -> RowResult:
    reason = error.message.removeprefix(f"{name}: ")
    if error.hint:
        reason = f"{reason}; {error.hint}"
    return RowResult(name, 0, "rejected", reason=reason)


def _read_maildir(book: Book, folder: Path, name: str, progress: Progress[Any]) -> SourceFile:
    from plaincrm.book.inbox import maildir
    from plaincrm.crm.importing.readers import of_mails

    mails = list(maildir(folder))
    parts: Mapping[int, str] = dict(enumerate(map(str, mails), 1))
    data = progress(map(_read_mail, mails), f"Reading {name}")
    return of_mails(data, name, "eml", book, parts)


def _read_mail(path: Path) -> RawMail:
    from plaincrm.interchange.mail.mail_stream import LONGEST_MAIL, RawMail

    with _open(path) as stream:
        return RawMail(stream.read(LONGEST_MAIL))


def _open(content: Path | BinaryIO) -> BinaryIO:
    if not isinstance(content, Path):
        return spooled(content)
    try:
        return content.open("rb")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NotFound(
            f"{content}: {reason}", "name a file, a Maildir, or - for standard input"
        ) from None


def spooled(given: BinaryIO) -> BinaryIO:
    """What a pipe gives, to be read more than once; much of it lies in a file without a name."""
    from shutil import copyfileobj
    from tempfile import SpooledTemporaryFile
    from typing import cast

    stream = SpooledTemporaryFile(max_size=SPOOLED)  # noqa: SIM115 (the caller closes it)
    copyfileobj(given, stream)
    stream.seek(0)
    return cast("BinaryIO", stream)


def _numbered(path: Path) -> Iterator[Path]:
    yield path
    yield from (path.with_stem(f"{path.stem}-{number}") for number in count(2))
